import { createHash } from 'node:crypto'
import { StemmaError } from '../errors.ts'
import { fileUri, filePath } from '../fact/uri.ts'
import { lookOneByOne } from './look-one-by-one.ts'
import type { Entry, FileSource, Stat } from './source.ts'

/** A file in memory: its content, or a link's text, with its time. */
export type MemoryEntry =
  | string
  | Uint8Array
  | { readonly content: string | Uint8Array; readonly modifiedMs?: number; readonly fileId?: string }
  | { readonly link: string }
  | { readonly unreadable: true }

export interface MemoryOptions {
  /** Where the files seem to lie. */
  readonly root?: string
  /** Bytes in a chunk of `open`: small ones find parsers that trust chunk borders. */
  readonly chunkBytes?: number
}

const DEFAULT_TIME = Date.UTC(2026, 0, 1)
const MOST_LINKS = 40

/**
 * Leftovers in memory, for tests: paths below `root` and what lies there. It behaves as a local folder does: folders
 * exist by their files, links are followed and may form loops, what leads out of the root is not opened.
 */
export function memorySource(files: Readonly<Record<string, MemoryEntry>>, options: MemoryOptions = {}): FileSource {
  return new MemoryTree(files, options.root ?? '/memory', options.chunkBytes ?? 65_536).source('')
}

class MemoryTree {
  readonly #entries: ReadonlyMap<string, MemoryEntry>
  readonly #folders = new Set<string>([''])
  readonly #root: string
  readonly #chunkBytes: number

