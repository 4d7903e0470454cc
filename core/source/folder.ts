import { createReadStream, lstatSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { lstat, readdir, readFile, readlink, realpath, stat } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import type { Dirent, Stats } from 'node:fs'
import { StemmaError } from '../errors.ts'
import type { Digest } from '../fact/digest.ts'
import { fileUri, filePath } from '../fact/uri.ts'
import { PROJECT_FOLDER } from '../config/project-folder.ts'
import { askDisk } from './ask-disk.ts'
import { decodeFileName, encodeFilePath } from './file-name.ts'
import type { Entry, FileSource, Stat } from './source.ts'
import { saysNothingThere, systemErrorCode } from '../system-error.ts'

/** Decides whether a file is hashed, and hashes it: `undefined` when the policy says no. */
export type Hasher = (localPath: string, stat: Stat) => Promise<Digest | undefined>

const CHUNK_BYTES = 1 << 18
/** Larger files are read beside the main thread. */
const AT_ONCE_BYTES = 1 << 18
/** Folders known to lie inside, links resolved. */
const MOST_INSIDE = 5_000

/** Leftovers in a local folder, or a single file (then `''` is that file). */
export async function openFolder(path: string, hasher: Hasher): Promise<FileSource> {
  const root = await realPath(path).catch((cause: unknown) => {
    if (!saysNothingThere(cause)) return unreadable(path, cause)
    throw new StemmaError('source.not-found', `nothing is there: "${path}"`, { cause, detail: { path } })
  })
  return folderSource(root, hasher)
}

function folderSource(root: string, hasher: Hasher): FileSource {
  const inside = (path: string): string | undefined => insidePath(root, path)
  const guard = new LinkGuard(root)
  const source: FileSource = {
    kind: 'files',
    uri: fileUri(root),
    list: (folder) => listFolder(inside(folder)),
    stat: async (path) => toStat(await quietly(inside(path), statAny)),
    lstat: async (path) => toStat(await quietly(inside(path), lstatAny)),
    readLink: (path) => quietly(inside(path), async (local) => decodeFileName(await readlink(local, 'buffer'))),
    open: (path, range) => openFile(root, path, guard, range),
    async readBytes(path, maxBytes) {
      const local = inside(path)
      const lies = await quietly(local, lstatAny)
      const found = lies?.isSymbolicLink() === true ? await quietly(local, statAny) : lies
      if (local === undefined || !found?.isFile()) return undefined
      if (found.size > maxBytes) throw refused(local, `larger than ${String(maxBytes)} bytes`)
      await guard.refuseLinkOut(local, lies)
      return readWhole(local, found.size)
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
    reach: (place) => reachFolder(place, hasher),
  }
  return source
}

async function reachFolder(place: string, hasher: Hasher): Promise<FileSource | undefined> {
  const other = place.startsWith('/') ? place : filePath(place)
  if (other?.startsWith('/') !== true || other.includes('\0')) return undefined
  try {
    const real = await realPath(other)
    if (!(await stat(encodeFilePath(real))).isDirectory()) return undefined
    await readdir(encodeFilePath(real)) // may it be read?
    return folderSource(real, hasher)
  } catch (cause) {
    if (saysNothingThere(cause) || systemErrorCode(cause) === 'EACCES' || systemErrorCode(cause) === 'EPERM')
      return undefined
    return unreadable(other, cause)
  }
}

/** The local path, or `undefined` when `path` would leave the root. */
/** Not the empty path, and nothing to put right in it: joining is adding. */
const TIDY = /^(?!.*(?:^|\/)\.{0,2}(?:\/|$))[^\0\\]+$/s

function insidePath(root: string, path: string): string | undefined {
  if (sep === '/' && root !== sep && TIDY.test(path)) return `${root}/${path}`
  if (path.includes('\0')) return undefined
  const local = join(root, path)
  return isWithin(root, local) ? local : undefined
}

function isWithin(root: string, path: string): boolean {
  return path === root || path.startsWith(root === sep ? sep : root + sep)
}

/** Leftovers may hold a link to anything that the user can read: what lies outside of them is not taken in. */
class LinkGuard {
  readonly #root: string
  readonly #inside = new Set<string>()

  constructor(root: string) {
    this.#root = root
  }

  /** `lies`: what `lstat` told of it, if it was asked before. */
  async refuseLinkOut(local: string, lies?: Stats): Promise<void> {
    const isIn = await this.#isInside(local, lies).catch((cause: unknown) => unreadable(local, cause))
    if (!isIn) throw refused(local, 'a link that leads out of the source')
  }

  /** What is no link lies where its folder lies, and of a folder that is asked once. */
  async #isInside(local: string, lies?: Stats): Promise<boolean> {
    if (local === this.#root || this.#inside.has(local)) return true
    const found = lies ?? (await lstatAny(encodeFilePath(local)))
    if (found?.isSymbolicLink() !== false) return isWithin(this.#root, await realPath(local))
    if (!(await this.#isInside(dirname(local)))) return false
    if (!found.isDirectory()) return true
    if (this.#inside.size >= MOST_INSIDE) this.#inside.clear()
    this.#inside.add(local)
    return true
  }
}

async function realPath(path: string): Promise<string> {
  const bytes = encodeFilePath(path)
  return decodeFileName(
    await askDisk(
      () => realpathSync.native(bytes, 'buffer'),
      () => realpath(bytes, 'buffer'),
    ),
  )
}

function statAny(local: string | Buffer): Promise<Stats | undefined> {
  return askDisk(
    () => statSync(local, { throwIfNoEntry: false }),
    () => stat(local),
  )
}

function lstatAny(local: string | Buffer): Promise<Stats | undefined> {
  return askDisk(
    () => lstatSync(local, { throwIfNoEntry: false }),
    () => lstat(local),
  )
}

async function readWhole(local: string, sizeBytes: number): Promise<Uint8Array> {
  const path = encodeFilePath(local)
  try {
    if (sizeBytes > AT_ONCE_BYTES) return await readFile(path)
    return await askDisk(
      () => readFileSync(path),
      () => readFile(path),
    )
  } catch (cause) {
    return unreadable(local, cause)
  }
}

async function quietly<T>(
  path: string | undefined,
  ask: (path: string | Buffer) => Promise<T>,
): Promise<T | undefined> {
  if (path === undefined) return undefined
  try {
    return await ask(encodeFilePath(path))
  } catch (cause) {
    if (saysNothingThere(cause) || systemErrorCode(cause) === 'EINVAL') return undefined // EINVAL: readlink of what is no link
    return unreadable(path, cause)
  }
}

function unreadable(path: string, cause: unknown): never {
  const why = systemErrorCode(cause) === 'EACCES' ? 'no permission to read' : 'cannot read'
  throw new StemmaError('source.unreadable', `${why}: "${path}"`, { cause, detail: { path } })
}

function refused(path: string, why: string): StemmaError {
  return new StemmaError('source.unreadable', `not read, ${why}: "${path}"`, { detail: { path } })
}

async function* listFolder(path: string | undefined): AsyncIterable<Entry> {
  const found = await quietly(path, (local) => readdir(local, { withFileTypes: true }))
  if (found === undefined) return
  const entries = (await namesOf(path, found)).filter(({ name }) => name !== PROJECT_FOLDER) // ours, nobody's leftovers
  yield* entries.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** U+FFFD stands where a name was no UTF-8 (or holds that very character): read again as bytes. */
async function namesOf(path: string | undefined, found: Dirent[]): Promise<Entry[]> {
  if (!found.some(({ name }) => name.includes('\uFFFD'))) {
    return found.map((entry) => ({ name: entry.name, type: typeOf(entry) }))
  }
  const raw = await quietly(path, (local) => readdir(local, { withFileTypes: true, encoding: 'buffer' }))
  return (raw ?? []).map((entry) => ({ name: decodeFileName(entry.name), type: typeOf(entry) }))
}

async function* openFile(
  root: string,
  asked: string,
  guard: LinkGuard,
  range: { readonly start?: number; readonly end?: number } = {},
): AsyncIterable<Uint8Array> {
  const path = insidePath(root, asked)
  const found = await quietly(path, statAny)
  if (path === undefined || found === undefined) {
    throw new StemmaError('source.not-found', `nothing is there: "${asked}"`, { detail: { path: asked } })
  }
  // A pipe among leftovers would never end; one that the user named (`<(zcat facts.gz)`) is meant.
  if (!found.isFile() && (asked !== '' || found.isDirectory())) throw refused(path, 'no file')
  await guard.refuseLinkOut(path)
  const start = range.start ?? 0
  if (range.end !== undefined && range.end <= start) return
  const end = range.end === undefined ? {} : { end: range.end - 1 }
  try {
    yield* createReadStream(encodeFilePath(path), { start, ...end, highWaterMark: CHUNK_BYTES })
  } catch (cause) {
    unreadable(path, cause)
  }
}

function typeOf(found: Stats | Dirent | Dirent<Buffer>): Stat['type'] {
  return found.isFile() ? 'file' : found.isDirectory() ? 'folder' : found.isSymbolicLink() ? 'link' : 'other'
}

function toStat(found: Stats | undefined): Stat | undefined {
  if (found === undefined) return undefined
  const fileId = `${String(found.dev)}:${String(found.ino)}`
  return { type: typeOf(found), sizeBytes: found.size, modifiedMs: found.mtimeMs, fileId }
}
