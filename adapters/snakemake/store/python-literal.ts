/** A JSON value. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

/** Deeper nesting is left as text. */
const DEEPEST = 64
const LONGEST = 100_000

/**
 * A Python `repr` as a JSON value: strings, numbers, None, True, False, lists, tuples, sets and dicts. What JSON cannot
 * hold (bytes, complex numbers, integers beyond a double, objects) and what is no literal stays the text it is.
 */
export function parsePythonLiteral(text: string): Json {
  if (text.length > LONGEST) return text
  const reader = new LiteralReader(text)
  const value = reader.value(0)
  return value !== undefined && reader.atEnd() ? value : text
}

const NUMBER = /[+-]?(?:\d+(?:_\d+)*)(?:\.\d*)?(?:[eE][+-]?\d+)?|[+-]?\.\d+(?:[eE][+-]?\d+)?/y
const WORD = /None|True|False/y
const WORDS: Readonly<Record<string, Json>> = { None: null, True: true, False: false }
const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\n': '',
}

/** Reads by recursive descent; `undefined` = not something that JSON can hold. */
class LiteralReader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  atEnd(): boolean {
    this.#skip()
    return this.#at === this.#text.length
  }

  value(depth: number): Json | undefined {
    this.#skip()
    if (depth > DEEPEST) return undefined
    const first = this.#text[this.#at]
    if (first === "'" || first === '"') return this.#string(first)
    if (first === '[') return this.#list(']', depth)
    if (first === '(') return this.#list(')', depth)
    if (first === '{') return this.#braces(depth)
    const word = this.#match(WORD)
    return word === undefined ? this.#number() : WORDS[word]
  }

  #number(): number | undefined {
    const text = this.#match(NUMBER)
    if (text === undefined) return undefined
    const number = Number(text.replaceAll('_', ''))
    const exact = /[.eE]/.test(text) ? Number.isFinite(number) : Number.isSafeInteger(number)
    return exact && !/[\w.]/.test(this.#text[this.#at] ?? '') ? number : undefined
  }

  #string(quote: string): string | undefined {
    let text = ''
    for (this.#at += 1; this.#at < this.#text.length;) {
      const character = this.#text[this.#at] ?? ''
      this.#at += 1
      if (character === quote) return text
      text += character === '\\' ? this.#escape() : character
    }
    return undefined
  }

  #escape(): string {
    const kind = this.#text[this.#at] ?? ''
    this.#at += 1
    const digits = { x: 2, u: 4, U: 8 }[kind]
    if (digits === undefined) return ESCAPES[kind] ?? (/['"\\]/.test(kind) ? kind : `\\${kind}`)
    const code = Number.parseInt(this.#text.slice(this.#at, this.#at + digits), 16)
    this.#at += digits
    return Number.isInteger(code) && code <= 0x10ffff ? String.fromCodePoint(code) : '\uFFFD'
  }

  #list(close: string, depth: number): Json[] | undefined {
    const items: Json[] = []
    for (this.#at += 1; !this.#take(close);) {
      const item = this.value(depth + 1)
      if (item === undefined) return undefined
      items.push(item)
      if (this.#take(',')) continue
      return this.#take(close) && (close === ']' || items.length !== 1) ? items : undefined
    }
    return items
  }

  /** A dict, or a set: JSON has no sets, they become lists. */
  #braces(depth: number): Json | undefined {
    const entries: [string, Json][] = []
    const items: Json[] = []
    for (this.#at += 1; !this.#take('}');) {
      const item = this.value(depth + 1)
      if (item === undefined) return undefined
      if (this.#take(':')) {
        const value = this.value(depth + 1)
        if (value === undefined) return undefined
        entries.push([typeof item === 'string' ? item : JSON.stringify(item), value])
      } else items.push(item)
      if (!this.#take(',') && !this.#peek('}')) return undefined
    }
    if (items.length > 0) return entries.length > 0 ? undefined : items
    return Object.fromEntries(entries)
  }

  #skip(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at += 1
  }

  #peek(character: string): boolean {
    this.#skip()
    return this.#text[this.#at] === character
  }

  #take(character: string): boolean {
    const found = this.#peek(character)
    if (found) this.#at += 1
    return found
  }

  #match(pattern: RegExp): string | undefined {
    const sticky = new RegExp(pattern.source, 'y')
    sticky.lastIndex = this.#at
    const found = sticky.exec(this.#text)?.[0]
    if (found !== undefined) this.#at += found.length
    return found
  }
}
