const KEY_BYTES = 16
const SMALLEST = 1024
/** An entry: key, sequence and offset as doubles, size, file (negative: the key was deleted last). */
const ENTRY_BYTES = KEY_BYTES + 8 + 8 + 4 + 4

/** Where the newest write of a key lies. */
export interface Place {
  readonly file: number
  readonly sequence: number
  readonly offset: number
  readonly size: number
  readonly isDeleted: boolean
}

/** Places by keys of 16 bytes, some fifty bytes each: a `Map` of objects takes five times as much. */
export class PlaceTable {
  #entries = Buffer.alloc(SMALLEST * ENTRY_BYTES)
  #count = 0
  /** Number of an entry plus one, by its key; 0 is free. */
  #slots = new Int32Array(SMALLEST * 2)

  get size(): number {
    return this.#count
  }

  get(key: Uint8Array): Place | undefined {
    const number = this.#slots[this.#slot(key)] ?? 0
    if (number === 0) return undefined
    const at = (number - 1) * ENTRY_BYTES + KEY_BYTES
    const file = this.#entries.readInt32LE(at + 20)
    return {
      file: file < 0 ? ~file : file,
      sequence: this.#entries.readDoubleLE(at),
      offset: this.#entries.readDoubleLE(at + 8),
      size: this.#entries.readUInt32LE(at + 16),
      isDeleted: file < 0,
    }
  }

  set(key: Uint8Array, { file, sequence, offset, size, isDeleted }: Place): void {
    if (this.#count * ENTRY_BYTES === this.#entries.length) this.#grow()
    const slot = this.#slot(key)
    const known = this.#slots[slot] ?? 0
    const number = known === 0 ? ++this.#count : known
    this.#slots[slot] = number
    const at = (number - 1) * ENTRY_BYTES + KEY_BYTES
    this.#entries.set(key, at - KEY_BYTES)
    this.#entries.writeDoubleLE(sequence, at)
    this.#entries.writeDoubleLE(offset, at + 8)
    this.#entries.writeUInt32LE(size, at + 16)
    this.#entries.writeInt32LE(isDeleted ? ~file : file, at + 20)
  }

  /** The slot of the key, or the free one where it belongs. */
  #slot(key: Uint8Array): number {
    const mask = this.#slots.length - 1
    let slot = spread(key) & mask
    for (let number = this.#slots[slot] ?? 0; number !== 0; number = this.#slots[slot] ?? 0) {
      const at = (number - 1) * ENTRY_BYTES
      if (this.#entries.compare(key, 0, KEY_BYTES, at, at + KEY_BYTES) === 0) return slot
      slot = (slot + 1) & mask
    }
    return slot
  }

  #grow(): void {
    const entries = Buffer.alloc(this.#entries.length * 2)
    this.#entries.copy(entries)
    this.#entries = entries
    this.#slots = new Int32Array(this.#slots.length * 2)
    for (let number = 0; number < this.#count; number++) {
      const key = entries.subarray(number * ENTRY_BYTES, number * ENTRY_BYTES + KEY_BYTES)
      this.#slots[this.#slot(key)] = number + 1
    }
  }
}

/** All bytes count: keys are hashes, but the file is foreign. */
function spread(key: Uint8Array): number {
  let value = 0
  for (const byte of key) value = Math.imul(value ^ byte, 0x0100_0193)
  return (value ^ (value >>> 15)) >>> 0
}
