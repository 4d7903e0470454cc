/** Longer ones are hardly ever the same. */
const MOST_BYTES = 32
const SLOTS = 1024

const known = new Array<string>(SLOTS).fill('')

/**
 * The text of ASCII bytes, of which the last (at `end`) has its highest bit set. Short ones are kept: names of fields and
 * classes come again in every task, and to make one anew and look it up takes five times as long as to see that it is
 * known.
 */
export function knownAscii(bytes: Buffer, start: number, end: number): string {
  if (end - start >= MOST_BYTES) return asciiText(bytes, start, end)
  let hash = end - start
  for (let at = start; at <= end; at++) hash = (Math.imul(hash, 31) + ((bytes[at] ?? 0) & 0x7f)) | 0
  const slot = (hash ^ (hash >>> 10)) & (SLOTS - 1)
  const text = known[slot] ?? ''
  return isText(text, bytes, start, end) ? text : (known[slot] = asciiText(bytes, start, end))
}

function isText(text: string, bytes: Buffer, start: number, end: number): boolean {
  if (text.length !== end - start + 1) return false
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) !== ((bytes[start + at] ?? 0) & 0x7f)) return false
  return true
}

function asciiText(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('latin1', start, end) + String.fromCharCode((bytes[end] ?? 0) & 0x7f)
}
