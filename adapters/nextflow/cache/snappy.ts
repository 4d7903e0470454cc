/**
 * Decompresses one raw Snappy block (LevelDB's only compression). @returns `undefined` for damaged bytes or a result
 * above `maxBytes`
 */
export function unpackSnappy(bytes: Uint8Array, maxBytes: number): Uint8Array | undefined {
  const head = readLength(bytes)
  if (head === undefined || head.length > maxBytes) return undefined
  const out = new Uint8Array(head.length)
  let [from, to] = [head.next, 0]
  while (from < bytes.length) {
    const element = readElement(bytes, from)
    if (element === undefined || to + element.length > out.length) return undefined
    if (element.offset === 0) {
      if (element.next + element.length > bytes.length) return undefined
      out.set(bytes.subarray(element.next, element.next + element.length), to)
      from = element.next + element.length
    } else {
      if (element.offset > to) return undefined
      // A copy may overlap what it writes: byte by byte, from the front.
      for (let at = 0; at < element.length; at++) out[to + at] = out[to + at - element.offset] ?? 0
      from = element.next
    }
    to += element.length
  }
  return to === out.length ? out : undefined
}

/** `offset` 0: literal bytes that begin at `next`; else a copy from that far back. */
interface Element {
  readonly length: number
  readonly offset: number
  readonly next: number
}

function readElement(bytes: Uint8Array, at: number): Element | undefined {
  const tag = bytes[at] ?? 0
  const kind = tag & 3
  if (kind === 0) return readLiteral(bytes, at, tag >> 2)
  const extra = kind === 1 ? 1 : kind === 2 ? 2 : 4
  if (at + extra >= bytes.length) return undefined
  const low = littleEndian(bytes, at + 1, extra)
  const offset = kind === 1 ? ((tag >> 5) << 8) | low : low
  const length = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1
  return offset === 0 ? undefined : { length, offset, next: at + 1 + extra }
}

function readLiteral(bytes: Uint8Array, at: number, size: number): Element | undefined {
  if (size < 60) return { length: size + 1, offset: 0, next: at + 1 }
  const extra = size - 59
  if (at + extra >= bytes.length) return undefined
  return { length: littleEndian(bytes, at + 1, extra) + 1, offset: 0, next: at + 1 + extra }
}

function littleEndian(bytes: Uint8Array, at: number, count: number): number {
  let value = 0
  for (let index = count - 1; index >= 0; index--) value = value * 256 + (bytes[at + index] ?? 0)
  return value
}

function readLength(bytes: Uint8Array): { length: number; next: number } | undefined {
  let length = 0
  for (let index = 0; index < 5; index++) {
    const next = bytes[index]
    if (next === undefined) return undefined
    length += (next & 0x7f) * 2 ** (7 * index)
    if (next < 0x80) return { length, next: index + 1 }
  }
  return undefined
}
