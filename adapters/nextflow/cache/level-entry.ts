/** One write of a LevelDB: of two with the same key the higher sequence counts. A deletion has no value. */
export interface LevelEntry {
  readonly key: Uint8Array
  readonly sequence: number
  readonly value: Uint8Array | undefined
  /** Where the block or log record begins that holds it, to read it again. */
  readonly offset: number
  /** The block's size; 0 in a log. */
  readonly size: number
}

/** Damage at a byte; reading went on behind it. */
export interface LevelDamage {
  readonly damage: string
  readonly offset: number
}

export type LevelItem = LevelEntry | LevelDamage

/** Largest key, value or block that is believed: a trace record with a huge script is some MB. */
export const MAX_VALUE_BYTES = 64 << 20

/** An unsigned number of up to five bytes. `undefined`: the bytes end before it does. */
export function readVarint(
  bytes: Uint8Array,
  at: number,
): { readonly value: number; readonly next: number } | undefined {
  let value = 0
  for (let index = 0; index < 5; index++) {
    const byte = bytes[at + index]
    if (byte === undefined) return undefined
    value += (byte & 0x7f) * 2 ** (7 * index)
    if (byte < 0x80) return { value, next: at + index + 1 }
  }
  return undefined
}

/** A number and the bytes that it counts. */
export function readSized(
  bytes: Uint8Array,
  at: number,
): { readonly bytes: Uint8Array; readonly next: number } | undefined {
  const size = readVarint(bytes, at)
  if (size === undefined || size.next + size.value > bytes.length) return undefined
  return { bytes: bytes.subarray(size.next, size.next + size.value), next: size.next + size.value }
}
