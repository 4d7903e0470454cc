import { setParam } from './param-value.ts'
import { tokenizeGroovy, type GroovyToken } from './groovy-tokens.ts'

/** Parameters that a script or configuration sets to plain values. */
export interface LiteralParams {
  readonly values: Readonly<Record<string, unknown>>
  /** Set as well, but not to a plain value (an expression, a condition), so their value is not known. */
  readonly unknown: readonly string[]
  /** Includes another file whose text is not at hand, so that other values may hold. */
  readonly isOpen: boolean
}

/** What a configuration is read with. */
export interface LiteralContext {
  /** Profiles in use; what others set does not count. */
  readonly profiles: readonly string[]
  /** The text behind `includeConfig '…'`. */
  readonly include: (path: string) => string | undefined
}

const MOST_INCLUDES = 8
const MOST_DEPTH = 32

/**
 * Finds `params.name = literal` and `params { name = literal }` at the top of a script or configuration, and inside the
 * named profiles of a configuration. What is computed, conditional or set again elsewhere is unknown, not guessed.
 */
export function findLiteralParams(source: string, context: LiteralContext = SCRIPT): LiteralParams {
  return findIn(source, context, 0)
}

/** A script has neither profiles nor includes that set parameters. */
const SCRIPT: LiteralContext = { profiles: [], include: () => '' }

function findIn(source: string, context: LiteralContext, depth: number): LiteralParams {
  const finder = new LiteralFinder([...tokenizeGroovy(source)], context, depth)
  finder.run()
  for (const name of finder.unknown) finder.values.delete(name)
  const values: Record<string, unknown> = {}
  for (const [name, value] of finder.values) setParam(values, name, value)
  return { values, unknown: [...finder.unknown], isOpen: finder.isOpen }
}

/** What a block's statements mean. */
type Scope = 'plain' | 'params' | 'profiles' | 'unused' | 'other'

class LiteralFinder {
  readonly values = new Map<string, unknown>()
  readonly unknown = new Set<string>()
  isOpen = false
  readonly #tokens: readonly GroovyToken[]
  readonly #context: LiteralContext
  readonly #depth: number
  #at = 0

  constructor(tokens: readonly GroovyToken[], context: LiteralContext, depth: number) {
    this.#tokens = tokens
    this.#context = context
    this.#depth = depth
  }

  run(): void {
    const scopes: Scope[] = ['plain']
    let isStart = true
    while (this.#at < this.#tokens.length) {
      const scope = scopes.at(-1) ?? 'other'
      const token = this.#tokens[this.#at]
      if (isStart && token?.type === 'name' && this.#statement(scope, scopes)) continue
      this.#at++
      if (token?.text === '{' && token.type === 'mark') scopes.push(scope === 'unused' ? 'unused' : 'other')
      if (token?.text === '}' && token.type === 'mark' && scopes.length > 1) scopes.pop()
      if (token?.type === 'name' && token.text === 'params' && scope !== 'unused') this.#noteElsewhere()
      isStart = token?.type === 'end' ? !this.#isContinued() : token?.type === 'mark' && '{}'.includes(token.text)
    }
  }

  /** @returns whether the statement was read; else the caller goes on token by token */
  #statement(scope: Scope, scopes: Scope[]): boolean {
    const name = this.#tokens[this.#at]?.text ?? ''
    const next = this.#tokens[this.#at + 1]
    if (isMark(next, '{')) {
      const inner = this.#scopeOf(scope, name)
      if (inner === undefined) return false
      scopes.push(inner)
      this.#at += 2
      return true
    }
    if (scope === 'params') return this.#assignment(this.#at)
    if (name === 'includeConfig' && scope !== 'unused') this.#include(scope)
    if (scope !== 'plain' || name !== 'params' || !isMark(next, '.')) return false
    return this.#assignment(this.#at + 2)
  }

