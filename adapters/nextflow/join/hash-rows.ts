import { IntMap } from './int-map.ts'

const HASH_BYTES = 16
const ROW_BYTES = HASH_BYTES + 1
const SMALLEST = 1024

/** A full task hash and what was noted with it. */
export interface HashRow {
  readonly fullHash: string
  /** 0 to 255. */
  readonly note: number
}

/**
 * Full task hashes, found by their first 32 bits, in some forty bytes each: a `Map` of texts takes five times as much.
 * Several may share a short hash; they stand in the order in which they came.
 */
export class HashRows implements Iterable<HashRow> {
  /** Short hash to the number of its last row plus one. */
  readonly #last = new IntMap()
  #rows = Buffer.alloc(SMALLEST * ROW_BYTES)
  /** The row before of the same short hash, plus one; 0 where there is none. */
  #before = new Int32Array(SMALLEST)
  #size = 0

  get size(): number {
    return this.#size
  }

  add(fullHash: string, note: number): void {
    if (this.#size === this.#before.length) this.#grow()
    const at = this.#size * ROW_BYTES
    this.#rows.write(fullHash, at, HASH_BYTES, 'hex')
    this.#rows[at + HASH_BYTES] = note
    const short = this.#rows.readInt32BE(at)
    this.#before[this.#size] = this.#last.get(short) ?? 0
    this.#last.set(short, ++this.#size)
  }

  /** Those whose first eight digits make this number (of 32 bits, signed). */
  of(short: number): readonly HashRow[] {
    const rows: HashRow[] = []
    for (let number = this.#last.get(short) ?? 0; number !== 0; number = this.#before[number - 1] ?? 0) {
      rows.push(this.#row(number - 1))
    }
    return rows.length < 2 ? rows : rows.reverse()
  }

  /** All, in the order in which they came. */
  *[Symbol.iterator](): Iterator<HashRow> {
    for (let number = 0; number < this.#size; number++) yield this.#row(number)
  }

  #row(number: number): HashRow {
    const at = number * ROW_BYTES
    return { fullHash: this.#rows.toString('hex', at, at + HASH_BYTES), note: this.#rows[at + HASH_BYTES] ?? 0 }
  }

  #grow(): void {
    const rows = Buffer.alloc(this.#rows.length * 2)
    this.#rows.copy(rows)
    this.#rows = rows
    const before = new Int32Array(this.#before.length * 2)
    before.set(this.#before)
    this.#before = before
  }
}
