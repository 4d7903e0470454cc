const MASK = (1n << 64n) - 1n
const C1 = 0x87c37b91114253d5n
const C2 = 0x4cf5ad432745937fn

/**
 * MurmurHash3 for 128 bits (x64, seed 0), the halves in little-endian hex: the hash that Nextflow takes of scripts and
 * tasks. Not a content digest; it only proves that a text is the one that ran.
 */
export function murmur3(bytes: Buffer): string {
  let [h1, h2] = [0n, 0n]
  const blocks = bytes.length >> 4
  for (let block = 0; block < blocks; block++) {
    h1 ^= mixFirst(bytes.readBigUInt64LE(block * 16))
    h1 = ((rotate(h1, 27n) + h2) * 5n + 0x52dce729n) & MASK
    h2 ^= mixSecond(bytes.readBigUInt64LE(block * 16 + 8))
    h2 = ((rotate(h2, 31n) + h1) * 5n + 0x38495ab5n) & MASK
  }
  const tail = Buffer.alloc(16)
  bytes.copy(tail, 0, blocks * 16)
  const length = BigInt(bytes.length)
  h1 ^= mixFirst(tail.readBigUInt64LE(0)) ^ length
  h2 ^= mixSecond(tail.readBigUInt64LE(8)) ^ length
  h1 = (h1 + h2) & MASK
  h2 = (h2 + h1) & MASK
  h1 = finish(h1)
  h2 = finish(h2)
  h1 = (h1 + h2) & MASK
  h2 = (h2 + h1) & MASK
  const digest = Buffer.alloc(16)
  digest.writeBigUInt64LE(h1, 0)
  digest.writeBigUInt64LE(h2, 8)
  return digest.toString('hex')
}

/** The script id of history and reports: over the script's text in UTF-16. */
export function scriptId(text: string): string {
  return murmur3(Buffer.from(text, 'utf16le'))
}

function mixFirst(k: bigint): bigint {
  return (rotate((k * C1) & MASK, 31n) * C2) & MASK
}

function mixSecond(k: bigint): bigint {
  return (rotate((k * C2) & MASK, 33n) * C1) & MASK
}

function rotate(value: bigint, bits: bigint): bigint {
  return ((value << bits) | (value >> (64n - bits))) & MASK
}

function finish(value: bigint): bigint {
  const first = ((value ^ (value >> 33n)) * 0xff51afd7ed558ccdn) & MASK
  const second = ((first ^ (first >> 33n)) * 0xc4ceb9fe1a85ec53n) & MASK
  return second ^ (second >> 33n)
}
