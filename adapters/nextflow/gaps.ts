import type { ReadGap } from './records.ts'

const MOST_OF_A_CODE = 50

/** Makes the gaps of one file, at most 50 of a code: a file of noise must not become a million facts. */
export class Gaps {
  readonly #path: string
  readonly #counts = new Map<string, number>()
  #made: ReadGap[] = []

  constructor(path: string) {
    this.#path = path
  }

  /** `where` follows the path: `:12` (line), `@4096` (byte), or nothing. */
  add(code: string, where: string, message: string): void {
    const count = (this.#counts.get(code) ?? 0) + 1
    this.#counts.set(code, count)
    if (count <= MOST_OF_A_CODE) this.#made.push({ kind: 'gap', code, place: this.#path + where, message })
  }

  /** What was added since the last call. */
  take(): ReadGap[] {
    const made = this.#made
    if (made.length > 0) this.#made = []
    return made
  }

  /** The rest, and how many of each code were left out; called once at the end. */
  finish(): ReadGap[] {
    for (const [code, count] of this.#counts) {
      if (count <= MOST_OF_A_CODE) continue
      const message = `${count - MOST_OF_A_CODE} more of the same`
      this.#made.push({ kind: 'gap', code, place: this.#path, message })
    }
    this.#counts.clear()
    return this.take()
  }
}
