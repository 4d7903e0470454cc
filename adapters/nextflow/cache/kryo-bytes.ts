/** Thrown inside the decoder when the bytes end or make no sense; never leaves `decodeKryo`. */
export class KryoDamage extends Error {}

/** Reads Kryo 2's primitive encodings from bytes, never beyond their end. */
export class KryoBytes {
  at = 0
  readonly #bytes: Uint8Array
  readonly #view: DataView

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
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
    for (let shift = 0; shift < 35; shift += 7) {
      const next = this.byte()
      value += (next & 0x7f) * 2 ** shift
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
    const signed = (value >> 1n) ^ -(value & 1n)
    return toNumber(signed)
  }

  unsignedVarlong(): number | string {
    return toNumber(this.#varlong())
  }

  #varlong(): bigint {
    let value = 0n
    for (let index = 0; index < 8; index++) {
      const next = this.byte()
      value |= BigInt(next & 0x7f) << BigInt(index * 7)
      if (next < 0x80) return value
    }
    return value | (BigInt(this.byte()) << 56n) // the ninth byte counts whole
  }

  int32(): number {
    this.take(4)
    return this.#view.getInt32(this.at - 4)
  }

  int16(): number {
    this.take(2)
    return this.#view.getInt16(this.at - 2)
  }

  int64(): number | string {
    this.take(8)
    return toNumber(this.#view.getBigInt64(this.at - 8))
  }

  float(): number {
    this.take(4)
    return this.#view.getFloat32(this.at - 4)
  }

  double(): number {
    this.take(8)
    return this.#view.getFloat64(this.at - 8)
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
    while (this.byte() < 0x80);
    const { buffer, byteOffset } = this.#bytes
    const last = (this.#bytes[this.at - 1] ?? 0) & 0x7f
    const text = Buffer.from(buffer, byteOffset + start, this.at - 1 - start).toString('latin1')
    return text + String.fromCharCode(last)
  }

  /** The characters when each is one byte, as in nearly all long texts. */
  #plain(characters: number): string | undefined {
    const end = this.at + characters
    for (let at = this.at; at < end; at++) if ((this.#bytes[at] ?? 0x80) >= 0x80) return undefined
    const { buffer, byteOffset } = this.#bytes
    const text = Buffer.from(buffer, byteOffset + this.at, characters).toString('latin1')
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
