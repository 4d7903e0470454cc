// eslint-disable-next-line no-control-regex -- colour codes start with a control character
const COLOR = /\u001B\[\d+m/g
const WIDE =
  /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|\p{Emoji_Presentation}/u
const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** Columns that the text takes on a terminal. */
export function textWidth(text: string): number {
  let width = 0
  for (const character of text.replace(COLOR, '')) {
    width += WIDE.test(character) ? 2 : /\p{M}/u.test(character) ? 0 : 1
  }
  return width
}

/** Foreign text on one line and without power over the terminal: control characters are written as escapes. */
export function visible(text: string): string {
  return text.replace(CONTROL, (character) => {
    if (character === '\n') return '\\n'
    if (character === '\t') return '\\t'
    if (character === '\r') return '\\r'
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
  })
}

/** Foreign text of several lines, each made visible and ended. */
export function visibleLines(text: string): string {
  const lines = text.replace(/\n$/, '').split('\n')
  return lines.map((line) => `${visible(line)}\n`).join('')
}

/** Cut at the end: `a long te…`. */
export function cutEnd(text: string, width: number): string {
  if (textWidth(text) <= width) return text
  return `${take(Array.from(text), width - 1).join('')}…`
}

/** Cut in the middle, for paths: their start and their end say most. */
export function cutMiddle(text: string, width: number): string {
  if (textWidth(text) <= width) return text
  const characters = Array.from(text)
  const head = take(characters, Math.floor((width - 1) / 3))
  const tail = take(characters.toReversed(), width - 1 - textWidth(head.join(''))).toReversed()
  return `${head.join('')}…${tail.join('')}`
}

/** Broken at spaces into lines of at most `width`; what is left after `most` lines is cut. */
export function wrap(text: string, width: number, most: number): string[] {
  const lines: string[] = []
  let rest = text
  while (textWidth(rest) > width && lines.length < most - 1) {
    const fitting = take(Array.from(rest), width).join('')
    const at = rest.startsWith(' ', fitting.length) ? fitting.length : fitting.lastIndexOf(' ')
    const end = at > width / 3 ? at : fitting.length
    lines.push(rest.slice(0, end).trimEnd())
    rest = rest.slice(end).trimStart()
  }
  return [...lines, cutEnd(rest, width)]
}

function take(characters: readonly string[], width: number): string[] {
  const taken: string[] = []
  let left = width
  for (const character of characters) {
    left -= textWidth(character)
    if (left < 0) break
    taken.push(character)
  }
  return taken
}
