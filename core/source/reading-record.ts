import { setImmediate } from 'node:timers/promises'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { isStemmaError, type StemmaError } from '../errors.ts'
import { isLook, lookAt, toLook, type Look } from './look-at.ts'
import type { FileSource, Found, Stat, Wanted } from './source.ts'

/** Of a character of UTF-16. */
const MOST_UTF8_BYTES = 3
/** Compressed together. */
const PIECE_BYTES = 1 << 20
/** Of one folder: it may hold a million files. */
const MOST_CHARACTERS = 1 << 14
/** Paths of which it is remembered what lay there, for each way of looking. */
const MOST_RECENT = 2_000
/** Looks checked before other work gets its turn. */
const CHECKED_AT_ONCE = 2000
const FORMAT = 'stemma-reads 3'
/** Begins the line that names the folder of the lines behind it. */
const FOLDER = '/'

/**
 * Writes down what a reading of local leftovers looked at, with size and time, so that an unchanged source need not
 * be read again. Told in compressed pieces: about fifteen bytes a look. Readers ask several times for the same few paths:
 * what was seen a moment ago is the answer again, as it is what the record says.
 */
export class ReadingRecord {
  readonly #write: (piece: Buffer) => void
  readonly #recent: Readonly<Record<Look, Map<string, Stat | 'gone' | 'noted'>>> = {
    L: new Map(),
    S: new Map(),
    l: new Map(),
    T: new Map(),
  }
  #folder = ''
  /** Of the folder that is being looked at. */
  #lines: string
  /** Of those before: a text that grows to a million characters would be half a million objects to the collector. */
  #bytes = Buffer.allocUnsafe(PIECE_BYTES)
  #filled = 0

  /**
   * @param conditions everything else that the facts depend on (adapter version, options)
   * @param write is given the record piece by piece
   */
  constructor(conditions: string, write: (piece: Buffer) => void) {
    this.#write = write
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
      look: async (wanted) => {
        const found = await source.look(wanted)
        for (const [at, each] of wanted.entries()) this.#addFound(source, each, found[at])
        return found
      },
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

  /** What the reading saw at a local path a moment ago, no link followed. */
  seen(local: string): Stat | undefined {
    const known = this.#recent.l.get(local)
    return typeof known === 'object' ? known : undefined
  }

  /** Gives what is left of it. */
  finish(): void {
    this.#keep()
    this.#pack()
  }

  /** Where no link lies, one look tells both. */
  async #stat(source: FileSource, path: string): Promise<Stat | undefined> {
    const found = await this.#ask(source, 'l', path)
    return found?.type === 'link' ? this.#ask(source, 'S', path) : found
  }

  async #ask(source: FileSource, what: 'S' | 'l', path: string): Promise<Stat | undefined> {
    const local = source.localPath(path)
    if (local === undefined) return undefined
    const known = this.#recent[what].get(local)
    if (known !== undefined && known !== 'noted') return known === 'gone' ? undefined : known
    try {
      const found = await (what === 'l' ? source.lstat(path) : source.stat(path))
      this.#add(what, local, found ?? 'gone')
      return found
    } catch (cause) {
      this.#add(what, local) // what may not be read today may be tomorrow
      throw cause
    }
  }

  #addFound(source: FileSource, { path, maxBytes }: Wanted, found: Found | StemmaError | undefined): void {
    const local = source.localPath(path)
    if (local === undefined) return
    this.#add(maxBytes === undefined ? 'l' : 'S', local, isStemmaError(found) ? undefined : (found?.stat ?? 'gone'))
  }

  /** `found`: what the source itself saw there. */
  #add(what: Look, local: string, found?: Stat | 'gone'): void {
    const recent = this.#recent[what]
    const known = recent.get(local)
    if (known !== undefined && (known !== 'noted' || found === undefined)) return
    if (recent.size >= MOST_RECENT) recent.clear()
    recent.set(local, found ?? 'noted')
    const end = local.lastIndexOf('/') + 1
    if (end !== this.#folder.length || !local.startsWith(this.#folder)) {
      this.#folder = local.slice(0, end)
      this.#keep()
      this.#lines = `${FOLDER}${JSON.stringify(this.#folder)}\n`
    }
    this.#lines += `${what}${toLook(found) ?? lookAt(what, local)} ${JSON.stringify(local.slice(end))}\n`
    if (this.#lines.length > MOST_CHARACTERS) this.#keep()
  }

  #keep(): void {
    const most = this.#lines.length * MOST_UTF8_BYTES
    if (this.#filled + most > this.#bytes.length) this.#pack()
    if (most > this.#bytes.length) this.#bytes = Buffer.allocUnsafe(most)
    this.#filled += this.#bytes.write(this.#lines, this.#filled)
    this.#lines = ''
  }

  #pack(): void {
    const packed = deflateRawSync(this.#bytes.subarray(0, this.#filled), { level: 1 })
    const head = Buffer.alloc(4)
    head.writeUInt32LE(packed.length)
    this.#write(Buffer.concat([head, packed]))
    this.#filled = 0
  }
}

/** What cannot be looked at is said by the reading that follows. */
function quietly(looking: Promise<Stat | undefined>): Promise<Stat | undefined> {
  return looking.catch(() => undefined)
}

/** Whether a record was made under the same conditions and everything still looks as it did. */
export async function isUnchanged(pieces: Iterable<Buffer>, conditions: string): Promise<boolean> {
  let line = 0
  let folder = ''
  for (const text of linesOf(pieces)) {
    if (line === 0 && text !== FORMAT) return false
    if (line === 1 && text !== JSON.stringify(conditions)) return false
    if (line > 1) {
      if (text.startsWith(FOLDER)) folder = parseName(text.slice(FOLDER.length)) ?? folder
      else if (!looksTheSame(text, folder)) return false
    }
    if (++line % CHECKED_AT_ONCE === 0) await setImmediate()
  }
  return line >= 2
}

/** What was looked at, how it looked, the name: neither of the first two holds a quote. */
function looksTheSame(text: string, folder: string): boolean {
  const what = text.charAt(0)
  const quote = text.indexOf('"')
  const name = quote < 2 ? undefined : parseName(text.slice(quote))
  if (name === undefined || !isLook(what)) return false
  return lookAt(what, folder + name) === text.slice(1, quote - 1)
}

function parseName(json: string): string | undefined {
  if (!json.includes('\\')) return json.slice(1, -1)
  const name: unknown = JSON.parse(json)
  return typeof name === 'string' ? name : undefined
}

/** Pieces as they were written, in any cut. */
function* linesOf(pieces: Iterable<Buffer>): Iterable<string> {
  let rest = ''
  for (const packed of unframed(pieces)) {
    const lines = (rest + inflateRawSync(packed).toString('utf8')).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
}

function* unframed(pieces: Iterable<Buffer>): Iterable<Buffer> {
  let bytes: Buffer = Buffer.alloc(0)
  for (const piece of pieces) {
    bytes = bytes.length === 0 ? piece : Buffer.concat([bytes, piece])
    let at = 0
    for (let end = frameEnd(bytes, at); end !== undefined; end = frameEnd(bytes, at)) {
      yield bytes.subarray(at + 4, end)
      at = end
    }
    bytes = bytes.subarray(at)
  }
}

function frameEnd(bytes: Buffer, at: number): number | undefined {
  if (at + 4 > bytes.length) return undefined
  const end = at + 4 + bytes.readUInt32LE(at)
  return end > bytes.length ? undefined : end
}
