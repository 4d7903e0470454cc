import { endOfString } from './signature.ts'

/** What a body may call without anything being written: redun's file values, Python's own functions on values, reading. */
const HARMLESS = new Set(
  `File Dir FileSet IFile IDir IFileSet ContentFile ContentDir ContentFileSet
  abs all any bool dict enumerate filter float frozenset int isinstance iter len list map max min next range repr reversed
  round set sorted str sum tuple type zip
  append capitalize casefold count endswith extend format get index insert isdigit items join keys lower lstrip removeprefix
  removesuffix rsplit rstrip setdefault split splitlines startswith strip title upper values zfill
  read readline readlines glob iglob listdir exists isfile isdir
  basename dirname abspath splitext normpath relpath realpath expanduser`.split(/\s+/),
)
const KEYWORDS = new Set('and as assert async await class del elif else except for from if import in is lambda not or return while with yield'.split(' ')) // prettier-ignore

const LONGEST = 20_000

/**
 * Whether a task's body can only name files: it calls nothing that could write one, nor another task. What it returns was
 * made by somebody else, wherever and whenever that is seen.
 * @param source as redun keeps it: the function without its decorators
 */
export function onlyNamesFiles(source: string): boolean {
  if (source.length > LONGEST || !/\b(?:File|Dir|FileSet)\s*\(/.test(source)) return false
  const code = withoutTexts(source)
  if (code === undefined) return false
  const body = /^\s*(?:async\s+)?def\s+\w+\s*(\([\s\S]*)$/.exec(code)?.[1]
  if (body === undefined) return false
  for (const call of body.matchAll(/([\w\])}])\s*\(/g)) {
    const before = body.slice(0, call.index + 1)
    const name = /[\p{L}_][\p{L}\p{N}_]*$/u.exec(before)?.[0]
    if (name === undefined || !(KEYWORDS.has(name) || HARMLESS.has(name))) return false
  }
  return true
}

/** Comments and texts taken out; `undefined` when a text holds code that calls something. */
function withoutTexts(source: string): string | undefined {
  let code = ''
  for (let at = 0; at < source.length; at++) {
    const character = source.charAt(at)
    if (character === '#') {
      const end = source.indexOf('\n', at)
      if (end < 0) return code
      at = end - 1
    } else if (character === '"' || character === "'") {
      const end = endOfString(source, at)
      const prefix = /[a-zA-Z]*$/.exec(code)?.[0] ?? ''
      if (/[ft]/i.test(prefix) && source.slice(at, end).includes('(')) return undefined
      code = `${code.slice(0, code.length - prefix.length)} 0 `
      at = end - 1
    } else code += character
  }
  return code
}
