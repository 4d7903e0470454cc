import { createReadStream } from 'node:fs'
import { lstat, opendir, readFile, readlink, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import type { Stats } from 'node:fs'
import { StemmaError } from '../errors.ts'
import type { Digest } from '../fact/digest.ts'
import { fileUri, filePath } from '../fact/uri.ts'
import type { Entry, FileSource, Stat } from './source.ts'

/** Decides whether a file is hashed, and hashes it: `undefined` when the policy says no. */
export type Hasher = (localPath: string, stat: Stat) => Promise<Digest | undefined>

const GONE = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'])

/** Leftovers in a local folder, or a single file (then `''` is that file). */
export async function openFolder(path: string, hasher: Hasher): Promise<FileSource> {
  const root = await realpath(path).catch((cause: unknown) => {
    throw new StemmaError('source.not-found', `cannot open the source: "${path}"`, { cause, detail: { path } })
  })
  return folderSource(root, hasher)
}

function folderSource(root: string, hasher: Hasher): FileSource {
  const inside = (path: string): string | undefined => insidePath(root, path)
  const source: FileSource = {
    kind: 'files',
    uri: fileUri(root),
    list: (folder) => listFolder(inside(folder)),
    stat: async (path) => toStat(await quietly(inside(path), (local) => stat(local))),
    lstat: async (path) => toStat(await quietly(inside(path), (local) => lstat(local))),
    readLink: async (path) => quietly(inside(path), (local) => readlink(local)),
    open: (path, range) => openFile(inside(path), path, range),
    async readBytes(path, maxBytes) {
      const local = inside(path)
      const found = await quietly(local, (path) => stat(path))
      if (local === undefined || found === undefined || !found.isFile()) return undefined
      if (found.size > maxBytes) {
        throw new StemmaError('source.unreadable', `larger than ${String(maxBytes)} bytes: "${local}"`, {
          detail: { path: local },
        })
      }
      return readFile(local).catch((cause: unknown) => unreadable(local, cause))
    },
    async readText(path, maxBytes) {
      const bytes = await source.readBytes(path, maxBytes)
      return bytes === undefined ? undefined : new TextDecoder().decode(bytes)
    },
    async digest(path) {
      const local = inside(path)
      const found = await source.stat(path)
      return local === undefined || found === undefined ? undefined : hasher(local, found)
    },
    localPath: inside,
    async reach(place) {
      const other = place.startsWith('file://') ? filePath(place) : place
      if (other?.startsWith('/') !== true) return undefined
      const real = await quietly(other, (path) => realpath(path))
      const found = await quietly(real, (path) => stat(path))
      return real === undefined || found?.isDirectory() !== true ? undefined : folderSource(real, hasher)
    },
  }
  return source
}

/** The local path, or `undefined` when `path` would leave the root. */
function insidePath(root: string, path: string): string | undefined {
  if (path.includes('\0')) return undefined
  const local = join(root, path)
  return local === root || local.startsWith(root === sep ? sep : root + sep) ? local : undefined
}

async function quietly<T>(path: string | undefined, ask: (path: string) => Promise<T>): Promise<T | undefined> {
  if (path === undefined) return undefined
  try {
    return await ask(path)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
    if (GONE.has(code) || code === 'EINVAL') return undefined // EINVAL: readlink of what is no link
    return unreadable(path, cause)
  }
}

function unreadable(path: string, cause: unknown): never {
  throw new StemmaError('source.unreadable', `cannot read: "${path}"`, { cause, detail: { path } })
}

async function* listFolder(path: string | undefined): AsyncIterable<Entry> {
  const folder = await quietly(path, opendir)
  if (folder === undefined) return
  const entries: Entry[] = []
  for await (const found of folder) {
    const type = found.isFile() ? 'file' : found.isDirectory() ? 'folder' : found.isSymbolicLink() ? 'link' : 'other'
    entries.push({ name: found.name, type })
  }
  yield* entries.sort((a, b) => (a.name < b.name ? -1 : 1))
}

async function* openFile(
  path: string | undefined,
  asked: string,
  range: { start?: number; end?: number } = {},
): AsyncIterable<Uint8Array> {
  if (path === undefined) throw new StemmaError('source.not-found', `leaves the source: "${asked}"`)
  const start = range.start ?? 0
  if (range.end !== undefined && range.end <= start) return
  try {
    yield* createReadStream(path, {
      start,
      ...(range.end === undefined ? {} : { end: range.end - 1 }),
      highWaterMark: 1 << 18,
    })
  } catch (cause) {
    unreadable(path, cause)
  }
}

function toStat(found: Stats | undefined): Stat | undefined {
  if (found === undefined) return undefined
  const type = found.isFile() ? 'file' : found.isDirectory() ? 'folder' : found.isSymbolicLink() ? 'link' : 'other'
  return { type, sizeBytes: found.size, modifiedMs: found.mtimeMs, fileId: `${String(found.dev)}:${String(found.ino)}` }
}
