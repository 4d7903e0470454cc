const MOST_WORDS = 100_000

/**
 * Splits a command line into its words as a shell reads it: single and double quotes, backslashes. Nextflow writes the
 * words down again with quotes where they need some; an unclosed quote runs to the end.
 */
export function splitShellWords(command: string): string[] {
  const words: string[] = []
  let word: string | undefined
  let quote = ''
  for (let at = 0; at < command.length && words.length < MOST_WORDS; at++) {
    const character = command.charAt(at)
    if (character === quote) quote = ''
    else if (character === '\\' && quote !== "'" && isEscape(command.charAt(at + 1), quote)) {
      at++
      word = (word ?? '') + command.charAt(at)
    } else if (quote !== '') word = (word ?? '') + character
    else if (character === '"' || character === "'") {
      quote = character
      word ??= ''
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else word = (word ?? '') + character
  }
  if (word !== undefined) words.push(word)
  return words
}

/** Inside double quotes a backslash stands before these only. */
function isEscape(next: string, quote: string): boolean {
  return next !== '' && (quote === '' || '"\\$`'.includes(next))
}
