import type { FileSource } from '../../../core/adapter.ts'

/** A target rule of a hundred thousand files prints them all in one line; what is longer is cut. */
const LONGEST_LINE = 32 * 1024 * 1024

/** The lines of a text file, without their ends; a last line without one too. Over-long lines are cut. */
export async function* readLines(source: FileSource, path: string): AsyncIterable<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of source.open(path)) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) yield trimEnd(line)
    if (rest.length > LONGEST_LINE) rest = rest.slice(0, LONGEST_LINE)
  }
  rest += decoder.decode()
  if (rest !== '') yield trimEnd(rest)
}

function trimEnd(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line
}
