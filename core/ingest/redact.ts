import type { z } from 'zod'
import type { Fact, GapFact, RunFact, TransformFact } from '../fact/fact.ts'
import { callsItselfSecret, isValue, redactText, redactUri, REDACTED } from './redact-text.ts'
import { isSecretName } from './secret-name.ts'
import { secretsIn } from './secret-values.ts'

export { isSecretName } from './secret-name.ts'
export { redactText, redactUri } from './redact-text.ts'

type Json = z.infer<ReturnType<typeof z.json>>
type JsonObject = Record<string, Json>

/** Shorter ones, and plain words, would be found in text that has nothing to do with them. */
const SHORTEST_LITERAL = 6
const LONGEST_WORD = 12
const MOST_LITERALS = 10_000
const DEEPEST = 64
const LEAST_NUMBER = 100_000

/**
 * Takes secrets out of facts before anything is stored: values of secret names, text of a secret's shape, and
 * every value that was found by its name, wherever it stands from then on. Paths and uids stay as they are.
 */
export class Redactor {
  readonly #literals = new Set<string>()
  #pattern: RegExp | undefined

  /** How many values are looked for by now. */
  get known(): number {
    return this.#literals.size
  }

  async *watch(facts: AsyncIterable<Fact>): AsyncIterable<Fact> {
    for await (const fact of facts) yield this.fact(fact)
  }

  /** The same object when there is nothing to hide. */
  fact(fact: Fact): Fact {
    switch (fact.kind) {
      case 'run':
        return this.#run(fact)
      case 'transform':
        return this.#transform(fact)
      case 'artifact':
        return changed(fact, { uri: redactUri(fact.uri) })
      case 'gap':
        return this.#gap(fact)
      case 'consumed':
      case 'produced':
        return fact.role === undefined ? fact : changed(fact, { role: cleanText(fact.role) })
      case 'ambiguous':
        return changed(fact, { why: this.text(fact.why) })
      default:
        return fact
    }
  }

  /** Looks for secrets in values of which only digests are kept: text that comes later may repeat them. */
  heed(value: unknown): void {
    for (const secret of secretsIn(value)) if (isValue(secret)) this.#learn(secret)
  }

  /** Text without secrets, and without what no database can hold. */
  text(text: string): string {
    return this.literals(redactText(cleanText(text)))
  }

  /** Text without the values found so far; for what was read before they were. */
  literals(text: string): string {
    return this.#pattern === undefined ? text : text.replace(this.#pattern, REDACTED)
  }

  /** Any JSON without secrets. */
  json(value: Json): Json {
    return this.#json(value, 0)
  }

  #run(fact: RunFact): RunFact {
    // What has names first: the values found there are looked for in all other text. Parameters may have none, and a
    // command that names them: `--password x`.
    const searched = fact.command && redactText(cleanText(fact.command), (value) => { this.#learn(value) }) // prettier-ignore
    const params = fact.params && this.#object(fact.params, 0)
    const environment = fact.environment && this.#object(fact.environment, 0)
    const labels = fact.labels && this.#object(fact.labels, 0)
    const named = params === fact.params && environment === fact.environment && labels === fact.labels
    const name = this.text(fact.name)
    const key = cleanText(fact.key)
    const command = searched && this.literals(searched)
    const container = fact.container && this.text(fact.container)
    const host = fact.host && cleanText(fact.host)
    const workDir = fact.workDir && redactUri(fact.workDir)
    const error = fact.error && this.#error(fact.error)
    const told = name === fact.name && key === fact.key && command === fact.command && container === fact.container
    const rest = host === fact.host && workDir === fact.workDir && error === fact.error
    if (named && told && rest) return fact
    return { ...fact, params, environment, labels, name, key, command, container, host, workDir, error }
  }

  #error(error: NonNullable<RunFact['error']>): NonNullable<RunFact['error']> {
    return changed(error, {
      message: this.text(error.message),
      ...(error.type === undefined ? {} : { type: this.text(error.type) }),
      ...(error.stack === undefined ? {} : { stack: this.text(error.stack) }),
    })
  }

