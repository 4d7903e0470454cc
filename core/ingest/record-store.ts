import { createHash, type Hash } from 'node:crypto'
import { closeSync, mkdirSync, openSync, readSync, renameSync, rmSync, unlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { isUnchanged, ReadingRecord } from '../source/reading-record.ts'
import { isSystemError, systemErrorCode } from '../system-error.ts'

const PIECE_BYTES = 1 << 18

/** Keeps what a reading looked at, in Stemma's own folder. The database holds the record's digest. */
export interface RecordStore {
  /** Whether the record with this digest is here and all that it names looks as it did. */
  isUnchanged(fingerprint: string, conditions: string): Promise<boolean>
  /** Begins the record of a new reading. */
  begin(conditions: string): KeptRecord
}

/** `undefined` without a folder. `what` names the reading: adapter and place. */
export function recordStore(stemmaFolder: string | undefined, what: string): RecordStore | undefined {
  if (stemmaFolder === undefined) return undefined
  const folder = join(stemmaFolder, 'reads')
  const file = join(folder, createHash('sha256').update(what).digest('hex').slice(0, 32))
  return {
    async isUnchanged(fingerprint, conditions) {
      const record = openQuietly(file)
      if (record === undefined) return false
      try {
        const hash = createHash('sha256')
        for (const piece of piecesOf(record)) hash.update(piece)
        return hash.digest('hex') === fingerprint && (await isUnchanged(piecesOf(record), conditions))
      } finally {
        closeSync(record)
      }
    },
    begin: (conditions) => new KeptRecord(folder, file, conditions),
  }
}

/**
 * A record that grows in a file without a name, so that it takes no memory and a killed import leaves nothing; it gets
 * its name when it is whole. One that cannot be written is none: the source is read again next time.
 */
export class KeptRecord {
  readonly record: ReadingRecord
  readonly #folder: string
  readonly #file: string
  readonly #hash: Hash = createHash('sha256')
  #open: number | undefined
  #hasFailed = false

  constructor(folder: string, file: string, conditions: string) {
    this.#folder = folder
    this.#file = file
    this.record = new ReadingRecord(conditions, (piece) => { this.#write(piece) }) // prettier-ignore
  }

  /** @returns the record's digest; nothing when it cannot be kept */
  finish(): string | undefined {
    this.record.finish()
    const from = this.#open
    if (this.#hasFailed || from === undefined) return undefined
    const part = `${this.#file}.${String(process.pid)}`
    const isKept = this.#try(() => {
      // Whole or not at all; two imports of one place at once leave one of the two records, and the other is read again.
      const to = openSync(part, 'w')
      try {
        for (const piece of piecesOf(from)) writeAll(to, piece)
      } finally {
        closeSync(to)
      }
      renameSync(part, this.#file)
    })
    if (!isKept) rmSync(part, { force: true })
    return isKept ? this.#hash.digest('hex') : undefined
  }

  close(): void {
    if (this.#open !== undefined) closeSync(this.#open)
    this.#open = undefined
  }

  #write(piece: Buffer): void {
    if (this.#hasFailed) return
    this.#hash.update(piece)
    this.#hasFailed = !this.#try(() => {
      this.#open ??= this.#begin()
      writeAll(this.#open, piece)
    })
  }

  #begin(): number {
    mkdirSync(this.#folder, { recursive: true })
    const nameless = `${this.#file}.${String(process.pid)}-${String(performance.now())}`
    const open = openSync(nameless, 'wx+')
    unlinkSync(nameless)
    return open
  }

  #try(work: () => void): boolean {
    try {
      work()
      return true
    } catch (cause) {
      if (isSystemError(cause)) return false
      throw cause
    }
  }
}

function writeAll(file: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at)
}

/** A file from its beginning. */
function* piecesOf(file: number): Iterable<Buffer> {
  for (let at = 0; ;) {
    const piece = Buffer.allocUnsafe(PIECE_BYTES)
    const length = readSync(file, piece, 0, PIECE_BYTES, at)
    if (length === 0) return
    yield piece.subarray(0, length)
    at += length
  }
}

function openQuietly(file: string): number | undefined {
  try {
    return openSync(file, 'r')
  } catch (cause) {
    if (systemErrorCode(cause) === 'ENOENT') return undefined
    throw cause
  }
}