  constructor(files: Readonly<Record<string, MemoryEntry>>, root: string, chunkBytes: number) {
    this.#entries = new Map(Object.entries(files))
    this.#root = root
    this.#chunkBytes = chunkBytes
    for (const path of this.#entries.keys()) {
      for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) this.#folders.add(path.slice(0, at))
    }
  }

  source(base: string): FileSource {
    const inside = (path: string): string | undefined => resolvePath(base, path)
    const source: FileSource = {
      kind: 'files',
      uri: fileUri(`${this.#root}/${base}`),
      list: (folder) => this.#list(inside(folder)),
      stat: (path) => Promise.resolve(this.#stat(this.#follow(inside(path), false))),
      lstat: (path) => Promise.resolve(this.#stat(this.#follow(inside(path), true))),
      readLink: (path) => Promise.resolve(this.#linkAt(this.#follow(inside(path), true))),
      open: (path, range) => this.#open(this.#follow(inside(path), false), path, range),
      readBytes: (path, maxBytes) => later(() => this.#read(this.#follow(inside(path), false), path, maxBytes)),
      async readText(path, maxBytes) {
        const bytes = await source.readBytes(path, maxBytes)
        return bytes === undefined ? undefined : new TextDecoder().decode(bytes)
      },
      look: (wanted) => lookOneByOne(source, wanted),
      digest: (path) =>
        later(() => {
          const bytes = this.#bytes(this.#follow(inside(path), false))
          if (bytes === undefined) return undefined
          const value = createHash('sha256').update(bytes).digest('hex')
          return { algorithm: 'sha256', value, scope: 'full', evidence: 'observed' }
        }),
      localPath: () => undefined,
      reach: (place) => Promise.resolve(this.#reach(place)),
    }
    return source
  }

  #reach(place: string): FileSource | undefined {
    const other = place.startsWith('/') ? place : filePath(place)
    if (other === undefined || !`${other}/`.startsWith(`${this.#root}/`)) return undefined
    const path = this.#follow(resolvePath('', other.slice(this.#root.length + 1)), false)
    return path === undefined || !this.#folders.has(path) ? undefined : this.source(path)
  }

  *#members(path: string): Iterable<Entry> {
    const names = new Map<string, Stat['type']>()
    const below = path === '' ? '' : `${path}/`
    for (const [name, entry] of this.#entries) {
      if (!name.startsWith(below)) continue
      const [first = '', ...rest] = name.slice(below.length).split('/')
      names.set(first, rest.length > 0 ? 'folder' : isLink(entry) ? 'link' : 'file')
    }
    for (const [name, type] of [...names].sort(([a], [b]) => (a < b ? -1 : 1))) yield { name, type }
  }

  async *#list(path: string | undefined): AsyncIterable<Entry> {
    const folder = await later(() => this.#follow(path, false))
    if (folder !== undefined && this.#folders.has(folder)) yield* this.#members(folder)
  }

  #stat(path: string | undefined): Stat | undefined {
    if (path === undefined) return undefined
    const entry = this.#entries.get(path)
    if (entry === undefined) {
      return this.#folders.has(path) ? { type: 'folder', sizeBytes: 0, modifiedMs: DEFAULT_TIME } : undefined
    }
    const modifiedMs = (isFile(entry) ? entry.modifiedMs : undefined) ?? DEFAULT_TIME
    const fileId = (isFile(entry) ? entry.fileId : undefined) ?? `memory:${path}`
    if (isLink(entry)) return { type: 'link', sizeBytes: entry.link.length, modifiedMs, fileId }
    return { type: 'file', sizeBytes: this.#bytes(path)?.length ?? 0, modifiedMs, fileId }
  }

  #linkAt(path: string | undefined): string | undefined {
    const entry = path === undefined ? undefined : this.#entries.get(path)
    return isLink(entry) ? entry.link : undefined
  }

  /** The path behind all links on the way, or `undefined` for a loop or a way out of the root. */
  #follow(path: string | undefined, keepLast: boolean): string | undefined {
    let rest = path
    for (let hops = 0; rest !== undefined && hops <= MOST_LINKS; hops++) {
      const parts: string[] = rest.split('/')
      const at = parts.findIndex((_, index) => isLink(this.#entries.get(parts.slice(0, index + 1).join('/'))))
      if (at < 0 || (keepLast && at === parts.length - 1)) return rest
      const link = this.#linkAt(parts.slice(0, at + 1).join('/')) ?? ''
      const before = link.startsWith('/') ? this.#belowRoot(link) : resolvePath(parts.slice(0, at).join('/'), link)
      rest = before === undefined ? undefined : resolvePath(before, parts.slice(at + 1).join('/'))
    }
    return undefined
  }

  #belowRoot(path: string): string | undefined {
    return `${path}/`.startsWith(`${this.#root}/`) ? path.slice(this.#root.length + 1) : undefined
  }

  #bytes(path: string | undefined): Uint8Array | undefined {
    const entry = path === undefined ? undefined : this.#entries.get(path)
    if (entry === undefined || isLink(entry) || isUnreadable(entry)) return undefined
    const content = isFile(entry) ? entry.content : entry
    return typeof content === 'string' ? new TextEncoder().encode(content) : content
  }

  #read(path: string | undefined, asked: string, maxBytes: number): Uint8Array | undefined {
    if (path !== undefined && isUnreadable(this.#entries.get(path))) throw unreadable(asked)
    const bytes = this.#bytes(path)
    if (bytes !== undefined && bytes.length > maxBytes) throw unreadable(asked)
    return bytes
  }

  async *#open(
    path: string | undefined,
    asked: string,
    range: { readonly start?: number; readonly end?: number } = {},
  ): AsyncIterable<Uint8Array> {
    const bytes = await later(() => this.#read(path, asked, Infinity))
    if (bytes === undefined) throw new StemmaError('source.not-found', `nothing is there: "${asked}"`)
    const wanted = bytes.subarray(range.start ?? 0, range.end ?? bytes.length)
    for (let at = 0; at < wanted.length; at += this.#chunkBytes) yield wanted.subarray(at, at + this.#chunkBytes)
  }
}

/** As a disk answers: not at once, and a throw is a rejection. */
function later<T>(answer: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(answer())
  })
}

/** `path` from `base`, without `.` and `..`; `undefined` when it leaves the root. */
function resolvePath(base: string, path: string): string | undefined {
  const kept = base.split('/').filter(Boolean)
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') kept.push(part)
    else if (kept.pop() === undefined) return undefined
  }
  return kept.join('/')
}

function isLink(entry: MemoryEntry | undefined): entry is { readonly link: string } {
  return typeof entry === 'object' && 'link' in entry
}

function isUnreadable(entry: MemoryEntry | undefined): entry is { readonly unreadable: true } {
  return typeof entry === 'object' && 'unreadable' in entry
}

function isFile(entry: MemoryEntry): entry is Extract<MemoryEntry, { readonly content: unknown }> {
  return typeof entry === 'object' && 'content' in entry
}

function unreadable(path: string): StemmaError {
  return new StemmaError('source.unreadable', `cannot read: "${path}"`, { detail: { path } })
}
