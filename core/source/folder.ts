import { createReadStream, readdirSync } from 'node:fs'
import { readdir, readlink, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import type { Dirent } from 'node:fs'
import { isStemmaError, StemmaError } from '../errors.ts'
import type { Digest } from '../fact/digest.ts'
import { fileUri, filePath } from '../fact/uri.ts'
import { PROJECT_FOLDER } from '../config/project-folder.ts'
import { allOf, goOn, type Answer } from './answer.ts'
import { askDisk } from './ask-disk.ts'
import { decodeFileName, encodeFilePath } from './file-name.ts'
import { isWithin, LinkGuard } from './link-guard.ts'
import { lstatLocal, quietly, quietlyBeside, readLocal, refused, statLocal, typeOf, unreadable } from './local-file.ts'
import type { Entry, FileSource, Found, Stat, Wanted } from './source.ts'
import { saysNothingThere, systemErrorCode } from '../system-error.ts'

/** Decides whether a file is hashed, and hashes it: `undefined` when the policy says no. */
export type Hasher = (localPath: string, stat: Stat) => Answer<Digest | undefined>

const CHUNK_BYTES = 1 << 18

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
  return {
    kind: 'files',
    uri: fileUri(root),
    list: (folder) => listFolder(inside(folder)),
    stat: async (path) => statAny(inside(path)),
    lstat: async (path) => lookAt(guard, inside(path)),
    readLink: (path) => readLinkAt(inside(path)),
    open: (path, range) => openFile(root, path, guard, range),
    readBytes: async (path, maxBytes) => (await readInside(guard, inside(path), maxBytes))?.bytes,
    readText: async (path, maxBytes) => decodeText((await readInside(guard, inside(path), maxBytes))?.bytes),
    look: async (wanted) => lookAtAll(guard, inside, wanted),
    async digest(path) {
      const local = inside(path)
      const found = await statAny(local)
      return local === undefined || found === undefined ? undefined : hasher(local, found)
    },
    localPath: inside,
    reach: (place) => reachFolder(place, hasher),
  }
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

/** An empty part of a path, `.` or `..`, or a character that is none of a name: to be put right before joining. */
const UNTIDY = /(?:^|\/)\.{0,2}(?:\/|$)|[\0\\]/

/** The local path, or `undefined` when `path` would leave the root. */
function insidePath(root: string, path: string): string | undefined {
  if (sep === '/' && root !== sep && !UNTIDY.test(path)) return `${root}/${path}`
  if (path.includes('\0')) return undefined
  const local = join(root, path)
  return isWithin(root, local) ? local : undefined
}

async function realPath(path: string): Promise<string> {
  return decodeFileName(await realpath(encodeFilePath(path), 'buffer'))
}

function statAny(local: string | undefined): Answer<Stat | undefined> {
  return local === undefined ? undefined : statLocal(local)
}

function lookAt(guard: LinkGuard, local: string | undefined): Answer<Stat | undefined> {
  if (local === undefined) return undefined
  return goOn(lstatLocal(local), (found) => {
    if (found?.type === 'folder') guard.noteFolder(local)
    return found
  })
}

/** What lies below a folder that is not there is not asked for. */
function lookAtAll(
  guard: LinkGuard,
  inside: (path: string) => string | undefined,
  wanted: readonly Wanted[],
): Answer<readonly (Found | StemmaError | undefined)[]> {
  const answers: Answer<Found | StemmaError | undefined>[] = []
  let gone: string | undefined
  for (const { path, maxBytes } of wanted) {
    const isGone = gone !== undefined && path.startsWith(gone)
    const answer = isGone ? undefined : lookOrError(guard, inside(path), maxBytes)
    if (answer === undefined && !isGone) gone = `${path}/`
    answers.push(answer)
  }
  return allOf(answers)
}

function lookOrError(
  guard: LinkGuard,
  local: string | undefined,
  maxBytes: number | undefined,
): Answer<Found | StemmaError | undefined> {
  try {
    const answer =
      maxBytes === undefined
        ? goOn(lookAt(guard, local), (found) => found && { stat: found })
        : readInside(guard, local, maxBytes)
    return answer instanceof Promise ? answer.catch(asError) : answer
  } catch (cause) {
    return asError(cause)
  }
}

function asError(cause: unknown): StemmaError {
  if (isStemmaError(cause)) return cause
  throw cause
}

/** The file at a path or behind a link there that stays inside. */
function readInside(guard: LinkGuard, local: string | undefined, maxBytes: number): Answer<Found | undefined> {
  if (local === undefined) return undefined
  return goOn(readLocal(local, maxBytes, false), (found) => {
    if (found === 'unopened') return readBehind(guard, local, maxBytes)
    if (found?.bytes !== undefined) refuseOutside(guard, local, false)
    return found
  })
}

async function readBehind(guard: LinkGuard, local: string, maxBytes: number): Promise<Found | undefined> {
  const found = await statLocal(local)
  if (found?.type !== 'file') return found && { stat: found }
  if (found.sizeBytes > maxBytes) throw refused(local, `larger than ${String(maxBytes)} bytes`)
  refuseOutside(guard, local, true)
  const read = await readLocal(local, maxBytes, true)
  return read === 'unopened' ? undefined : read
}

function refuseOutside(guard: LinkGuard, local: string, isLink?: boolean): void {
  if (quietly(local, () => guard.isInside(local, isLink)) !== true)
    throw refused(local, 'a link that leads out of the source')
}

/** UTF-8, bad bytes replaced, without the mark at its beginning that some programs write. */
function decodeText(bytes: Uint8Array | undefined): string | undefined {
  if (bytes === undefined) return undefined
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  return text.startsWith('\uFEFF') ? text.slice(1) : text
}

async function readLinkAt(local: string | undefined): Promise<string | undefined> {
  if (local === undefined) return undefined
  return quietlyBeside(local, async () => {
    try {
      return decodeFileName(await readlink(encodeFilePath(local), 'buffer'))
    } catch (cause) {
      if (systemErrorCode(cause) === 'EINVAL') return undefined // it is no link
      throw cause
    }
  })
}

async function* listFolder(path: string | undefined): AsyncIterable<Entry> {
  const found = path === undefined ? undefined : await membersOf(path)
  if (found === undefined) return
  const entries = found.filter(({ name }) => name !== PROJECT_FOLDER) // ours, nobody's leftovers
  yield* entries.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** U+FFFD stands where a name was no UTF-8 (or holds that very character): read again as bytes. */
async function membersOf(local: string): Promise<Entry[] | undefined> {
  const path = encodeFilePath(local)
  const found = await askDisk<Dirent[] | undefined>(
    () => quietly(local, () => readdirSync(path, { withFileTypes: true })),
    () => quietlyBeside(local, () => readdir(path, { withFileTypes: true })),
  )
  if (found?.some(({ name }) => name.includes('\uFFFD')) !== true) {
    return found?.map((entry) => ({ name: entry.name, type: typeOf(entry) }))
  }
  const raw = await quietlyBeside(local, () => readdir(path, { withFileTypes: true, encoding: 'buffer' }))
  return raw?.map((entry) => ({ name: decodeFileName(entry.name), type: typeOf(entry) }))
}

async function* openFile(
  root: string,
  asked: string,
  guard: LinkGuard,
  range: { readonly start?: number; readonly end?: number } = {},
): AsyncIterable<Uint8Array> {
  const path = insidePath(root, asked)
  const found = await statAny(path)
  if (path === undefined || found === undefined) {
    throw new StemmaError('source.not-found', `nothing is there: "${asked}"`, { detail: { path: asked } })
  }
  // A pipe among leftovers would never end; one that the user named (`<(zcat facts.gz)`) is meant.
  if (found.type !== 'file' && (asked !== '' || found.type === 'folder')) throw refused(path, 'no file')
  refuseOutside(guard, path)
  const start = range.start ?? 0
  if (range.end !== undefined && range.end <= start) return
  const end = range.end === undefined ? {} : { end: range.end - 1 }
  try {
    yield* createReadStream(encodeFilePath(path), { start, ...end, highWaterMark: CHUNK_BYTES })
  } catch (cause) {
    unreadable(path, cause)
  }
}
