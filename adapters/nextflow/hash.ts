/** `ab/cdef12`, as traces and logs show a task hash. */
export function isShortHash(text: string): boolean {
  if (text.length !== 9 || text.charCodeAt(2) !== SLASH) return false
  for (let at = 0; at < 9; at++) if (at !== 2 && !isHexDigit(text.charCodeAt(at))) return false
  return true
}

/** The 32 hex digits of a task hash, from a path that ends in its task folder (`…/ab/cdef…`). */
export function hashOfWorkDir(path: string): string | undefined {
  const at = path.length - 33
  if (at < 0 || path.charCodeAt(at + 2) !== SLASH || (at > 0 && path.charCodeAt(at - 1) !== SLASH)) return undefined
  for (let digit = at; digit < path.length; digit++) {
    if (digit !== at + 2 && !isHexDigit(path.charCodeAt(digit))) return undefined
  }
  return path.slice(at, at + 2) + path.slice(at + 3)
}

/** `ab/cdef12` of a full hash. */
export function shortHash(fullHash: string): string {
  return `${fullHash.slice(0, 2)}/${fullHash.slice(2, 8)}`
}

/** The first eight digits of a hash, with or without the slash, as a number of 32 bits. */
export function hashNumber(hash: string): number {
  return Number.parseInt(hash.charAt(2) === '/' ? hash.slice(0, 2) + hash.slice(3) : hash.slice(0, 8), 16) | 0
}

const SLASH = 47

function isHexDigit(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 97 && code <= 102)
}
