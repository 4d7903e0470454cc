import { Buffer, isUtf8 } from 'node:buffer'

/**
 * File names are bytes and need not be UTF-8. A byte that is none stands in text as a lone surrogate, U+DC00 plus the
 * byte (as Python's `surrogateescape`), so that the name can be turned back into the bytes that open the file.
 */
export function decodeFileName(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8')
  let text = ''
  for (let at = 0; at < bytes.length;) {
    const length = characterLength(bytes, at)
    text += length === 0 ? String.fromCharCode(0xdc00 + (bytes[at] ?? 0)) : bytes.toString('utf8', at, at + length)
    at += Math.max(1, length)
  }
  return text
}

/** What the file system takes: text as it is, or the bytes of a path with escaped bytes in it. */
export function encodeFilePath(path: string): string | Buffer {
  if (path.isWellFormed()) return path
  const parts = Array.from(path, (character) => {
    const code = character.codePointAt(0) ?? 0
    return code >= 0xdc80 && code <= 0xdcff ? Buffer.of(code - 0xdc00) : Buffer.from(character)
  })
  return Buffer.concat(parts)
}

/** Bytes of the UTF-8 character at `at`, or 0 when there is none. */
function characterLength(bytes: Buffer, at: number): number {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length++) {
    if (isUtf8(bytes.subarray(at, at + length))) return length
  }
  return 0
}
