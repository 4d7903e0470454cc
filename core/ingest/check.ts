import { StemmaError } from '../errors.ts'
import { FACTS_VERSION, Fact } from '../fact/fact.ts'

/** Parses facts that somebody else wrote; `number` counts from one. */
export async function* checkFacts(facts: AsyncIterable<unknown>): AsyncIterable<Fact> {
  let number = 0
  for await (const fact of facts) yield checkFact(fact, ++number)
}

function checkFact(value: unknown, number: number): Fact {
  const parsed = Fact.safeParse(value)
  if (parsed.success) return parsed.data
  if (isStream(value) && value.version !== FACTS_VERSION) {
    throw new StemmaError('fact.version', `fact stream of version ${String(value.version)}, not ${FACTS_VERSION}`)
  }
  const issue = parsed.error.issues[0]
  const where = issue === undefined || issue.path.length === 0 ? '' : `: "${issue.path.join('.')}"`
  throw new StemmaError('fact.invalid', `not a fact: number ${number}${where}: ${issue?.message ?? 'unknown'}`, {
    detail: { number },
    cause: parsed.error,
  })
}

function isStream(value: unknown): value is { kind: 'stream'; version: unknown } {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'stream' && 'version' in value
}
