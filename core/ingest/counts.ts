import type { Fact, GapFact } from '../fact/fact.ts'

export interface GapGroup {
  readonly code: string
  readonly count: number
  /** The first few. */
  readonly examples: readonly { readonly place: string; readonly message: string }[]
}

/** Examples kept of each kind of gap. */
const MOST_EXAMPLES = 3

/** How many facts of each kind went through, and which gaps. */
export class Counts {
  readonly counts: Record<string, number> = {}
  readonly #gaps = new Map<string, { count: number; examples: { place: string; message: string }[] }>()

  get gaps(): GapGroup[] {
    return [...this.#gaps].map(([code, { count, examples }]) => ({ code, count, examples }))
  }

  add(fact: Fact): void {
    this.counts[fact.kind] = (this.counts[fact.kind] ?? 0) + 1
    if (fact.kind === 'gap') this.#addGap(fact)
  }

  #addGap({ code, place, message }: GapFact): void {
    const group = this.#gaps.get(code) ?? { count: 0, examples: [] }
    group.count++
    if (group.examples.length < MOST_EXAMPLES) group.examples.push({ place, message })
    this.#gaps.set(code, group)
  }
}
