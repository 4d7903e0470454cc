import type { Fact } from '../fact/fact.ts'
import { FactStream, portionsOf } from '../fact/fact-stream.ts'
import type { Outcome } from '../fact/outcome.ts'
import { Counts } from './counts.ts'
import { MarkedKeys } from './marked-keys.ts'

/** Counting more artifacts exactly would cost more memory than it tells. */
export const MOST_DISTINCT = 1_000_000

/** What went through, for people: bounded, however long the stream is. */
export class Tally extends Counts {
  /** Runs of which nobody says which run started them: executions of an engine. */
  executions = 0
  readonly outcomes: Partial<Record<Outcome, number>> = {}
  /** Artifacts; those with a checksum over all of their bytes are marked. */
  readonly #files = new MarkedKeys()

  watch(facts: AsyncIterable<Fact>): FactStream {
    return new FactStream(this.#watch(portionsOf(facts)))
  }

  /** Artifacts, each counted once however often it was told of; no more than `MOST_DISTINCT` are counted. */
  get files(): number {
    return this.#files.size
  }

  /** Artifacts with a checksum over all of their bytes. */
  get digested(): number {
    return this.#files.marked
  }

  override add(fact: Fact): void {
    super.add(fact)
    if (fact.kind === 'run') {
      if (fact.parent === undefined) this.executions++
      else this.outcomes[fact.outcome] = (this.outcomes[fact.outcome] ?? 0) + 1
    } else if (fact.kind === 'artifact' && this.#files.size < MOST_DISTINCT) {
      this.#files.add(keyOf(fact.uid), fact.digests?.some(({ scope }) => scope === 'full') === true)
    }
  }

  async *#watch(portions: AsyncIterable<readonly Fact[]>): AsyncIterable<readonly Fact[]> {
    for await (const portion of portions) {
      for (const fact of portion) this.add(fact)
      yield portion
    }
  }
}

/** A number of 52 bits in place of a uid: a tenth of its memory, and two of a million are alike once in 9,000 imports. */
function keyOf(uid: string): number {
  let high = 0
  let low = 0
  for (let at = 0; at < uid.length; at++) {
    low = (Math.imul(low, 31) + uid.charCodeAt(at)) >>> 0
    high = (Math.imul(high, 131) + uid.charCodeAt(at)) & 0xf_ffff
  }
  return high * 0x1_0000_0000 + low
}
