const KEY_BYTES = 16
const RECORD_BYTES = KEY_BYTES + 32
const SMALLEST = 1024

/**
 * sha256 digests by keys of 16 bytes that are hashes themselves, some 60 bytes each: a `Map` of texts takes four times
 * as much. What was set first stays behind what is set later.
 */
export class DigestTable {
  #records = Buffer.alloc(SMALLEST * RECORD_BYTES)
  #count = 0
  /** Number of a record plus one by the beginning of its key; 0 is free. */
  #slots = new Int32Array(SMALLEST * 2)

  /** @param records whole records: a key and its digest each */
  add(records: Buffer): void {
    for (let at = 0; at + RECORD_BYTES <= records.length; at += RECORD_BYTES) {
      this.#set(records.subarray(at, at + RECORD_BYTES))
    }
  }

  get(key: Buffer): Buffer | undefined {
    const number = this.#slots[this.#slot(key)] ?? 0
    const at = (number - 1) * RECORD_BYTES
    return number === 0 ? undefined : this.#records.subarray(at + KEY_BYTES, at + RECORD_BYTES)
  }

  #set(record: Buffer): void {
    if (this.#count * RECORD_BYTES === this.#records.length) this.#grow()
    const slot = this.#slot(record)
    const known = this.#slots[slot] ?? 0
    record.copy(this.#records, (known === 0 ? this.#count : known - 1) * RECORD_BYTES)
    if (known === 0) this.#slots[slot] = ++this.#count
  }

  /** The slot of the key, or the free one where it belongs. */
  #slot(key: Buffer): number {
    const mask = this.#slots.length - 1
    let slot = key.readUInt32LE(0) & mask
    for (let number = this.#slots[slot] ?? 0; number !== 0; number = this.#slots[slot] ?? 0) {
      const at = (number - 1) * RECORD_BYTES
      if (this.#records.compare(key, 0, KEY_BYTES, at, at + KEY_BYTES) === 0) return slot
      slot = (slot + 1) & mask
    }
    return slot
  }

  #grow(): void {
    const records = Buffer.alloc(this.#records.length * 2)
    this.#records.copy(records)
    this.#records = records
    this.#slots = new Int32Array(this.#slots.length * 2)
    for (let number = 0; number < this.#count; number++) {
      const key = records.subarray(number * RECORD_BYTES, number * RECORD_BYTES + KEY_BYTES)
      this.#slots[this.#slot(key)] = number + 1
    }
  }
}
