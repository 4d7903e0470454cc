import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  statSync,
  type Dirent,
  type Stats,
} from 'node:fs'
import { lstat, open, stat } from 'node:fs/promises'
import { isStemmaError, StemmaError } from '../errors.ts'
import { saysNothingThere, systemErrorCode } from '../system-error.ts'
import { goOn, type Answer } from './answer.ts'
import { askDisk } from './ask-disk.ts'
import { encodeFilePath } from './file-name.ts'
import type { Found, Stat } from './source.ts'

/** A pipe must not be waited for. */
const PLAIN = constants.O_RDONLY | constants.O_NONBLOCK
/** A link is refused by the system itself: to ask before would be one call more. */
const NO_LINK = PLAIN | constants.O_NOFOLLOW
/** Larger files are read beside the main thread. */
const AT_ONCE_BYTES = 1 << 18

/** What lies at a local path, links followed. */
export function statLocal(local: string): Answer<Stat | undefined> {
  const path = encodeFilePath(local)
  return askDisk(
    () => quietly(local, () => toStat(statSync(path, { throwIfNoEntry: false }))),
    () => quietlyBeside(local, async () => toStat(await stat(path))),
  )
}

/** The same, the last link not followed. */
export function lstatLocal(local: string): Answer<Stat | undefined> {
  const path = encodeFilePath(local)
  return askDisk(
    () => quietly(local, () => toStat(lstatSync(path, { throwIfNoEntry: false }))),
    () => quietlyBeside(local, async () => toStat(await lstat(path))),
  )
}

/**
 * What lies at a local path and, when it is a file, its bytes, in one opening. `unopened`: a link that is not to be
 * followed, or nothing that can be opened.
 * @throws StemmaError `source.unreadable` when it may not be read or is larger
 */
export function readLocal(local: string, maxBytes: number, follow: boolean): Answer<Found | 'unopened' | undefined> {
  const path = encodeFilePath(local)
  const beside = (): Promise<Found | 'unopened' | undefined> =>
    quietlyBeside(local, () => readBeside(local, path, maxBytes, follow))
  const answer = askDisk(() => quietly(local, () => readAtOnce(local, path, maxBytes, follow)), beside)
  return goOn(answer, (found) => (found === 'large' ? beside() : found))
}

function readAtOnce(
  local: string,
  path: string | Buffer,
  maxBytes: number,
  follow: boolean,
): Found | 'unopened' | 'large' {
  const file = openAtOnce(path, follow ? PLAIN : NO_LINK)
  if (file === 'unopened') return file
  try {
    const found = toStat(fstatSync(file))
    if (found.type !== 'file') return { stat: found }
    refuseLarge(local, found, maxBytes)
    if (found.sizeBytes > AT_ONCE_BYTES) return 'large'
    const bytes = Buffer.allocUnsafe(found.sizeBytes)
    let length = 0
    for (let read = 1; read > 0 && length < bytes.length; length += read) {
      read = readSync(file, bytes, length, bytes.length - length, null)
    }
    return { stat: found, bytes: bytes.subarray(0, length) }
  } finally {
    closeSync(file)
  }
}

function openAtOnce(path: string | Buffer, flags: number): number | 'unopened' {
  try {
    return openSync(path, flags)
  } catch (cause) {
    const code = systemErrorCode(cause)
    if ((flags === NO_LINK && code === 'ELOOP') || code === 'ENXIO') return 'unopened' // ENXIO: a socket
    throw cause
  }
}

async function readBeside(
  local: string,
  path: string | Buffer,
  maxBytes: number,
  follow: boolean,
): Promise<Found | 'unopened' | undefined> {
  const lies = await (follow ? stat(path) : lstat(path))
  if (!lies.isFile()) return lies.isDirectory() ? { stat: toStat(lies) } : 'unopened'
  const file = await open(path, follow ? PLAIN : NO_LINK)
  try {
    const found = toStat(await file.stat())
    refuseLarge(local, found, maxBytes)
    return { stat: found, bytes: await file.readFile() }
  } finally {
    await file.close()
  }
}

function refuseLarge(local: string, found: Stat, maxBytes: number): void {
  if (found.sizeBytes > maxBytes) throw refused(local, `larger than ${String(maxBytes)} bytes`)
}

/** Nothing there is an answer; what may not be read is told with its path. */
export function quietly<T>(local: string, ask: () => T): T | undefined {
  try {
    return ask()
  } catch (cause) {
    if (saysNothingThere(cause)) return undefined
    return unreadable(local, cause)
  }
}

/** The same for what takes its time. */
export async function quietlyBeside<T>(local: string, ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask()
  } catch (cause) {
    if (saysNothingThere(cause)) return undefined
    return unreadable(local, cause)
  }
}

export function unreadable(path: string, cause: unknown): never {
  if (isStemmaError(cause)) throw cause
  const why = systemErrorCode(cause) === 'EACCES' ? 'no permission to read' : 'cannot read'
  throw new StemmaError('source.unreadable', `${why}: "${path}"`, { cause, detail: { path } })
}

export function refused(path: string, why: string): StemmaError {
  return new StemmaError('source.unreadable', `not read, ${why}: "${path}"`, { detail: { path } })
}

export function typeOf(found: Stats | Dirent | Dirent<Buffer>): Stat['type'] {
  return found.isFile() ? 'file' : found.isDirectory() ? 'folder' : found.isSymbolicLink() ? 'link' : 'other'
}

function toStat(found: Stats): Stat
function toStat(found: Stats | undefined): Stat | undefined
function toStat(found: Stats | undefined): Stat | undefined {
  if (found === undefined) return undefined
  const fileId = `${found.dev}:${found.ino}`
  return { type: typeOf(found), sizeBytes: found.size, modifiedMs: found.mtimeMs, fileId }
}