  #transform(fact: TransformFact): TransformFact {
    return changed(fact, {
      name: this.text(fact.name),
      ...(fact.source === undefined ? {} : { source: this.text(fact.source) }),
      ...(fact.sourcePath === undefined ? {} : { sourcePath: this.text(fact.sourcePath) }),
      ...(fact.version === undefined ? {} : { version: cleanText(fact.version) }),
    })
  }

  #gap(fact: GapFact): GapFact {
    return changed(fact, { place: this.text(fact.place), message: this.text(fact.message) })
  }

  #json(value: Json, depth: number): Json {
    if (typeof value === 'string') return this.#leaf(value)
    if (typeof value !== 'object' || value === null) return value
    if (depth > DEEPEST) return REDACTED // nobody looks that deep, and a secret could
    return Array.isArray(value) ? this.#array(value, depth) : this.#object(value, depth)
  }

  #leaf(value: string): string {
    if (!callsItselfSecret(value)) return this.text(value)
    this.#learn(value)
    return REDACTED
  }

  /** In `["--token", "x"]` the flag names what follows it. */
  #array(values: readonly Json[], depth: number): Json[] {
    return values.map((value, at) => {
      const before = values[at - 1]
      const flagged = typeof before === 'string' && /^--?[A-Za-z]/.test(before) && isSecretName(before)
      return flagged && typeof value === 'string' && !value.startsWith('-')
        ? this.#hide(value)
        : this.#json(value, depth + 1)
    })
  }

  #object(values: JsonObject, depth: number): JsonObject {
    let clean: JsonObject | undefined
    for (const key of Object.keys(values)) {
      const value = values[key] ?? null
      // `{"name": "api_token", "value": "x"}` names its value beside it.
      const name = key === 'value' && typeof values.name === 'string' ? values.name : key
      const made = isSecretName(name) ? this.#hide(value) : this.#json(value, depth + 1)
      if (made === value) continue
      clean ??= { ...values }
      Object.defineProperty(clean, key, { value: made, enumerable: true, configurable: true, writable: true })
    }
    return cleanKeys(clean ?? values)
  }

  /** All text below a secret name goes, and numbers as long as a password: `max_tokens: 5` tells nothing. */
  #hide(value: Json): Json {
    if (typeof value === 'number') return Math.abs(value) < LEAST_NUMBER ? value : REDACTED
    if (typeof value === 'string') {
      if (!isValue(value)) return value
      this.#learn(value)
      return REDACTED
    }
    if (Array.isArray(value)) return value.map((one) => this.#hide(one))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.#hide(one)]))
  }

  #learn(value: string): void {
    const literal = value.trim().replace(/^(["'])(.*)\1$/s, '$2')
    if (literal.length < SHORTEST_LITERAL || this.#literals.has(literal) || this.#literals.size >= MOST_LITERALS) return
    if (literal.length <= LONGEST_WORD && /^[A-Za-z]?[a-z]+$/.test(literal)) return
    // Hiding a path everywhere would cut the lineage itself.
    if (/^(?:\.{0,2}\/|[a-z]+:\/\/)[\w./-]+\.\w{1,5}$/.test(literal)) return
    this.#literals.add(literal)
    const longestFirst = [...this.#literals].sort((a, b) => b.length - a.length)
    this.#pattern = new RegExp(longestFirst.map((one) => one.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|'), 'g')
  }
}

function cleanKeys(values: JsonObject): JsonObject {
  const dirty = Object.keys(values).some((key) => cleanText(key) !== key)
  return dirty ? Object.fromEntries(Object.entries(values).map(([key, value]) => [cleanText(key), value])) : values
}

/** NUL, which Postgres has no place for, and lone surrogates, which are no Unicode. */
function cleanText(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed()
  return whole.includes('\0') ? whole.replaceAll('\0', '\uFFFD') : whole
}

function changed<T extends object>(value: T, changes: Partial<T>): T {
  for (const key in changes) if (value[key] !== changes[key]) return { ...value, ...changes }
  return value
}
