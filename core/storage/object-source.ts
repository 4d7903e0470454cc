import { createHash } from 'node:crypto'
import { StemmaError } from '../errors.ts'
import type { Digest } from '../fact/digest.ts'
import { objectUri } from '../fact/uri.ts'
import type { HashPolicy } from '../source/hash-policy.ts'
import { lookOneByOne } from '../source/look-one-by-one.ts'
import type { Entry, FileSource, Stat } from '../source/source.ts'
import type { ObjectStore, StoredObject } from './object-store.ts'

/** Objects of which a listing has told size and time: asking for each again would be a request each. */
const MOST_REMEMBERED = 20_000
/** A connection that breaks in the middle of an object is taken up again this often. */
const MOST_RESUMES = 3

/** Leftovers below a prefix of a bucket, as if they lay in a folder. An object itself is a source of one file. */
export function objectSource(store: ObjectStore, prefix: string, hash: HashPolicy): FileSource {
  return new ObjectTree(store, prefix.replace(/^\/+|\/+$/g, ''), hash).source()
}

/** `s3://bucket/some/prefix`. */
export function parseObjectUri(place: string): { readonly bucket: string; readonly key: string } {
  const parts = /^[a-z0-9]+:\/\/([^/]+)\/?(.*)$/isu.exec(place)
  if (parts === null)
    throw new StemmaError('storage.not-found', `no bucket is named: "${place}"`, { detail: { place } })
  return { bucket: parts[1] ?? '', key: parts[2] ?? '' }
}

class ObjectTree {
  readonly #store: ObjectStore
  readonly #base: string
  readonly #hash: HashPolicy
  readonly #seen = new Map<string, StoredObject>()

  constructor(store: ObjectStore, base: string, hash: HashPolicy) {
    this.#store = store
    this.#base = base
    this.#hash = hash
  }

  source(): FileSource {
    const source: FileSource = {
      kind: 'files',
      uri: objectUri(this.#store.scheme, this.#store.bucket, this.#base),
      list: (folder) => this.#list(folder),
      stat: (path) => this.#stat(path),
      lstat: (path) => this.#stat(path), // a bucket has no links
      readLink: () => Promise.resolve(undefined),
      open: (path, range) => this.#open(path, range?.start ?? 0, range?.end),
      readBytes: (path, maxBytes) => this.#readBytes(path, maxBytes),
      async readText(path, maxBytes) {
        const bytes = await source.readBytes(path, maxBytes)
        return bytes === undefined ? undefined : new TextDecoder().decode(bytes)
      },
      look: (wanted) => lookOneByOne(source, wanted),
      digest: (path) => this.#digest(path),
      localPath: () => undefined,
      reach: (place) => this.#reach(place),
    }
    return source
  }

  /** The key behind a path; `undefined` when it leaves the prefix. */
  #key(path: string): string | undefined {
    const kept = this.#base === '' ? [] : [this.#base]
    const least = kept.length
    for (const part of path.split('/')) {
      if (part === '' || part === '.') continue
      if (part !== '..') kept.push(part)
      else if (kept.length <= least) return undefined
      else kept.pop()
    }
    return kept.join('/')
  }

  async *#list(folder: string): AsyncIterable<Entry> {
    const key = this.#key(folder)
    if (key === undefined) return
    const prefix = key === '' ? '' : `${key}/`
    const entries = new Map<string, Entry>()
    for await (const listed of this.#store.list(prefix)) {
      const isFolder = listed.kind === 'prefix'
      const name = (isFolder ? listed.prefix.slice(0, -1) : listed.object.key).slice(prefix.length)
      if (name === '' || name.includes('/')) continue // the folder's own marker, or keys with `//` in them
      if (!isFolder) this.#remember(listed.object)
      if (isFolder || !entries.has(name)) entries.set(name, { name, type: isFolder ? 'folder' : 'file' })
    }
    yield* [...entries.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  #remember(object: StoredObject): void {
    if (this.#seen.size >= MOST_REMEMBERED) this.#seen.clear()
    this.#seen.set(object.key, object)
  }

  async #find(path: string): Promise<StoredObject | undefined> {
    const key = this.#key(path)
    if (key === undefined || key === '') return undefined
    return this.#seen.get(key) ?? this.#store.head(key)
  }

