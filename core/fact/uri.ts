import { z } from 'zod'

/** An absolute uri as RFC 3986 writes it, percent-encoded: `file:///data/a%20b.txt`, `s3://bucket/key`, `value:<hash>`. */
export const Uri = z
  .string()
  .max(32_768)
  .regex(/^[A-Za-z][A-Za-z0-9+.-]*:[!-~]*$/)
  .brand('Uri')
export type Uri = z.infer<typeof Uri>

// Kept as they are in a path: RFC 3986 pchar and the slash.
const KEPT = /[^A-Za-z0-9\-._~!$&'()*+,;=:@/]/gu

/** The `file:` uri of an absolute POSIX path; `.` and `..` are resolved, a trailing slash is dropped. */
export function fileUri(absolutePath: string): Uri {
  return `file://${encodePath(normalizePath(absolutePath))}` as Uri
}

/** The path behind a `file:` uri, or `undefined` for other schemes. */
export function filePath(uri: string): string | undefined {
  if (!uri.startsWith('file://')) return undefined
  return decodeURIComponent(uri.slice('file://'.length))
}

/** The uri of an object in a bucket: scheme, bucket and key. */
export function objectUri(scheme: string, bucket: string, key: string): Uri {
  return `${scheme}://${bucket}/${encodePath(key)}` as Uri
}

/** Text that already is a uri is cleaned, an absolute path becomes a `file:` uri, else `undefined`. */
export function toUri(text: string): Uri | undefined {
  if (text.startsWith('/')) return fileUri(text)
  const parts = /^([A-Za-z][A-Za-z0-9+.-]+):(.*)$/su.exec(text)
  if (parts === null) return undefined
  const [, scheme = '', rest = ''] = parts
  if (scheme.toLowerCase() === 'file') return fileUri(decodeLoosely(rest.replace(/^\/\/[^/]*/, '')))
  return `${scheme.toLowerCase()}:${rest.replace(/[^!-~]/gu, encodeCharacter)}` as Uri
}

/** An empty part of a path, `.` or `..`. */
const UNTIDY = /\/\.{0,2}(?:\/|$)/

/** An absolute path without `.`, `..`, doubled and trailing slashes. */
export function normalizePath(path: string): string {
  if (path.startsWith('/') && !UNTIDY.test(path)) return path // nearly always, and millions of times
  const kept: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..') kept.pop()
    else kept.push(part)
  }
  return `/${kept.join('/')}`
}

function encodePath(path: string): string {
  return path.replace(KEPT, encodeCharacter)
}

function encodeCharacter(character: string): string {
  // A lone surrogate has no UTF-8 form; it stands for a byte that was no UTF-8 and becomes the replacement character.
  return encodeURIComponent(character.isWellFormed() ? character : '\uFFFD')
}

function decodeLoosely(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // a lone % in a foreign path: it was not percent-encoded
  }
}
