import { goOn, type Answer } from '../../../core/adapter.ts'
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

type RecordOrDamage = LogRecord | { readonly damage: string; readonly offset: number }

/**
 * Replays a write-ahead log, block by block. Small runs live entirely in it. After an unclean exit its rest is zeros
 * (the engine allocates 1 MiB at once): they end a block without being damage.
 */
export async function* readLevelLog(access: RandomAccess, path: string): AsyncIterable<readonly LevelItem[]> {
  const joined = new Fragments()
  for (let blockAt = 0; ; blockAt += BLOCK_BYTES) {
    const block = await access.read(path, blockAt, BLOCK_BYTES)
    const items: LevelItem[] = []
    for (const record of recordsOf(block, 0, blockAt, joined)) {
      if ('damage' in record) items.push(record)
      else for (const item of readBatch(record)) items.push(item)
    }
    yield items
    if (block.length < BLOCK_BYTES) break
  }
  if (joined.isOpen) yield [{ damage: 'the last record of the write-ahead log has no end', offset: joined.offset }]
}

/** The writes of the one record that begins at `start`; nothing when it is damaged. */
export function readLevelRecord(access: RandomAccess, path: string, start: number): Answer<Iterable<LevelItem>> {
  const joined = new Fragments()
  const goOnAt = (blockAt: number): Answer<Iterable<LevelItem>> =>
    goOn(access.read(path, blockAt, BLOCK_BYTES), (block) => {
      for (const record of recordsOf(block, Math.max(0, start - blockAt), blockAt, joined)) {
        return 'damage' in record ? [] : readBatch(record)
      }
      return block.length < BLOCK_BYTES ? [] : goOnAt(blockAt + BLOCK_BYTES)
    })
  return goOnAt(start - (start % BLOCK_BYTES))
}

/** The records that end in a block, from `start` on. */
function* recordsOf(block: Uint8Array, start: number, blockAt: number, joined: Fragments): Iterable<RecordOrDamage> {
  let at = start
  while (at + HEADER_BYTES <= block.length) {
    const length = (block[at + 4] ?? 0) | ((block[at + 5] ?? 0) << 8)
    const type = block[at + 6] ?? 0
    if (type === 0 && length === 0) return
    const end = at + HEADER_BYTES + length
    const offset = blockAt + at
    if (end > block.length) {
      joined.drop()
      yield { damage: 'a record of the write-ahead log is cut off', offset }
      return
    }
    if (crc32c(block.subarray(at + 6, end)) !== unmaskCrc(readUint32(block, at))) {
      joined.drop()
      yield { damage: 'a record of the write-ahead log has a wrong checksum', offset }
    } else yield* joined.add(type, block.subarray(at + HEADER_BYTES, end), offset)
    at = end
  }
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

  add(type: number, part: Uint8Array, offset: number): readonly RecordOrDamage[] {
    const begins = type === FULL || type === FIRST
    const isKnown = begins || type === MIDDLE || type === LAST
    const found: RecordOrDamage[] = []
    if (!isKnown || begins === this.isOpen || this.#size + part.length > MAX_VALUE_BYTES) {
      found.push({ damage: 'records of the write-ahead log do not follow each other', offset })
      this.drop()
      if (!begins) return found
    }
    if (begins) this.offset = offset
    this.#parts.push(part)
    this.#size += part.length
    if (type !== FULL && type !== LAST) return found
    const payload = this.#parts.length === 1 ? part : Buffer.concat(this.#parts)
    this.drop()
    found.push({ payload, offset: this.offset })
    return found
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
  const low = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16)
  return (low | ((bytes[at + 3] ?? 0) << 24)) >>> 0
}
