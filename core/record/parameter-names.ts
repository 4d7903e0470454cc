const LONGEST_HEAD = 20_000

/**
 * The names of a function's parameters, as far as its source says them: `(reads, {threads}, ...rest)` gives
 * `reads`, nothing, `rest`. Compiled and minified code gives the names that it has.
 */
export function parameterNames(source: string): (string | undefined)[] {
  const head = source.slice(0, LONGEST_HEAD)
  const single = /^\s*(?:async\s+)?([\p{L}_$][\p{L}\p{N}_$]*)\s*=>/u.exec(head)?.[1]
  if (single !== undefined) return [single]
  const list = parameterList(head)
  if (list === undefined || list.trim() === '') return []
  const parts = splitTopLevel(list).map((part) => part.replace(/\/\*[^]*?\*\/|\/\/.*/g, ''))
  return parts.map((part) => /^\s*(?:\.\.\.)?([\p{L}_$][\p{L}\p{N}_$]*)/u.exec(part)?.[1])
}

function parameterList(head: string): string | undefined {
  const open = head.indexOf('(')
  if (open < 0) return undefined
  let depth = 0
  for (const { character, at } of codeCharacters(head, open)) {
    if ('([{'.includes(character)) depth++
    if (')]}'.includes(character) && --depth === 0) return head.slice(open + 1, at)
  }
  return undefined
}

function splitTopLevel(list: string): string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (const { character, at } of codeCharacters(list, 0)) {
    if ('([{'.includes(character)) depth++
    else if (')]}'.includes(character)) depth--
    else if (character === ',' && depth === 0) {
      parts.push(list.slice(start, at))
      start = at + 1
    }
  }
  const last = list.slice(start)
  return last.trim() === '' ? parts : [...parts, last]
}

/** Characters outside of texts and comments. */
function* codeCharacters(text: string, from: number): Iterable<{ character: string; at: number }> {
  for (let at = from; at < text.length; at++) {
    const character = text.charAt(at)
    if (character === '/' && text[at + 1] === '*') at = skipTo(text, '*/', at + 2) + 1
    else if (character === '/' && text[at + 1] === '/') at = skipTo(text, '\n', at + 2)
    else if (character === '"' || character === "'" || character === '`') at = skipQuoted(text, character, at)
    else yield { character, at }
  }
}

function skipTo(text: string, end: string, from: number): number {
  const found = text.indexOf(end, from)
  return found < 0 ? text.length : found
}

function skipQuoted(text: string, quote: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === quote) return at
  }
  return text.length
}
