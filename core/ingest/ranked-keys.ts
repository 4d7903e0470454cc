const SMALLEST = 1024
const RANKS = 16

/**
 * A set of whole numbers of 48 bits, each with the greatest of the ranks 0 to 15 that it was given, in some fifteen
 * bytes each: a `Map` takes three times as much.
 */
export class RankedKeys {
  /** Key and rank as one number, plus one: 0 is free. */
  #slots = new Float64Array(SMALLEST)
  #size = 0
  readonly #ofRank = Array.from({ length: RANKS }, () => 0)

  get size(): number {
    return this.#size
  }

  /** How many keys have this rank. */
  count(rank: number): number {
    return this.#ofRank[rank] ?? 0
  }

  add(key: number, rank: number): void {
    if (this.#size * 4 >= this.#slots.length * 3) this.#grow()
    const at = this.#find(key)
    const known = this.#slots[at] ?? 0
    const before = (known - 1) % RANKS
    if (known !== 0 && before >= rank) return
    if (known === 0) this.#size++
    else this.#ofRank[before] = this.count(before) - 1
    this.#ofRank[rank] = this.count(rank) + 1
    this.#slots[at] = key * RANKS + rank + 1
  }

  /** The slot of the key, or the free one where it belongs. */
  #find(key: number): number {
    const mask = this.#slots.length - 1
    let at = key % this.#slots.length
    for (let slot = this.#slots[at] ?? 0; slot !== 0; slot = this.#slots[at] ?? 0) {
      if (keyIn(slot) === key) return at
      at = (at + 1) & mask
    }
    return at
  }

  #grow(): void {
    const before = this.#slots
    this.#slots = new Float64Array(before.length * 2)
    for (const slot of before) if (slot !== 0) this.#slots[this.#find(keyIn(slot))] = slot
  }
}

function keyIn(slot: number): number {
  return Math.floor((slot - 1) / RANKS)
}
