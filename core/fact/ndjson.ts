import { StemmaError } from '../errors.ts'
import { Fact, FACTS_VERSION } from './fact.ts'
import { toJsonText } from './json-text.ts'

/** Far above the largest honest fact (a source text of a million characters, escaped). */
const MOST_LINE_CHARACTERS = 16_000_000

/** One fact as a line of an NDJSON stream. */
export function factLine(fact: Fact): string {
  return `${toJsonText(fact)}\n`
}

/**
 * The facts of an NDJSON stream, each checked. `name` is what the messages call the stream.
 * @throws StemmaError `fact.version`, or `fact.invalid` with the number of the line
 */
export async function* readFacts(chunks: AsyncIterable<Uint8Array>, name: string): AsyncIterable<Fact> {
  let line = 0
  for await (const text of linesOf(chunks, name)) {
    line++
    if (text.trim() === '') continue
    const fact = parseFact(text, `${name}:${String(line)}`)
    if (line === 1 && fact.kind !== 'stream') throw invalid(`${name}:1`, 'the first line is no stream header')
    yield fact
  }
  if (line === 0) throw invalid(name, 'the file is empty')
}

function parseFact(text: string, place: string): Fact {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw invalid(place, 'not JSON', cause)
  }
  refuseOtherVersion(value, place)
  const parsed = Fact.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw invalid(place, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a fact'}`)
}

function refuseOtherVersion(value: unknown, place: string): void {
  if (typeof value !== 'object' || value === null || !('kind' in value) || value.kind !== 'stream') return
  const version = 'version' in value ? value.version : undefined
  if (version === FACTS_VERSION) return
  throw new StemmaError('fact.version', `facts of version ${JSON.stringify(version)}: ${place}`, { detail: { place } })
}

function invalid(place: string, why: string, cause?: unknown): StemmaError {
  return new StemmaError('fact.invalid', `not a fact: ${why}: ${place}`, { cause, detail: { place } })
}

async function* linesOf(chunks: AsyncIterable<Uint8Array>, name: string): AsyncIterable<string> {
  const decoder = new TextDecoder()
  let rest = ''
  let line = 1
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    line += lines.length
    yield* lines
    if (rest.length > MOST_LINE_CHARACTERS) throw invalid(`${name}:${String(line)}`, 'the line is too long')
  }
  rest += decoder.decode()
  if (rest !== '') yield rest
}
