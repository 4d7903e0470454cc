import type { Fact, GapFact } from '../fact/fact.ts'
import type { Outcome } from '../fact/outcome.ts'
import type { GapGroup } from './ingest.ts'

/** Examples kept of each kind of gap. */
const MOST_EXAMPLES = 3

/** What went through, for people: bounded, however long the stream is. */
export class Tally {
  readonly counts: Record<string, number> = {}
  /** Runs of which nobody says which run started them: executions of an engine. */
  executions = 0
  readonly outcomes: Partial<Record<Outcome, number>> = {}
  /** Artifacts with a checksum over all of their bytes. */
  digested = 0
  readonly #gaps = new Map<string, { count: number; examples: { place: string; message: string }[] }>()

  async *watch(facts: AsyncIterable<Fact>): AsyncIterable<Fact> {
    for await (const fact of facts) {
      this.add(fact)
      yield fact
    }
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
      if (fact.digests?.some(({ scope }) => scope === 'full') === true) this.digested++
    } else if (fact.kind === 'gap') this.#addGap(fact)
  }

  #addGap({ code, place, message }: GapFact): void {
    const group = this.#gaps.get(code) ?? { count: 0, examples: [] }
    group.count++
    if (group.examples.length < MOST_EXAMPLES) group.examples.push({ place, message })
    this.#gaps.set(code, group)
  }
}
