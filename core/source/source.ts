import type { Digest } from '../fact/digest.ts'
import type { Uri } from '../fact/uri.ts'
import type { StemmaError } from '../errors.ts'

/** What lies at a path. `modifiedMs`: milliseconds since 1970, with fractions. `fileId`: device and inode, the same for hard links. */
export interface Stat {
  readonly type: 'file' | 'folder' | 'link' | 'other'
  readonly sizeBytes: number
  readonly modifiedMs: number
  readonly fileId?: string
}

/** One of several things that are asked for at once: what lies at a path, the last link not followed. */
export interface Wanted {
  readonly path: string
  /** Then links are followed, and of a file up to this size the bytes are wanted too. */
  readonly maxBytes?: number
}

/** What lies there; the bytes where they were wanted and it is a file. */
export interface Found {
  readonly stat: Stat
  readonly bytes?: Uint8Array
}

export interface Entry {
  readonly name: string
  readonly type: Stat['type']
}

/**
 * Leftovers as files: a local folder, a single file, or a prefix in a bucket. Every path is relative to the root, with
 * `/` between parts; `''` is the root itself. A path that leaves the root by `..` reads as not there; a link
 * out of the root can be seen (`stat`, `readLink`, `digest`) but not opened. Nothing here writes.
 */
export interface FileSource {
  readonly kind: 'files'
  /** Where the root is today. */
  readonly uri: Uri
  /** Direct members of a folder, sorted by code point; nothing when the folder is not there. */
  list(folder: string): AsyncIterable<Entry>
  /** Follows links; `undefined` when nothing is there. */
  stat(path: string): Promise<Stat | undefined>
  /** Does not follow the last link. */
  lstat(path: string): Promise<Stat | undefined>
  /** The text of a symbolic link, as written. */
  readLink(path: string): Promise<string | undefined>
  /** The bytes from `start` to before `end`, in chunks. Throws `source.not-found` or `source.unreadable`. */
  open(path: string, range?: { readonly start?: number; readonly end?: number }): AsyncIterable<Uint8Array>
  /** A whole small file; `undefined` when not there. Throws `source.unreadable` when it is larger than `maxBytes`. */
  readBytes(path: string, maxBytes: number): Promise<Uint8Array | undefined>
  /** The same as UTF-8 text, bad bytes replaced. */
  readText(path: string, maxBytes: number): Promise<string | undefined>
  /**
   * Several paths at once, which costs a fraction of asking for each: the answers in the order of asking, `undefined`
   * where nothing lies, an error (`source.unreadable`) in the place of what may not be read or is larger than wanted.
   */
  look(wanted: readonly Wanted[]): Promise<readonly (Found | StemmaError | undefined)[]>
  /** sha256 over the content (a folder: names and contents), unless the user's hash policy says no. */
  digest(path: string): Promise<Digest | undefined>
  /** The local path, for readers that need one (SQLite); `undefined` in a bucket. */
  localPath(path: string): string | undefined
  /**
   * Another root that the leftovers name (a work directory elsewhere): absolute path or uri. `undefined` when it is not
   * there, not a folder, or may not be read.
   */
  reach(place: string): Promise<FileSource | undefined>
}

/** Leftovers behind an address that the adapter itself connects to: a database, a server. */
export interface AddressSource {
  readonly kind: 'address'
  /** As given, with its secrets: never to be stored or shown. */
  readonly address: string
  /** Without secrets. */
  readonly uri: Uri
  /** The folder in which the address was named: leftovers behind it may speak of files relative to a project there. */
  readonly folder?: FileSource
}

export type Source = FileSource | AddressSource
