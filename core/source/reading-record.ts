import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, statSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { PROJECT_FOLDER } from '../config/project-folder.ts'
import { decodeFileName, encodeFilePath } from './file-name.ts'
import type { FileSource, Stat } from './source.ts'
import { systemErrorCode } from '../system-error.ts'

/** What was looked at: L = members of a folder, S = what lies there, links followed, l = not followed, T = S and all below. */
type Look = 'L' | 'S' | 'l' | 'T'
const LOOKS: ReadonlySet<unknown> = new Set<Look>(['L', 'S', 'l', 'T'])

const CHUNK_CHARACTERS = 1 << 20
/** Looks remembered so that repeated ones are not written again; it may forget. */
const MOST_RECENT = 50_000
/** Looks checked before other work gets its turn. */
const CHECKED_AT_ONCE = 2000
const FORMAT = 'stemma-reads 1'

/**
 * Writes down what a reading of local leftovers looked at, with size and time, so that an unchanged source need not
 * be read again. Kept as compressed lines: about ten bytes a look.
 */
export class ReadingRecord {
  readonly #chunks: Buffer[] = []
  readonly #recent = new Set<string>()
  #lines: string

  /** `conditions`: everything else that the facts depend on (adapter version, options). */
  constructor(conditions: string) {
    this.#lines = `${FORMAT}\n${JSON.stringify(conditions)}\n`
  }

  /** The source, with its every look written down. */
  watch(source: FileSource): FileSource {
    const look = (what: Look, path: string, found?: Stat): void => {
      const local = source.localPath(path)
      if (local !== undefined) this.#add(what, local, found)
    }
    const answered = async (what: Look, path: string, answer: Promise<Stat | undefined>): Promise<Stat | undefined> => {
      const found = await answer.catch((cause: unknown) => {
        look(what, path) // what may not be read today may be tomorrow
        throw cause
      })
      look(what, path, found)
      return found
    }
    return {
      ...source,
      list: (folder) => (look('L', folder), source.list(folder)),
      stat: (path) => answered('S', path, source.stat(path)),
      lstat: (path) => answered('l', path, source.lstat(path)),
      readLink: (path) => (look('l', path), source.readLink(path)),
      open: (path, range) => (look('S', path), source.open(path, range)),
      readBytes: (path, most) => (look('S', path), source.readBytes(path, most)),
      readText: (path, most) => (look('S', path), source.readText(path, most)),
      digest: (path) => (look('T', path), source.digest(path)),
      localPath: (path) => (look('S', path), source.localPath(path)),
      reach: async (place) => {
        const other = await source.reach(place)
        if (other === undefined && place.startsWith('/')) this.#add('S', place)
        return other === undefined ? undefined : this.watch(other)
      },
    }
  }

  /** The whole record. */
  finish(): Buffer {
    this.#pack()
    return Buffer.concat(this.#chunks)
  }

  /** `found`: what the source itself saw there. */
  #add(what: Look, local: string, found?: Stat): void {
    const key = what + local
    if (this.#recent.has(key)) return
    if (this.#recent.size >= MOST_RECENT) this.#recent.clear()
    this.#recent.add(key)
    this.#lines += `${JSON.stringify([what, local, toLook(found) ?? lookAt(what, local)])}\n`
    if (this.#lines.length > CHUNK_CHARACTERS) this.#pack()
  }

  #pack(): void {
    const packed = deflateRawSync(this.#lines, { level: 3 })
    const head = Buffer.alloc(4)
    head.writeUInt32LE(packed.length)
    this.#chunks.push(head, packed)
    this.#lines = ''
  }
}

/** Whether a record was made under the same conditions and everything still looks as it did. */
export async function isUnchanged(record: Buffer, conditions: string): Promise<boolean> {
  let line = 0
  for (const text of unpack(record)) {
    if (line === 0 && text !== FORMAT) return false
    if (line === 1 && text !== JSON.stringify(conditions)) return false
    if (line > 1 && !looksTheSame(text)) return false
    if (++line % CHECKED_AT_ONCE === 0) await setImmediate()
  }
  return line >= 2
}

function looksTheSame(text: string): boolean {
  const parsed: unknown = JSON.parse(text)
  const look: readonly unknown[] = Array.isArray(parsed) ? parsed : []
  const [what, local, seen] = look
  return isLook(what) && typeof local === 'string' && lookAt(what, local) === seen
}

function isLook(text: unknown): text is Look {
  return LOOKS.has(text)
}

function* unpack(record: Buffer): Iterable<string> {
  let rest = ''
  for (let at = 0; at + 4 <= record.length;) {
    const end = at + 4 + record.readUInt32LE(at)
    const lines = (rest + inflateRawSync(record.subarray(at + 4, end)).toString('utf8')).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
    at = end
  }
}

/** Synchronous: a hundred thousand small looks take a tenth of the time that asking the thread pool does. */
function lookAt(what: Look, local: string): string {
  const path = encodeFilePath(local)
  try {
    if (what === 'L') return membersOf(path)
    const found = what === 'l' ? lstatSync(path) : statSync(path)
    if (!found.isDirectory()) return fileLook(found)
    return what === 'T' ? treeLook(local) : 'folder'
  } catch (cause) {
    return systemErrorCode(cause) ?? 'unknown'
  }
}

/** The same from a source's answer. */
function toLook(found: Stat | undefined): string | undefined {
  if (found?.type === 'folder') return 'folder'
  const inode = found?.fileId?.split(':')[1]
  if (found === undefined || inode === undefined) return undefined
  return fileLook({ size: found.sizeBytes, mtimeMs: found.modifiedMs, ino: Number(inode) })
}

function fileLook(found: Pick<Stats, 'size' | 'mtimeMs' | 'ino'>): string {
  return `${found.size.toString(36)} ${found.mtimeMs.toString(36)} ${found.ino.toString(36)}`
}

function membersOf(path: string | Buffer): string {
  const hash = createHash('sha256')
  for (const name of namesIn(path)) hash.update(name).update('\0')
  return hash.digest('base64').slice(0, 16)
}

function treeLook(local: string): string {
  const hash = createHash('sha256')
  for (const name of namesIn(encodeFilePath(local))) {
    const member = join(local, decodeFileName(name))
    const type = lookAt('l', member)
    hash.update(name).update(`\0${type === 'folder' ? treeLook(member) : type}\0`)
  }
  return hash.digest('base64').slice(0, 16)
}

/** Our own folder changes with every import and is nobody's leftovers. */
function namesIn(path: string | Buffer): Buffer[] {
  const names = readdirSync(path, { encoding: 'buffer' }).filter((name) => name.toString() !== PROJECT_FOLDER)
  return names.sort((a, b) => a.compare(b))
}
