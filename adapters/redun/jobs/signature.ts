/** The parameter names of a Python function, in order; a star before a name is kept. */
export interface Signature {
  readonly positional: readonly string[]
  /** Takes all further positional arguments. */
  readonly rest: string | undefined
  /** Defaults as the source has them, quotes of plain texts taken off. */
  readonly defaults: ReadonlyMap<string, string>
  /** Annotations that are a single word: `int`, `File`. */
  readonly types: ReadonlyMap<string, string>
}

export const NO_SIGNATURE: Signature = { positional: [], rest: undefined, defaults: new Map(), types: new Map() }

const LONGEST_HEADER = 20_000
const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }

/**
 * Reads the parameter list of the first `def` in a task's source. redun stores no names for positional arguments; its
 * own log finds them the same way and falls back to arg0, arg1.
 */
export function parseSignature(source: string): Signature {
  const start = /^[ \t]*(?:async[ \t]+)?def[ \t]+\w+[ \t]*(?:\[[^\]]*\])?\(/m.exec(source)
  if (start === null) return NO_SIGNATURE
  const from = start.index + start[0].length
  const positional: string[] = []
  const defaults = new Map<string, string>()
  const types = new Map<string, string>()
  let rest: string | undefined
  let keywordsOnly = false
  for (const part of splitParameters(source.slice(from, from + LONGEST_HEADER))) {
    const parameter = /^\s*(\*{0,2})\s*([\p{L}_][\p{L}\p{N}_]*)?/u.exec(part)
    const [, stars = '', name] = parameter ?? []
    if (stars === '*') {
      rest = name
      keywordsOnly = true
    } else if (name !== undefined && stars === '') {
      if (!keywordsOnly) positional.push(name)
      const text = defaultOf(part)
      if (text !== undefined) defaults.set(name, text)
      const type = /^[^:=]*:\s*(\w+)\s*(?:=|$)/.exec(part)?.[1]
      if (type !== undefined) types.set(name, type)
    }
  }
  return { positional, rest, defaults, types }
}

/** What stands behind the `=` of a parameter; the annotation before it holds none outside brackets. */
function defaultOf(part: string): string | undefined {
  const text = /^[^=[]*(?:\[[^=]*\][^=[]*)?=\s*([\s\S]*?)\s*$/.exec(part)?.[1]
  return text === undefined ? undefined : (/^(["'])([^"'\\]*)\1$/.exec(text)?.[2] ?? text)
}

/** The name under which the argument at `position` is shown. */
export function parameterName(signature: Signature, position: number): string {
  const name = signature.positional[position]
  if (name !== undefined) return name
  if (signature.rest === undefined) return `arg${String(position)}`
  return `${signature.rest}[${String(position - signature.positional.length)}]`
}

/** The texts between top-level commas up to the closing parenthesis; strings and comments are skipped over. */
function splitParameters(text: string): readonly string[] {
  const parts: string[] = []
  const open: string[] = []
  let current = ''
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at)
    if (character === '#') {
      const end = text.indexOf('\n', at)
      at = end < 0 ? text.length : end
      continue
    }
    if (character === '"' || character === "'") {
      const end = endOfString(text, at)
      current += text.slice(at, end)
      at = end - 1
      continue
    }
    if (open.length === 0 && character === ')') return [...parts, current]
    if (open.length === 0 && character === ',') {
      parts.push(current)
      current = ''
      continue
    }
    const closing = CLOSING[character]
    if (closing !== undefined) open.push(closing)
    else if (open.at(-1) === character) open.pop()
    current += character
  }
  return parts
}

/** Where the text that begins with the quotes at `start` ends. */
export function endOfString(text: string, start: number): number {
  const mark = text.charAt(start)
  const fence = text.startsWith(mark.repeat(3), start) ? mark.repeat(3) : mark
  for (let at = start + fence.length; at < text.length; at++) {
    if (text.charAt(at) === '\\') at += 1
    else if (text.startsWith(fence, at)) return at + fence.length
  }
  return text.length
}
