/** What a line is cut to when it is longer: nothing that the engine writes comes near. */
export const MAX_LINE_CHARACTERS = 8_388_608

/** What is made of so many bytes at once is young garbage afterwards; of much more, it is old and must be looked for. */
const PIECE_BYTES = 1 << 15

/** A line without its end. `cut`: longer than the limit, the rest was dropped. `open`: the file ends without a line end. */
export interface Line {
  readonly text: string
  readonly cut: boolean
  readonly open: boolean
}

/**
 * Splits chunks of UTF-8 into lines (LF or CRLF), many at a time. Memory is bounded by one piece and one line, however
 * long the lines of the file are; bad bytes become the replacement character.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  maxCharacters: number = MAX_LINE_CHARACTERS,
): AsyncIterable<readonly Line[]> {
  const decoder = new TextDecoder()
  const rest = new OpenLine(maxCharacters)
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      const lines = takeLines(decoder.decode(chunk.subarray(at, at + PIECE_BYTES), { stream: true }), rest)
      if (lines.length > 0) yield lines
    }
  }
  const lines = takeLines(decoder.decode(), rest)
  const last = rest.close(true)
  if (last !== undefined) lines.push(last)
  if (lines.length > 0) yield lines
}

function takeLines(text: string, rest: OpenLine): Line[] {
  const lines: Line[] = []
  let start = 0
  for (;;) {
    const end = text.indexOf('\n', start)
    if (end < 0) break
    if (rest.isEmpty && end - start <= rest.maxCharacters) {
      const stop = end > start && text.charCodeAt(end - 1) === CARRIAGE_RETURN ? end - 1 : end
      lines.push({ text: text.slice(start, stop), cut: false, open: false })
    } else {
      rest.add(text.slice(start, end))
      lines.push(rest.close(false) ?? { text: '', cut: false, open: false })
    }
    start = end + 1
  }
  rest.add(text.slice(start))
  return lines
}

const CARRIAGE_RETURN = 13

/** The line whose end has not been met yet. */
class OpenLine {
  readonly maxCharacters: number
  #parts: string[] = []
  #length = 0
  #cut = false

  constructor(maxCharacters: number) {
    this.maxCharacters = maxCharacters
  }

  get isEmpty(): boolean {
    return this.#parts.length === 0 && !this.#cut
  }

  add(text: string): void {
    const room = this.maxCharacters - this.#length
    if (text.length > room) this.#cut = true
    const kept = text.length > room ? text.slice(0, room) : text
    if (kept === '') return
    this.#parts.push(kept)
    this.#length += kept.length
  }

  close(open: boolean): Line | undefined {
    if (this.isEmpty) return undefined
    const joined = this.#parts.join('')
    const line = { text: joined.endsWith('\r') ? joined.slice(0, -1) : joined, cut: this.#cut, open }
    this.#parts = []
    this.#length = 0
    this.#cut = false
    return line
  }
}
