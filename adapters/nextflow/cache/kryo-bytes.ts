import { knownAscii } from './known-ascii.ts'

/** Thrown inside the decoder when the bytes end or make no sense; never leaves `decodeKryo`. */
export class KryoDamage extends Error {}

/** What a bit in the byte behind the last of an `int` would count, and in the first of a long number that is not exact. */
const MOST_UNITS = 128 ** 5
const EXACT_UNITS = 128 ** 7

/** Reads Kryo 2's primitive encodings from bytes, never beyond their end. */
export class KryoBytes {
  at = 0
  readonly #bytes: Buffer

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get left(): number {
    return this.#bytes.length - this.at
  }

  byte(): number {
    const value = this.#bytes[this.at]
    if (value === undefined) throw new KryoDamage('the value ends too early')
    this.at++
    return value
  }

  take(length: number): Uint8Array {
    if (length < 0 || length > this.left) throw new KryoDamage('the value ends too early')
    this.at += length
    return this.#bytes.subarray(this.at - length, this.at)
  }

  /** Unsigned, at most five bytes. */
  varint(): number {
    let value = 0
    for (let unit = 1; unit < MOST_UNITS; unit *= 128) {
      const next = this.byte()
      value += (next & 0x7f) * unit
      if (next < 0x80) return value
    }
    throw new KryoDamage('a number is longer than any number')
  }

  /** Zig-zag, as `int` values are written. */
  signedVarint(): number {
    const value = this.varint()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  /** Zig-zag of up to nine bytes; beyond 2^53 as decimal text. */
  signedVarlong(): number | string {
    const value = this.#varlong()
    if (typeof value === 'number') return value % 2 === 0 ? value / 2 : -(value + 1) / 2
    return toNumber((value >> 1n) ^ -(value & 1n))
  }

  unsignedVarlong(): number | string {
    const value = this.#varlong()
    return typeof value === 'number' ? value : toNumber(value)
  }

  /** Seven bits a byte, as all numbers are in practice; longer ones are counted exactly. */
  #varlong(): number | bigint {
    let value = 0
    for (let unit = 1; unit < EXACT_UNITS; unit *= 128) {
      const next = this.byte()
      value += (next & 0x7f) * unit
      if (next < 0x80) return value
    }
    const eighth = this.byte()
    const long = BigInt(value) | (BigInt(eighth & 0x7f) << 49n)
    return eighth < 0x80 ? long : long | (BigInt(this.byte()) << 56n) // the ninth byte counts whole
  }

  int32(): number {
    this.take(4)
    return this.#bytes.readInt32BE(this.at - 4)
  }

  int16(): number {
    this.take(2)
    return this.#bytes.readInt16BE(this.at - 2)
  }

  int64(): number | string {
    this.take(8)
    return toNumber(this.#bytes.readBigInt64BE(this.at - 8))
  }

  float(): number {
    this.take(4)
    return this.#bytes.readFloatBE(this.at - 4)
  }

  double(): number {
    this.take(8)
    return this.#bytes.readDoubleBE(this.at - 8)
  }

  /** `null` is a value of its own in Kryo's strings. */
  string(): string | null {
    const first = this.byte()
    if (first < 0x80) return this.#ascii()
    let length = first & 0x3f
    if ((first & 0x40) !== 0) length += this.varint() * 64
    if (length === 0) return null
    return this.#wide(length - 1)
  }

  /** ASCII: the last character has its highest bit set. */
  #ascii(): string {
    const start = this.at - 1
    let end = this.at
    while ((this.#bytes[end] ?? 0x80) < 0x80) end++
    if (end >= this.#bytes.length) throw new KryoDamage('the value ends too early')
    this.at = end + 1
    return knownAscii(this.#bytes, start, end)
  }

  /** The characters when each is one byte, as in nearly all long texts. */
  #plain(characters: number): string | undefined {
    const end = this.at + characters
    for (let at = this.at; at < end; at++) if ((this.#bytes[at] ?? 0x80) >= 0x80) return undefined
    const text = this.#bytes.toString('latin1', this.at, end)
    this.at = end
    return text
  }

  /** UTF-16 units of one to three bytes each (surrogates one by one). */
  #wide(characters: number): string {
    if (characters > this.left) throw new KryoDamage('a text is longer than the value')
    const plain = this.#plain(characters)
    if (plain !== undefined) return plain
    const units: string[] = []
    for (let index = 0; index < characters; index++) {
      const first = this.byte()
      if (first < 0x80) units.push(String.fromCharCode(first))
      else if (first >> 5 === 6) units.push(String.fromCharCode(((first & 0x1f) << 6) | (this.byte() & 0x3f)))
      else {
        const [second, third] = [this.byte() & 0x3f, this.byte() & 0x3f]
        units.push(String.fromCharCode(((first & 0x0f) << 12) | (second << 6) | third))
      }
    }
    return units.join('')
  }
}

function toNumber(value: bigint): number | string {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value.toString()
}
