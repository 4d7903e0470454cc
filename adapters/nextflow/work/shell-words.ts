/** A word of a shell command; `open` = written outside quotes, so that it may be an operator like `&&`. */
interface Word {
  readonly text: string
  readonly bare: boolean
}

/**
 * The simple commands of one line as lists of words: `mkdir -p a && ln -s x a/b` gives two. Understands what Nextflow
 * writes: backslashes, single and double quotes, `&&` and `;`. Variables and substitutions stay as they are written.
 */
export function shellCommands(line: string): string[][] {
  const commands: string[][] = []
  let current: string[] = []
  for (const word of words(line)) {
    if (word.bare && (word.text === '&&' || word.text === ';' || word.text === '||')) {
      commands.push(current)
      current = []
    } else current.push(word.text)
  }
  commands.push(current)
  return commands.filter((command) => command.length > 0)
}

/** The words of one command, unquoted. */
export function shellWords(line: string): string[] {
  return words(line).map((word) => word.text)
}

function words(line: string): Word[] {
  if (!/["'\\]/.test(line)) return plainWords(line)
  const found: Word[] = []
  let text = ''
  let inWord = false
  let bare = true
  const close = (): void => {
    if (inWord) found.push({ text, bare })
    text = ''
    inWord = false
    bare = true
  }
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at)
    if (character === '\\') {
      at++
      text += line.charAt(at)
      bare = false
      inWord = true
    } else if (character === "'" || character === '"') {
      const quoted = readQuoted(line, at)
      text += quoted.text
      at = quoted.end
      bare = false
      inWord = true
    } else if (character === ' ' || character === '\t' || character === '\n') close()
    else {
      text += character
      inWord = true
    }
  }
  close()
  return found
}

/** Nothing is quoted, as in nearly all lines. */
function plainWords(line: string): Word[] {
  const found: Word[] = []
  for (const text of line.split(/[ \t\n]/)) if (text !== '') found.push({ text, bare: true })
  return found
}

/** The text between the quote at `start` and its partner; inside double quotes a backslash keeps only `$ ` " \`. */
function readQuoted(line: string, start: number): { text: string; end: number } {
  const quote = line.charAt(start)
  let text = ''
  let at = start + 1
  for (; at < line.length && line.charAt(at) !== quote; at++) {
    const next = line.charAt(at + 1)
    if (quote === '"' && line.charAt(at) === '\\' && /[$`"\\]/.test(next)) {
      text += next
      at++
    } else text += line.charAt(at)
  }
  return { text, end: at }
}
