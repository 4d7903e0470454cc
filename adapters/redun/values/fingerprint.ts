import { createHash, hash } from 'node:crypto'

/** What redun hashes: lists, texts and integers, bencoded (redun/hashing.py). */
export type Hashable = string | number | readonly Hashable[]

/** redun's hash of a structure: sha512 over its bencoding, cut to 40 digits. */
export function structHash(value: Hashable): string {
  return hash('sha512', bencode(value), 'hex').slice(0, 40)
}

/** redun's hash of a pickled plain value. */
export function pickleHash(pickle: Uint8Array): string {
  return createHash('sha512').update('l5:Valuee').update(pickle).digest('hex').slice(0, 40)
}

/** The hash of a local `File` of this size and time; the path as the user wrote it. */
export function localFileHash(path: string, sizeBytes: number, modifiedSeconds: number): string {
  return structHash(['File', 'local', path, sizeBytes, pythonFloat(modifiedSeconds)])
}

/** Whether this is the hash of a `File` with nothing at its path. */
export function isMissingFile(path: string, value: string): boolean {
  if (/^s3[an]?:\/\//.test(path)) return value === structHash(['File', 's3', path, ''])
  if (path.startsWith('az://')) return value === structHash(['File', 'az', path, ''])
  return value === missingFileHash(path)
}

/** The hash of a local `File` that is not there. */
export function missingFileHash(path: string): string {
  return structHash(['File', 'local', path, -1, '-1'])
}

/** The hash of a call's arguments. */
export function argumentsHash(positional: readonly string[], keywords: ReadonlyMap<string, string>): string {
  return createHash('sha512')
    .update(
      `l13:TaskArgumentsl${positional.map(bencode).join('')}ed${[...keywords]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, hash]) => bencode(key) + bencode(hash))
        .join('')}ee`,
    )
    .digest('hex')
    .slice(0, 40)
}

/** A double as Python's `repr` prints it, for times of files. */
export function pythonFloat(value: number): string {
  const text = String(value)
  return Number.isInteger(value) && !text.includes('e') ? `${text}.0` : text
}

function bencode(value: Hashable): string {
  if (typeof value === 'number') return `i${String(value)}e`
  if (typeof value === 'string') return `${String(Buffer.byteLength(value))}:${value}`
  return `l${value.map(bencode).join('')}e`
}
