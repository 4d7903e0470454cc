import type { Fact } from '../fact/fact.ts'
import { toJsonText } from '../fact/json-text.ts'

/** The lists of the document, in order, and the kinds of facts that stand in each. */
const LISTS: readonly (readonly [name: string, kinds: readonly Fact['kind'][]])[] = [
  ['transforms', ['transform']],
  ['nodes', ['run', 'artifact']],
  ['edges', ['consumed', 'produced', 'copied']],
  ['ambiguous', ['ambiguous']],
  ['gaps', ['gap']],
]

/**
 * Facts as one JSON document, in the shape of a lineage: `{"transforms":[…],"nodes":[…],"edges":[…],"ambiguous":[…],
 * "gaps":[…],"truncated":false}`. Written as it is read, one thing a line; the facts must come by kind, as exports do.
 */
export async function* toJsonDocument(facts: AsyncIterable<Fact>): AsyncGenerator<string> {
  let open = -1
  let isFirst = true
  yield '{'
  for await (const fact of facts) {
    const at = LISTS.findIndex(([, kinds]) => kinds.includes(fact.kind))
    if (at < 0) continue
    for (; open < at; open++, isFirst = true) yield nextList(open)
    yield `${isFirst ? '' : ','}\n${toJsonText(fact)}`
    isFirst = false
  }
  for (; open < LISTS.length - 1; open++) yield nextList(open)
  yield '],\n"truncated":false}\n'
}

/** Ends the list that is open and begins the next. */
function nextList(open: number): string {
  const name = LISTS[open + 1]?.[0] ?? ''
  return `${open < 0 ? '' : '],\n'}${JSON.stringify(name)}:[`
}
