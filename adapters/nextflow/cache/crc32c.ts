/** Four tables of 256: what a byte does to the checksum when none, one, two or three bytes come after it. */
const TABLES = new Int32Array(4 * 256)
for (let byte = 0; byte < 256; byte++) {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = (value & 1) === 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1
  TABLES[byte] = value
}
for (let at = 256; at < TABLES.length; at++) {
  const before = TABLES[at - 256] ?? 0
  TABLES[at] = (TABLES[before & 0xff] ?? 0) ^ (before >>> 8)
}

/** CRC-32C (Castagnoli) of the bytes, going on from `before`. Four bytes a step take a quarter of the time of one. */
export function crc32c(bytes: Uint8Array, before = 0): number {
  let value = ~before
  let at = 0
  for (const whole = bytes.length - 3; at < whole; at += 4) {
    value ^= fourAt(bytes, at)
    value =
      (TABLES[768 + (value & 0xff)] ?? 0) ^
      (TABLES[512 + ((value >>> 8) & 0xff)] ?? 0) ^
      (TABLES[256 + ((value >>> 16) & 0xff)] ?? 0) ^
      (TABLES[value >>> 24] ?? 0)
  }
  for (; at < bytes.length; at++) value = (TABLES[(value ^ (bytes[at] ?? 0)) & 0xff] ?? 0) ^ (value >>> 8)
  return ~value >>> 0
}

/** The lowest first. */
function fourAt(bytes: Uint8Array, at: number): number {
  const low = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)
  return low | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)
}

/** LevelDB stores checksums masked, because a checksum over bytes that hold checksums is weak. */
export function unmaskCrc(masked: number): number {
  const rotated = (masked - 0xa282ead8) >>> 0
  return ((rotated >>> 17) | (rotated << 15)) >>> 0
}
