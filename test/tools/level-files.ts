import { crc32c } from '../../adapters/nextflow/cache/crc32c.ts'

/** Writes LevelDB files, to try what no fixture holds: compression, deletions, values over several blocks. */
export interface Write {
  readonly key: Buffer
  readonly value?: Buffer
}

const BLOCK_BYTES = 32_768
const HEADER_BYTES = 7

/** A write-ahead log with one batch a write. */
export function writeLog(writes: Iterable<Write>, firstSequence = 1): Buffer {
  return Buffer.concat([...logRecords(writes, firstSequence)])
}

/** The same piece by piece, for logs that are larger than memory should hold. */
export function* logRecords(writes: Iterable<Write>, firstSequence = 1): Iterable<Buffer> {
  let at = 0
  let sequence = firstSequence
  for (const write of writes) {
    let rest = toBatch(write, sequence++)
    let isFirst = true
    do {
      const room = BLOCK_BYTES - (at % BLOCK_BYTES) - HEADER_BYTES
      const part = room < 0 ? undefined : rest.subarray(0, room)
      if (part !== undefined) rest = rest.subarray(part.length)
      // Too little room for a header: zeros to the block's end.
      const record = part === undefined ? Buffer.alloc(room + HEADER_BYTES) : toRecord(part, isFirst, rest.length === 0)
      if (part !== undefined) isFirst = false
      at += record.length
      yield record
    } while (isFirst || rest.length > 0)
  }
}

function toBatch({ key, value }: Write, sequence: number): Buffer {
  const head = Buffer.alloc(12)
  head.writeBigUInt64LE(BigInt(sequence))
  head.writeUInt32LE(1, 8)
  const body = value === undefined ? [] : [varint(value.length), value]
  return Buffer.concat([head, Buffer.from([value === undefined ? 0 : 1]), varint(key.length), key, ...body])
}

function toRecord(part: Buffer, isFirst: boolean, isLast: boolean): Buffer {
  const record = Buffer.concat([Buffer.alloc(6), Buffer.from([isFirst ? (isLast ? 1 : 2) : isLast ? 4 : 3]), part])
  record.writeUInt32LE(mask(crc32c(record.subarray(6))), 0)
  record.writeUInt16LE(part.length, 4)
  return record
}

/** A sorted table of one data block; `pack` compresses blocks as type 1. */
export function writeTable(
  writes: readonly (Write & { sequence: number })[],
  pack?: (block: Buffer) => Buffer,
): Buffer {
  const entries = writes.map(({ key, value, sequence }) => {
    const tail = Buffer.alloc(8)
    tail.writeBigUInt64LE((BigInt(sequence) << 8n) | (value === undefined ? 0n : 1n))
    return [Buffer.concat([key, tail]), value ?? Buffer.alloc(0)] as const
  })
  const data = finishBlock(toBlock(entries), pack)
  const handle = Buffer.concat([varint(0), varint(data.length - 5)])
  const index = finishBlock(toBlock([[entries.at(-1)?.[0] ?? Buffer.alloc(8), handle]]), pack)
  const footer = Buffer.alloc(48)
  Buffer.concat([varint(0), varint(0), varint(data.length), varint(index.length - 5)]).copy(footer)
  footer.write('57fb808b247547db', 40, 'hex')
  return Buffer.concat([data, index, footer])
}

/** Snappy by the simplest means: literals, and copies of runs of one byte. */
export function packSnappy(bytes: Buffer): Buffer {
  const parts = [varint(bytes.length)]
  for (let at = 0; at < bytes.length;) {
    let run = 1
    while (run < 64 && at + run < bytes.length && bytes[at + run] === bytes[at]) run++
    parts.push(Buffer.from([0, bytes[at] ?? 0]))
    if (run > 1) parts.push(Buffer.from([((run - 2) << 2) | 2, 1, 0]))
    at += run
  }
  return Buffer.concat(parts)
}

function toBlock(entries: readonly (readonly [Buffer, Buffer])[]): Buffer {
  let before: Buffer = Buffer.alloc(0)
  const parts = entries.map(([key, value]) => {
    let shared = 0
    while (shared < Math.min(before.length, key.length) && before[shared] === key[shared]) shared++
    before = key
    return Buffer.concat([
      varint(shared),
      varint(key.length - shared),
      varint(value.length),
      key.subarray(shared),
      value,
    ])
  })
  const restarts = Buffer.alloc(8)
  restarts.writeUInt32LE(1, 4)
  return Buffer.concat([...parts, restarts])
}

function finishBlock(block: Buffer, pack: ((block: Buffer) => Buffer) | undefined): Buffer {
  const body = Buffer.concat([pack === undefined ? block : pack(block), Buffer.from([pack === undefined ? 0 : 1])])
  const crc = Buffer.alloc(4)
  crc.writeUInt32LE(mask(crc32c(body)))
  return Buffer.concat([body, crc])
}

export function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest & 127) | 128)
  return Buffer.from([...bytes, rest])
}

function mask(crc: number): number {
  return ((((crc >>> 15) | (crc << 17)) >>> 0) + 0xa282ead8) >>> 0
}
