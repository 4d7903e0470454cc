import type { Fact } from '../fact/fact.ts'
import { FactStream, portionsOf } from '../fact/fact-stream.ts'
import { type Outcome, outcomeRanks, outcomes } from '../fact/outcome.ts'
import { Counts } from './counts.ts'
import { RankedKeys } from './ranked-keys.ts'

/** Counting more artifacts or runs exactly would cost more memory than it tells. */
export const MOST_DISTINCT = 1_000_000

/** An artifact with a checksum over all of its bytes. */
const HASHED = 1
/** A run of which nobody says which run started it; those below one have the rank of their outcome, plus one. */
const EXECUTION = 0

/** What went through, for people: each run and artifact once, however often it was told of. */
export class Tally extends Counts {
  readonly #runs = new RankedKeys()
  readonly #files = new RankedKeys()

  watch(facts: AsyncIterable<Fact>): FactStream {
    return new FactStream(this.#watch(portionsOf(facts)))
  }

  /** Runs that no other run started: executions of an engine. */
  get executions(): number {
    return this.#runs.count(EXECUTION)
  }

  /** Of the runs below an execution. */
  get outcomes(): Partial<Record<Outcome, number>> {
    const counts = outcomes.map((outcome) => [outcome, this.#runs.count(rankOf(outcome))] as const)
    return Object.fromEntries(counts.filter(([, count]) => count > 0))
  }

  get files(): number {
    return this.#files.size
  }

  /** Artifacts with a checksum over all of their bytes. */
  get digested(): number {
    return this.#files.count(HASHED)
  }

  override add(fact: Fact): void {
    super.add(fact)
    if (fact.kind === 'run') {
      this.#note(this.#runs, fact.uid, fact.parent === undefined ? EXECUTION : rankOf(fact.outcome))
    } else if (fact.kind === 'artifact') {
      const isHashed = fact.digests?.some(({ scope }) => scope === 'full') === true
      this.#note(this.#files, fact.uid, isHashed ? HASHED : 0)
    }
  }

  #note(keys: RankedKeys, uid: string, rank: number): void {
    if (keys.size < MOST_DISTINCT) keys.add(keyOf(uid), rank)
  }

  async *#watch(portions: AsyncIterable<readonly Fact[]>): AsyncIterable<readonly Fact[]> {
    for await (const portion of portions) {
      for (const fact of portion) this.add(fact)
      yield portion
    }
  }
}

function rankOf(outcome: Outcome): number {
  return outcomeRanks.indexOf(outcome) + 1
}

/** A number of 48 bits in place of a uid: a tenth of its memory, and two of a million are alike once in 500 imports. */
function keyOf(uid: string): number {
  let high = 0
  let low = 0
  for (let at = 0; at < uid.length; at++) {
    low = (Math.imul(low, 31) + uid.charCodeAt(at)) >>> 0
    high = (Math.imul(high, 131) + uid.charCodeAt(at)) & 0xffff
  }
  return high * 0x1_0000_0000 + low
}
