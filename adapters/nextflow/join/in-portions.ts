import type { Fact } from '../../../core/adapter.ts'

const FACTS_AT_ONCE = 64

/** Facts told one by one, some at once. */
export async function* inPortions(facts: AsyncIterable<Fact> | Iterable<Fact>): AsyncIterable<readonly Fact[]> {
  let portion: Fact[] = []
  for await (const fact of facts) {
    if (portion.push(fact) < FACTS_AT_ONCE) continue
    yield portion
    portion = []
  }
  yield portion
}
