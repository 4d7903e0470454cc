const KEY_BYTES = 16
const SMALLEST = 1024

/**
 * Records of one size by keys of 16 bytes, in some ten bytes more than they hold: a `Map` of objects takes five times
 * as much. Records lie in `bytes`, which is another buffer whenever the table has grown.
 */
export class RecordTable {
  readonly #recordBytes: number
  #bytes: Buffer
  #count = 0
  /** Number of a record plus one, by its key; 0 is free. */
  #slots = new Int32Array(SMALLEST * 2)

  /** @param valueBytes what each record holds beside its key */
  constructor(valueBytes: number) {
    this.#recordBytes = KEY_BYTES + valueBytes
    this.#bytes = Buffer.alloc(SMALLEST * this.#recordBytes)
  }

  get size(): number {
    return this.#count
  }

  get bytes(): Buffer {
    return this.#bytes
  }

  /** Where the value of a key begins in `bytes`. */
  find(key: Uint8Array): number | undefined {
    const number = this.#slots[this.#slot(key)] ?? 0
    return number === 0 ? undefined : (number - 1) * this.#recordBytes + KEY_BYTES
  }

  /** The same; a key that is not there is added, with a value of zeros. */
  place(key: Uint8Array): number {
    if (this.#count * this.#recordBytes === this.#bytes.length) this.#grow()
    const slot = this.#slot(key)
    const known = this.#slots[slot] ?? 0
    if (known !== 0) return (known - 1) * this.#recordBytes + KEY_BYTES
    const at = this.#count * this.#recordBytes
    this.#slots[slot] = ++this.#count
    this.#bytes.set(key, at)
    return at + KEY_BYTES
  }

  /** The slot of the key, or the free one where it belongs. */
  #slot(key: Uint8Array): number {
    const mask = this.#slots.length - 1
    let slot = spread(key) & mask
    for (let number = this.#slots[slot] ?? 0; number !== 0; number = this.#slots[slot] ?? 0) {
      const at = (number - 1) * this.#recordBytes
      if (this.#bytes.compare(key, 0, KEY_BYTES, at, at + KEY_BYTES) === 0) return slot
      slot = (slot + 1) & mask
    }
    return slot
  }

  #grow(): void {
    const bytes = Buffer.alloc(this.#bytes.length * 2)
    this.#bytes.copy(bytes)
    this.#bytes = bytes
    this.#slots = new Int32Array(this.#slots.length * 2)
    for (let number = 0; number < this.#count; number++) {
      const at = number * this.#recordBytes
      this.#slots[this.#slot(bytes.subarray(at, at + KEY_BYTES))] = number + 1
    }
  }
}

/** All bytes count: keys are hashes, but those of a foreign file may be anything. */
function spread(key: Uint8Array): number {
  let value = 0
  for (const byte of key) value = Math.imul(value ^ byte, 0x0100_0193)
  return (value ^ (value >>> 15)) >>> 0
}
