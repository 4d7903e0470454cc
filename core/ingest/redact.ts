import type { Fact } from '../fact/fact.ts'

export class Redactor {
  fact(fact: Fact): Fact {
    return fact
  }
  async *watch(facts: AsyncIterable<Fact>): AsyncIterable<Fact> {
    for await (const fact of facts) yield this.fact(fact)
  }
  text(text: string): string {
    return text
  }
}
