const SMALLEST = 1024

/** Whole numbers of 32 bits by others, in twenty bytes each: a `Map` of a million of them takes four times as much. */
export class IntMap {
  #keys = new Int32Array(SMALLEST)
  #values = new Int32Array(SMALLEST)
  /** Which places are taken: a key may be any number. */
  #taken = new Uint8Array(SMALLEST)
  #size = 0

  get(key: number): number | undefined {
    const at = this.#find(key)
    return this.#taken[at] === 1 ? this.#values[at] : undefined
  }

  set(key: number, value: number): void {
    if (this.#size * 4 >= this.#keys.length * 3) this.#grow()
    const at = this.#find(key)
    if (this.#taken[at] !== 1) this.#size++
    this.#keys[at] = key
    this.#values[at] = value
    this.#taken[at] = 1
  }

  /** The place of the key, or the free one where it belongs. */
  #find(key: number): number {
    const mask = this.#keys.length - 1
    let at = (Math.imul(key, 0x9e37_79b1) >>> 7) & mask
    while (this.#taken[at] === 1 && this.#keys[at] !== key) at = (at + 1) & mask
    return at
  }

  #grow(): void {
    const [keys, values, taken] = [this.#keys, this.#values, this.#taken]
    this.#keys = new Int32Array(keys.length * 2)
    this.#values = new Int32Array(keys.length * 2)
    this.#taken = new Uint8Array(keys.length * 2)
    this.#size = 0
    for (const [at, key] of keys.entries()) if (taken[at] === 1) this.set(key, values[at] ?? 0)
  }
}