  #scopeOf(scope: Scope, name: string): Scope | undefined {
    if (scope === 'plain' && name === 'params') return 'params'
    if (scope === 'plain' && name === 'profiles') return 'profiles'
    if (scope === 'profiles') return this.#context.profiles.includes(name) ? 'plain' : 'unused'
    return scope === 'unused' ? 'unused' : undefined
  }

  /** What a file included here sets, as though it stood here. */
  #include(scope: Scope): void {
    const name = this.#tokens[this.#at + 1]
    const isLiteral = name?.type === 'text' && name.isTemplate !== true
    const text =
      isLiteral && scope === 'plain' && this.#depth < MOST_INCLUDES ? this.#context.include(name.text) : undefined
    if (text === undefined) {
      this.isOpen = true
      return
    }
    const found = findIn(text, this.#context, this.#depth + 1)
    for (const [key, value] of Object.entries(found.values)) this.values.set(key, value)
    for (const key of found.unknown) this.unknown.add(key)
    this.isOpen ||= found.isOpen
  }

  /** `a.b = literal`, or `a: Type = literal` in a typed block. */
  #assignment(from: number): boolean {
    let at = from
    let name = this.#tokens[at]?.text ?? ''
    if (this.#tokens[at]?.type !== 'name') return false
    while (isMark(this.#tokens[at + 1], '.') && this.#tokens[at + 2]?.type === 'name') {
      name += `.${this.#tokens[at + 2]?.text ?? ''}`
      at += 2
    }
    if (isMark(this.#tokens[at + 1], ':'))
      while (at < this.#tokens.length && !isEnd(this.#tokens[at + 1]) && !isMark(this.#tokens[at + 1], '=')) at++
    if (!isMark(this.#tokens[at + 1], '=') || isMark(this.#tokens[at + 2], '=')) return false
    this.#at = at + 2
    const value = this.#literal(0)
    if (value === undefined || !isEnd(this.#tokens[this.#at])) this.unknown.add(name)
    else this.values.set(name, value.value)
    return true
  }

  #literal(depth: number): { value: unknown } | undefined {
    const token = this.#tokens[this.#at++]
    if (token === undefined || depth > MOST_DEPTH) return undefined
    if (token.type === 'text') return token.isTemplate === true ? undefined : { value: token.text }
    if (token.type === 'number') return toNumber(token.text)
    if (isMark(token, '[')) return this.#list(depth)
    if (isMark(token, '-') && this.#tokens[this.#at]?.type === 'number') {
      const number = toNumber(this.#tokens[this.#at++]?.text ?? '')
      return number === undefined ? undefined : { value: -number.value }
    }
    if (token.type !== 'name') return undefined
    if (token.text === 'true' || token.text === 'false') return { value: token.text === 'true' }
    return token.text === 'null' ? { value: null } : undefined
  }

  /** `[a, b]`, `[k: v]`, `[:]`. */
  #list(depth: number): { value: unknown } | undefined {
    const items: unknown[] = []
    const entries: [string, unknown][] = []
    for (;;) {
      this.#skipEnds()
      if (isMark(this.#tokens[this.#at], ':') && isMark(this.#tokens[this.#at + 1], ']')) this.#at++
      if (isMark(this.#tokens[this.#at], ']')) {
        this.#at++
        if (entries.length > 0 && items.length > 0) return undefined
        return { value: entries.length > 0 ? Object.fromEntries(entries) : items }
      }
      const key = this.#tokens[this.#at]
      const isEntry = isMark(this.#tokens[this.#at + 1], ':') && (key?.type === 'name' || key?.type === 'text')
      if (isEntry) this.#at += 2
      const value = this.#literal(depth + 1)
      if (value === undefined) return undefined
      if (isEntry) entries.push([key.text, value.value])
      else items.push(value.value)
      this.#skipEnds()
      if (isMark(this.#tokens[this.#at], ',')) this.#at++
      else if (!isMark(this.#tokens[this.#at], ']')) return undefined
    }
  }

  #skipEnds(): void {
    while (this.#tokens[this.#at]?.type === 'end') this.#at++
  }

  /** A line that goes on with the one before: `if (x)` and its only statement. */
  #isContinued(): boolean {
    const before = this.#tokens[this.#at - 2]
    return isMark(before, ')') || (before?.type === 'name' && before.text === 'else')
  }

  /** `params.x = …` where a condition or block decides whether it happens. */
  #noteElsewhere(): void {
    const [dot, name, equals, more] = this.#tokens.slice(this.#at, this.#at + 4)
    if (!isMark(dot, '.') || name?.type !== 'name') return
    if (isMark(equals, '=') && !isMark(more, '=')) this.unknown.add(name.text)
  }
}

function isMark(token: GroovyToken | undefined, text: string): boolean {
  return token?.type === 'mark' && token.text === text
}

function isEnd(token: GroovyToken | undefined): boolean {
  return token === undefined || token.type === 'end' || isMark(token, '}')
}

/** Numbers of other kinds (`8.GB` is three tokens and no literal) are not met here. */
function toNumber(text: string): { value: number } | undefined {
  const value = Number(text.replaceAll('_', '').replace(/[GLIDF]$/i, ''))
  return Number.isNaN(value) ? undefined : { value }
}
