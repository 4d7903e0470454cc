/** A piece of Groovy: enough of the language to find plain assignments, no more. */
export interface GroovyToken {
  readonly type: 'name' | 'number' | 'text' | 'mark' | 'end'
  /** Of a text its content, escapes resolved; `end` = line end or semicolon. */
  readonly text: string
  /** A text with `$` in it whose value is not literal. */
  readonly isTemplate?: boolean
}

const MOST_TOKENS = 2_000_000
const NAME = /[A-Za-z_$][\w$]*/y
const NUMBER = /(?:0x[0-9a-fA-F]{1,15}|\d[\d_]{0,30}(?:\.\d{1,30})?(?:[eE][+-]?\d{1,3})?)[GgLlIiDdFf]?/y
const BLANK = /[^\S\n]+|\\\n/y
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', s: ' ' }

/** Splits Groovy source into tokens; comments are left out. Damaged source gives odd tokens, never an error. */
export function* tokenizeGroovy(source: string): Iterable<GroovyToken> {
  let at = source.startsWith('#!') ? Math.max(0, source.indexOf('\n')) : 0
  for (let count = 0; at < source.length && count < MOST_TOKENS; count++) {
    const blank = match(BLANK, source, at)
    if (blank !== undefined) {
      at += blank.length
      continue
    }
    const comment = commentEnd(source, at)
    if (comment !== undefined) {
      at = comment
      continue
    }
    const [token, next] = readToken(source, at)
    yield token
    at = next
  }
}

function readToken(source: string, at: number): [GroovyToken, number] {
  const character = source.charAt(at)
  if (character === '\n' || character === ';') return [{ type: 'end', text: character }, at + 1]
  if (character === "'" || character === '"') return readText(source, at)
  const name = match(NAME, source, at)
  if (name !== undefined) return [{ type: 'name', text: name }, at + name.length]
  const number = match(NUMBER, source, at)
  if (number !== undefined) return [{ type: 'number', text: number }, at + number.length]
  return [{ type: 'mark', text: character }, at + 1]
}

function commentEnd(source: string, at: number): number | undefined {
  if (source.startsWith('//', at)) {
    const end = source.indexOf('\n', at)
    return end < 0 ? source.length : end
  }
  if (!source.startsWith('/*', at)) return undefined
  const end = source.indexOf('*/', at + 2)
  return end < 0 ? source.length : end + 2
}

function readText(source: string, at: number): [GroovyToken, number] {
  const one = source.charAt(at)
  const quote = source.startsWith(one.repeat(3), at) ? one.repeat(3) : one
  const parts: string[] = []
  let isTemplate = false
  let here = at + quote.length
  while (here < source.length && !source.startsWith(quote, here)) {
    const character = source.charAt(here)
    if (character === '\n' && quote.length === 1) break // an unclosed text, or no text at all
    if (character === '\\') {
      const escaped = source.charAt(here + 1)
      parts.push(ESCAPES[escaped] ?? (escaped === '\n' ? '' : escaped))
      here += 2
      continue
    }
    if (character === '$' && one === '"') isTemplate = true
    parts.push(character)
    here++
  }
  const text = parts.join('')
  return [isTemplate ? { type: 'text', text, isTemplate } : { type: 'text', text }, here + quote.length]
}

function match(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(source)?.[0]
}
