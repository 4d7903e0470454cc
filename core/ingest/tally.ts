import type { Fact, GapFact } from '../fact/fact.ts'
import { FactStream, portionsOf } from '../fact/fact-stream.ts'
import type { Outcome } from '../fact/outcome.ts'

export interface GapGroup {
  readonly code: string
  readonly count: number
  /** The first few. */
  readonly examples: readonly { readonly place: string; readonly message: string }[]
}

/** Examples kept of each kind of gap. */
const MOST_EXAMPLES = 3
/** Counting more artifacts exactly would cost more memory than it tells. */
export const MOST_DISTINCT = 1_000_000

/** What went through, for people: bounded, however long the stream is. */
export class Tally {
  readonly counts: Record<string, number> = {}
  /** Runs of which nobody says which run started them: executions of an engine. */
  executions = 0
  readonly outcomes: Partial<Record<Outcome, number>> = {}
  readonly #files = new Set<number>()
  readonly #digested = new Set<number>()
  readonly #gaps = new Map<string, { count: number; examples: { place: string; message: string }[] }>()

  watch(facts: AsyncIterable<Fact>): FactStream {
    return new FactStream(this.#watch(portionsOf(facts)))
  }

  /** Artifacts, each counted once however often it was told of; no more than `MOST_DISTINCT` are counted. */
  get files(): number {
    return this.#files.size
  }

  /** Artifacts with a checksum over all of their bytes. */
  get digested(): number {
    return this.#digested.size
  }

  get gaps(): GapGroup[] {
    return [...this.#gaps].map(([code, { count, examples }]) => ({ code, count, examples }))
  }

  add(fact: Fact): void {
    this.counts[fact.kind] = (this.counts[fact.kind] ?? 0) + 1
    if (fact.kind === 'run') {
      if (fact.parent === undefined) this.executions++
      else this.outcomes[fact.outcome] = (this.outcomes[fact.outcome] ?? 0) + 1
    } else if (fact.kind === 'artifact') {
      const key = keyOf(fact.uid)
      if (this.#files.size < MOST_DISTINCT) this.#files.add(key)
      const isDigested = fact.digests?.some(({ scope }) => scope === 'full') === true
      if (isDigested && this.#digested.size < MOST_DISTINCT) this.#digested.add(key)
    } else if (fact.kind === 'gap') this.#addGap(fact)
  }

  async *#watch(portions: AsyncIterable<readonly Fact[]>): AsyncIterable<readonly Fact[]> {
    for await (const portion of portions) {
      for (const fact of portion) this.add(fact)
      yield portion
    }
  }

  #addGap({ code, place, message }: GapFact): void {
    const group = this.#gaps.get(code) ?? { count: 0, examples: [] }
    group.count++
    if (group.examples.length < MOST_EXAMPLES) group.examples.push({ place, message })
    this.#gaps.set(code, group)
  }
}

/** A number of 53 bits in place of a uid: a tenth of its memory, and two of a million are alike once in 10,000 imports. */
function keyOf(uid: string): number {
  let high = 0
  let low = 0
  for (let at = 0; at < uid.length; at++) {
    low = (Math.imul(low, 31) + uid.charCodeAt(at)) >>> 0
    high = (Math.imul(high, 131) + uid.charCodeAt(at)) & 0x1f_ffff
  }
  return high * 0x1_0000_0000 + low
}