  async #stat(path: string): Promise<Stat | undefined> {
    const object = await this.#find(path)
    if (object !== undefined) return { type: 'file', sizeBytes: object.sizeBytes, modifiedMs: object.modifiedMs }
    const key = this.#key(path)
    if (key === undefined) return undefined
    for await (const _ of this.#store.list(key === '' ? '' : `${key}/`))
      return { type: 'folder', sizeBytes: 0, modifiedMs: 0 }
    return undefined
  }

  async *#open(path: string, start: number, end: number | undefined): AsyncIterable<Uint8Array> {
    if (end !== undefined && end <= start) return
    let at = start
    for (let resumed = 0; ; resumed++) {
      const body = await this.#get(path, at, end)
      if (body === undefined) throw new StemmaError('source.not-found', `nothing is there: "${this.#place(path)}"`)
      try {
        for await (const chunk of body.chunks) {
          at += chunk.length
          yield chunk
        }
        return
      } catch (cause) {
        if (resumed < MOST_RESUMES) continue
        throw new StemmaError('storage.unavailable', `the connection broke: "${this.#place(path)}"`, { cause })
      }
    }
  }

  async #get(path: string, start: number, end: number | undefined): ReturnType<ObjectStore['get']> {
    const key = this.#key(path)
    return key === undefined || key === ''
      ? undefined
      : this.#store.get(key, { start, ...(end === undefined ? {} : { end }) })
  }

  async #readBytes(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
    const body = await this.#get(path, 0, undefined)
    if (body === undefined) return undefined
    const chunks: Uint8Array[] = []
    let size = 0
    for await (const chunk of body.chunks) {
      size += chunk.length
      if (size > maxBytes) {
        throw new StemmaError(
          'source.unreadable',
          `not read, larger than ${String(maxBytes)} bytes: "${this.#place(path)}"`,
        )
      }
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  }

  /** What the store knows of the content costs nothing; bytes are fetched to be hashed only when all are asked for. */
  async #digest(path: string): Promise<Digest | undefined> {
    if (this.#hash === 'none') return undefined
    const key = this.#key(path)
    const object = key === undefined || key === '' ? undefined : await this.#store.head(key)
    if (object === undefined) return undefined
    if (object.sha256 !== undefined) return toDigest('sha256', 'full', object.sha256)
    if (this.#hash === 'all') {
      const hash = createHash('sha256')
      for await (const chunk of this.#open(path, 0, undefined)) hash.update(chunk)
      return toDigest('sha256', 'full', hash.digest('hex'))
    }
    if (object.md5 !== undefined) return toDigest('md5', 'full', object.md5)
    return object.etag === undefined
      ? undefined
      : toDigest(kindOfTag(this.#store.scheme, object.etag), 'etag', object.etag)
  }

  async #reach(place: string): Promise<FileSource | undefined> {
    if (!place.startsWith(`${this.#store.scheme}://`)) return undefined
    const { bucket, key } = parseObjectUri(place)
    const other = objectSource(this.#store.other(bucket), key, this.#hash)
    return (await other.stat(''))?.type === 'folder' ? other : undefined
  }

  #place(path: string): string {
    return objectUri(this.#store.scheme, this.#store.bucket, this.#key(path) ?? path)
  }
}

/** S3 makes the tag of an object that came in parts from those of its parts: cut otherwise, equal bytes have another tag. */
function kindOfTag(scheme: string, tag: string): string {
  const parts = /^[0-9a-f]{32}-(\d+)$/.exec(tag)?.[1]
  return parts === undefined ? `${scheme}-etag` : `${scheme}-etag-of-${parts}`
}

function toDigest(algorithm: string, scope: Digest['scope'], value: string): Digest {
  return { algorithm, value, scope, evidence: 'observed' }
}
