import type { Fact } from './fact.ts'

/**
 * Facts that can be had one by one, or many at once as their maker gives them: a step of an asynchronous loop costs
 * more than all that is done with most facts.
 */
export class FactStream implements AsyncIterable<Fact> {
  /** The same facts in the same order; a portion may be empty. */
  readonly portions: AsyncIterable<readonly Fact[]>

  constructor(portions: AsyncIterable<readonly Fact[]>) {
    this.portions = portions
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Fact, void> {
    for await (const portion of this.portions) yield* portion
  }
}

/** Facts in portions; of a maker that gives them one by one, each as soon as it is there. */
export function portionsOf(facts: AsyncIterable<Fact>): AsyncIterable<readonly Fact[]> {
  return facts instanceof FactStream ? facts.portions : eachAlone(facts)
}

async function* eachAlone(facts: AsyncIterable<Fact>): AsyncIterable<readonly Fact[]> {
  for await (const fact of facts) yield [fact]
}
