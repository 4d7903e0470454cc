import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, statSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { PROJECT_FOLDER } from '../config/project-folder.ts'
import { decodeFileName, encodeFilePath } from './file-name.ts'
import type { FileSource, Stat } from './source.ts'
import { saysNothingThere, systemErrorCode } from '../system-error.ts'

/** What was looked at: L = members of a folder, S = what lies there, links followed, l = not followed, T = S and all below. */
type Look = 'L' | 'S' | 'l' | 'T'
const LOOKS: ReadonlySet<unknown> = new Set<Look>(['L', 'S', 'l', 'T'])

const CHUNK_CHARACTERS = 1 << 20
/** Paths of which it is remembered what lay there. */
const MOST_RECENT = 10_000
/** Looks checked before other work gets its turn. */
const CHECKED_AT_ONCE = 2000
/** Nothing lies there; what a source says in these cases as well. */
const GONE = 'gone'
const FORMAT = 'stemma-reads 2'

/**
 * Writes down what a reading of local leftovers looked at, with size and time, so that an unchanged source need not
 * be read again. Kept as compressed lines: about ten bytes a look. Readers ask several times for the same few paths:
 * what was seen a moment ago is the answer again, as it is what the record says.
 */
export class ReadingRecord {
  readonly #chunks: Buffer[] = []
  readonly #recent = new Map<string, Stat | 'gone' | 'noted'>()
  #lines: string

  /** `conditions`: everything else that the facts depend on (adapter version, options). */
  constructor(conditions: string) {
    this.#lines = `${FORMAT}\n${JSON.stringify(conditions)}\n`
  }

  /** The source, with its every look written down. */
  watch(source: FileSource): FileSource {
    const look = (what: Look, path: string): void => {
      const local = source.localPath(path)
      if (local !== undefined) this.#add(what, local)
    }
    const stat = (path: string): Promise<Stat | undefined> => this.#stat(source, path)
    return {
      ...source,
      list: (folder) => (look('L', folder), source.list(folder)),
      stat,
      lstat: (path) => this.#ask(source, 'l', path),
      readLink: (path) => (look('l', path), source.readLink(path)),
      open: (path, range) => (look('S', path), source.open(path, range)),
      readBytes: async (path, most) => (await quietly(stat(path)), source.readBytes(path, most)),
      readText: async (path, most) => (await quietly(stat(path)), source.readText(path, most)),
      digest: async (path) => {
        if ((await quietly(stat(path)))?.type !== 'file') look('T', path)
        return source.digest(path)
      },
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

  /** Where no link lies, one look tells both. */
  async #stat(source: FileSource, path: string): Promise<Stat | undefined> {
    const found = await this.#ask(source, 'l', path)
    return found?.type === 'link' ? this.#ask(source, 'S', path) : found
  }

  async #ask(source: FileSource, what: 'S' | 'l', path: string): Promise<Stat | undefined> {
    const local = source.localPath(path)
    if (local === undefined) return undefined
    const known = this.#recent.get(what + local)
    if (known !== undefined && known !== 'noted') return known === 'gone' ? undefined : known
    const found = await (what === 'l' ? source.lstat(path) : source.stat(path)).catch((cause: unknown) => {
      this.#add(what, local) // what may not be read today may be tomorrow
      throw cause
    })
    this.#add(what, local, found ?? 'gone')
    return found
  }

  /** `found`: what the source itself saw there. */
  #add(what: Look, local: string, found?: Stat | 'gone'): void {
    const key = what + local
    const known = this.#recent.get(key)
    if (known !== undefined && (known !== 'noted' || found === undefined)) return
    if (this.#recent.size >= MOST_RECENT) this.#recent.clear()
    this.#recent.set(key, found ?? 'noted')
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

/** What cannot be looked at is said by the reading that follows. */
function quietly(looking: Promise<Stat | undefined>): Promise<Stat | undefined> {
  return looking.catch(() => undefined)
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
    const found = (what === 'l' ? lstatSync : statSync)(path, { throwIfNoEntry: false })
    if (found === undefined) return GONE
    if (!found.isDirectory()) return fileLook(found)
    return what === 'T' ? treeLook(local) : 'folder'
  } catch (cause) {
    return saysNothingThere(cause) ? GONE : (systemErrorCode(cause) ?? 'unknown')
  }
}

/** The same from a source's answer. */
function toLook(found: Stat | 'gone' | undefined): string | undefined {
  if (found === 'gone') return GONE
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
