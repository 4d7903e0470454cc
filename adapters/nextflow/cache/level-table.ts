import { crc32c, unmaskCrc } from './crc32c.ts'
import { MAX_VALUE_BYTES, readVarint, type LevelItem } from './level-entry.ts'
import type { RandomAccess } from './random-access.ts'
import { unpackSnappy } from './snappy.ts'

const FOOTER_BYTES = 48
const TRAILER_BYTES = 5
const MAGIC = Buffer.from('57fb808b247547db', 'hex')
const MAX_KEY_BYTES = 4096

/** Where a block lies in its table. */
export interface Handle {
  readonly offset: number
  readonly size: number
}

/** Reads all entries of a sorted table, block by block in the order of the file. */
export async function* readLevelTable(
  access: RandomAccess,
  path: string,
  sizeBytes: number,
): AsyncIterable<readonly LevelItem[]> {
  const footer = sizeBytes < FOOTER_BYTES ? undefined : await access.read(path, sizeBytes - FOOTER_BYTES, FOOTER_BYTES)
  const index = footer === undefined ? undefined : readFooter(footer, sizeBytes)
  if (index === undefined) {
    yield [{ damage: 'a table has no end: cut off or not a table', offset: sizeBytes }]
    return
  }
  const block = await readBlock(access, path, index)
  if ('damage' in block) {
    yield [block]
    return
  }
  for (const item of entriesOf(block.content, index.offset)) {
    if ('damage' in item) yield [item]
    else {
      const handle = readHandle(item.value, 0)
      if (handle === undefined || handle.offset + handle.size > sizeBytes) {
        yield [{ damage: 'a table points outside of itself', offset: index.offset }]
      } else yield await readLevelBlock(access, path, handle)
    }
  }
}

/** The entries of one data block; its place is their address. */
export async function readLevelBlock(access: RandomAccess, path: string, handle: Handle): Promise<LevelItem[]> {
  const block = await readBlock(access, path, handle)
  if ('damage' in block) return [block]
  const items: LevelItem[] = []
  for (const item of entriesOf(block.content, handle.offset)) {
    if ('damage' in item) items.push(item)
    else if (item.key.length < 8) items.push({ damage: 'a table holds a key that is too short', offset: handle.offset })
    else items.push(toEntry(item.key, item.value, handle))
  }
  return items
}

/** A table's keys end in sequence and type: 8 bytes, little endian, the type lowest. */
function toEntry(internalKey: Uint8Array, value: Uint8Array, handle: Handle): LevelItem {
  const view = new DataView(internalKey.buffer, internalKey.byteOffset, internalKey.byteLength)
  const tail = view.getBigUint64(internalKey.length - 8, true)
  const isPut = (tail & 0xffn) === 1n
  return {
    key: internalKey.subarray(0, internalKey.length - 8),
    sequence: Number(tail >> 8n),
    value: isPut ? value : undefined,
    offset: handle.offset,
    size: handle.size,
  }
}

function readFooter(footer: Uint8Array, sizeBytes: number): Handle | undefined {
  if (footer.length < FOOTER_BYTES || !MAGIC.equals(footer.subarray(40))) return undefined
  const offset = readVarint(footer, 0)
  const size = offset === undefined ? undefined : readVarint(footer, offset.next)
  const index = size === undefined ? undefined : readHandle(footer, size.next)
  return index !== undefined && index.offset + index.size <= sizeBytes ? index : undefined
}

function readHandle(bytes: Uint8Array, at: number): Handle | undefined {
  const offset = readVarint(bytes, at)
  const size = offset === undefined ? undefined : readVarint(bytes, offset.next)
  if (offset === undefined || size === undefined || size.value > MAX_VALUE_BYTES) return undefined
  return { offset: offset.value, size: size.value }
}

async function readBlock(
  access: RandomAccess,
  path: string,
  handle: Handle,
): Promise<{ content: Uint8Array } | { damage: string; offset: number }> {
  const { offset, size } = handle
  const bytes = await access.read(path, offset, size + TRAILER_BYTES)
  if (bytes.length < size + TRAILER_BYTES) return { damage: 'a block of a table is cut off', offset }
  const stored = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(size + 1, true)
  if (crc32c(bytes.subarray(0, size + 1)) !== unmaskCrc(stored)) {
    return { damage: 'a block of a table has a wrong checksum', offset }
  }
  const body = bytes.subarray(0, size)
  const content = bytes[size] === 0 ? body : bytes[size] === 1 ? unpackSnappy(body, MAX_VALUE_BYTES) : undefined
  return content === undefined ? { damage: 'a block of a table cannot be decompressed', offset } : { content }
}

/** Keys share a prefix with the one before: three numbers (shared, own, value), own part of the key, value. */
function* entriesOf(
  block: Uint8Array,
  offset: number,
): Iterable<{ key: Uint8Array; value: Uint8Array } | { damage: string; offset: number }> {
  const damage = { damage: 'a block of a table is damaged', offset }
  if (block.length < 4) {
    yield damage
    return
  }
  const restarts = new DataView(block.buffer, block.byteOffset, block.byteLength).getUint32(block.length - 4, true)
  const end = block.length - 4 - restarts * 4
  if (end < 0) {
    yield damage
    return
  }
  let key: Uint8Array = new Uint8Array()
  for (let at = 0; at < end;) {
    const shared = readVarint(block, at)
    const own = shared === undefined ? undefined : readVarint(block, shared.next)
    const size = own === undefined ? undefined : readVarint(block, own.next)
    if (shared === undefined || own === undefined || size === undefined) {
      yield damage
      return
    }
    const valueAt = size.next + own.value
    if (shared.value > key.length || own.value > MAX_KEY_BYTES || valueAt + size.value > end) {
      yield damage
      return
    }
    key = Buffer.concat([key.subarray(0, shared.value), block.subarray(size.next, valueAt)])
    yield { key, value: block.subarray(valueAt, valueAt + size.value) }
    at = valueAt + size.value
  }
}
