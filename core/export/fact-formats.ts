import type { Fact } from '../fact/fact.ts'
import { factLine } from '../fact/ndjson.ts'
import { toDot } from './dot.ts'
import { toJsonDocument } from './json.ts'
import { toMermaid } from './mermaid.ts'

/** What facts can be written as. */
export type FactFormat = 'ndjson' | 'json' | 'dot' | 'mermaid'

/** Facts (definitions before uses, by kind) as text, piece by piece: memory stays flat but for JSON's and pictures' ends. */
export function formatFacts(facts: AsyncIterable<Fact>, format: FactFormat): AsyncIterable<string> {
  switch (format) {
    case 'ndjson':
      return toLines(facts)
    case 'json':
      return toJsonDocument(facts)
    case 'dot':
      return toDot(facts)
    case 'mermaid':
      return toMermaid(facts)
  }
}

async function* toLines(facts: AsyncIterable<Fact>): AsyncGenerator<string> {
  for await (const fact of facts) yield factLine(fact)
}
