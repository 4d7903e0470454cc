/** Marks on numbered things: a bit each, so that a million of them take as much memory as a picture. */
export class Marks {
  private readonly bits: Uint8Array
  /** @param most numbers go from 0 to this one */
  constructor(most: number) {
    this.bits = new Uint8Array((most >>> 3) + 1)
  }

  has(number: number): boolean {
    return ((this.bits[number >>> 3] ?? 0) & (1 << (number & 7))) !== 0
  }

  add(number: number): void {
    this.bits[number >>> 3] = (this.bits[number >>> 3] ?? 0) | (1 << (number & 7))
  }
}
