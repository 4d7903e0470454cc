import { crc32c, unmaskCrc } from './crc32c.ts'
import { MAX_VALUE_BYTES, readSized, type LevelItem } from './level-entry.ts'
import type { RandomAccess } from './random-access.ts'

const BLOCK_BYTES = 32_768
const HEADER_BYTES = 7
const FULL = 1
const FIRST = 2
const MIDDLE = 3
const LAST = 4

/** A record's payload and the byte where its first fragment begins. */
interface LogRecord {
  readonly payload: Uint8Array
  readonly offset: number
}

/**
 * Replays a write-ahead log from `start` (the beginning of a record). Small runs live entirely in it. After an unclean
 * exit its rest is zeros (the engine allocates 1 MiB at once): they end a block without being damage.
 */
export async function* readLevelLog(access: RandomAccess, path: string, start = 0): AsyncIterable<LevelItem> {
  for await (const record of readRecords(access, path, start)) {
    if ('damage' in record) yield record
    else yield* readBatch(record)
  }
}

async function* readRecords(
  access: RandomAccess,
  path: string,
  start: number,
): AsyncIterable<LogRecord | { damage: string; offset: number }> {
  const joined = new Fragments()
  for (let blockAt = start - (start % BLOCK_BYTES); ; blockAt += BLOCK_BYTES) {
    const block = await access.read(path, blockAt, BLOCK_BYTES)
    let at = Math.max(0, start - blockAt)
    while (at + HEADER_BYTES <= block.length) {
      const length = (block[at + 4] ?? 0) | ((block[at + 5] ?? 0) << 8)
      const type = block[at + 6] ?? 0
      if (type === 0 && length === 0) break
      const end = at + HEADER_BYTES + length
      const offset = blockAt + at
      if (end > block.length) {
        yield { damage: 'a record of the write-ahead log is cut off', offset }
        joined.drop()
        break
      }
      if (crc32c(block.subarray(at + 6, end)) !== unmaskCrc(readUint32(block, at))) {
        yield { damage: 'a record of the write-ahead log has a wrong checksum', offset }
        joined.drop()
      } else yield* joined.add(type, block.subarray(at + HEADER_BYTES, end), offset)
      at = end
    }
    if (block.length < BLOCK_BYTES) break
  }
  if (joined.isOpen) yield { damage: 'the last record of the write-ahead log has no end', offset: joined.offset }
}

/** Joins the fragments of records that do not fit into one block. */
class Fragments {
  offset = 0
  #parts: Uint8Array[] = []
  #size = 0

  get isOpen(): boolean {
    return this.#parts.length > 0
  }

  drop(): void {
    this.#parts = []
    this.#size = 0
  }

  *add(type: number, part: Uint8Array, offset: number): Iterable<LogRecord | { damage: string; offset: number }> {
    const begins = type === FULL || type === FIRST
    const isKnown = begins || type === MIDDLE || type === LAST
    if (!isKnown || begins === this.isOpen || this.#size + part.length > MAX_VALUE_BYTES) {
      yield { damage: 'records of the write-ahead log do not follow each other', offset }
      this.drop()
      if (!begins) return
    }
    if (begins) this.offset = offset
    this.#parts.push(part)
    this.#size += part.length
    if (type !== FULL && type !== LAST) return
    const payload = this.#parts.length === 1 ? part : Buffer.concat(this.#parts)
    this.drop()
    yield { payload, offset: this.offset }
  }
}

/** A batch: sequence of its first write (8 bytes), number of writes (4), then the writes. */
function* readBatch(record: LogRecord): Iterable<LevelItem> {
  const { payload, offset } = record
  const damage = { damage: 'a batch of the write-ahead log is damaged', offset }
  if (payload.length < 12) {
    yield damage
    return
  }
  const first = readUint32(payload, 0) + readUint32(payload, 4) * 2 ** 32
  const count = readUint32(payload, 8)
  let at = 12
  for (let index = 0; index < count; index++) {
    const isPut = payload[at] === 1
    const key = readSized(payload, at + 1)
    const value = isPut && key !== undefined ? readSized(payload, key.next) : undefined
    if (key === undefined || (isPut && value === undefined) || (payload[at] ?? 9) > 1) {
      yield damage
      return
    }
    yield { key: key.bytes, sequence: first + index, value: value?.bytes, offset, size: 0 }
    at = value?.next ?? key.next
  }
}

function readUint32(bytes: Uint8Array, at: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(at, at + 4)
  return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0
}
