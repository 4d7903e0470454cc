/**
 * The path behind a record's file name: URL-safe base64 of the UTF-8 path. A long name is cut into pieces; every piece
 * but the last is a folder whose name starts with `@`, so the pieces are joined before they are decoded.
 *
 * @param parts the names below the store's folder, outermost first
 */
export function decodeRecordName(parts: readonly string[]): string | undefined {
  const encoded = parts.map((part, at) => (at < parts.length - 1 ? part.slice(1) : part)).join('')
  if (!/^[A-Za-z0-9_-]+={0,2}$/.test(encoded)) return undefined
  const bytes = Buffer.from(encoded, 'base64url')
  // A name that was cut decodes to something else; only what encodes back is the name.
  if (bytes.toString('base64url') !== encoded.replace(/=+$/, '')) return undefined
  const path = bytes.toString('utf8')
  return path === '' || path.includes('\0') ? undefined : path
}
