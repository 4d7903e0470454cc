/** A line of text, or only its length when it is longer than allowed. */
export type Line = { readonly text: string } | { readonly lengthBytes: number }

const NEWLINE = 10

/** Splits bytes into lines with bounded memory: of a line that is too long nothing is kept. */
export async function* readLines(chunks: AsyncIterable<Uint8Array>, maxBytes: number): AsyncIterable<Line> {
  let parts: Uint8Array[] = []
  let length = 0
  const take = (): Line => {
    const line = length > maxBytes ? { lengthBytes: length } : { text: Buffer.concat(parts).toString('utf8') }
    parts = []
    length = 0
    return line
  }
  const add = (part: Uint8Array): void => {
    length += part.length
    if (length > maxBytes) parts = []
    else parts.push(part)
  }
  for await (const chunk of chunks) {
    let start = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      add(chunk.subarray(start, end))
      yield take()
      start = end + 1
    }
    if (start < chunk.length) add(chunk.subarray(start))
  }
  if (length > 0) yield take()
}
