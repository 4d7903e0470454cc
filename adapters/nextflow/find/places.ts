import { filePath, normalizePath, type Answer, type FileSource, type Stat } from '../../../core/adapter.ts'

/** A path inside a source. */
export interface Place {
  readonly source: FileSource
  readonly path: string
}

/** A folder as the engine called it, and where it lies now. */
interface Root {
  readonly was: string
  readonly now: Place
}

/** Where a file lies now, by the absolute path that the engine wrote down. */
export class Places {
  readonly #homes: readonly FileSource[]
  readonly #roots: Root[] = []
  /** The same, the longest name first, until another is learned. */
  #sorted: readonly Root[] | undefined
  /** Folders that hold task folders, known by their shape. */
  readonly #workFolders: Place[] = []
  readonly #reached = new Map<string, FileSource | undefined>()
  readonly #tops = new Map<string, boolean>()
  /** Names in the two-digit folders, by place: asked for once a task. */
  readonly #listed = new Map<string, readonly string[]>()

  /** @param homes what is read together; the first one knows how to reach folders elsewhere */
  constructor(homes: readonly FileSource[]) {
    this.#homes = homes
    for (const source of homes) {
      const here = filePath(source.uri)
      if (here !== undefined) this.#roots.push({ was: here, now: { source, path: '' } })
    }
  }

  get workFolders(): readonly Place[] {
    return this.#workFolders
  }

  /** The folders that were called otherwise when the engine ran, newest knowledge last. */
  get moved(): readonly Root[] {
    return this.#roots.filter((root) => root.was !== filePath(root.now.source.uri) || root.now.path !== '')
  }

  /** What is told last is the newest name of the folder. */
  addRoot(was: string, now: Place): void {
    const clean = normalizePath(was)
    const known = this.#roots.findIndex((root) => root.was === clean && samePlace(root.now, now))
    if (known >= 0) this.#roots.splice(known, 1)
    this.#roots.push({ was: clean, now })
    this.#sorted = undefined
  }

  addWorkFolder(place: Place): void {
    if (!this.#workFolders.some((known) => samePlace(known, place))) this.#workFolders.push(place)
  }

  /**
   * Learns a root from one thing known under both names: what follows the last part in which they differ was moved as
   * a whole. `/data/x/work/ab/cd` and `work/ab/cd` say that `/data/x` is now the source's own root.
   */
  learn(was: string, now: Place): void {
    const old = normalizePath(was).split('/')
    const present = now.path.split('/').filter((part) => part !== '')
    while (present.length > 0 && old.length > 2 && old.at(-1) === present.at(-1)) {
      old.pop()
      present.pop()
    }
    if (present.length === 0) this.addRoot(old.join('/') || '/', { source: now.source, path: '' })
    else this.addRoot(old.join('/') || '/', { source: now.source, path: present.join('/') })
  }

  /** Finds what the engine called `path`; `undefined` when nothing lies there now. Links are not followed. */
  async find(path: string): Promise<(Place & { readonly stat: Stat }) | undefined> {
    for (const place of this.guesses(path)) {
      const mayExist = this.mayExist(place)
      if (!(mayExist instanceof Promise ? await mayExist : mayExist)) continue
      const stat = await quietly(place.source.lstat(place.path))
      if (stat !== undefined) return { ...place, stat }
    }
    return undefined
  }

  /** The first folder of the path is there; asked once each, so that a missing work folder costs one look. */
  mayExist({ source, path }: Place): Answer<boolean> {
    const end = path.indexOf('/')
    if (end < 0) return true
    const top = path.slice(0, end)
    const key = `${source.uri} ${top}`
    return this.#tops.get(key) ?? this.#lookAtTop(source, top, key)
  }

  async #lookAtTop(source: FileSource, top: string, key: string): Promise<boolean> {
    const isThere = (await quietly(source.lstat(top))) !== undefined
    this.#tops.set(key, isThere)
    return isThere
  }

  /** The same for a folder that may lie outside the source: a work directory, a store. */
  async findFolder(path: string): Promise<Place | undefined> {
    const found = await this.find(path)
    if (found?.stat.type === 'folder') return found
    const clean = normalizePath(path)
    const [first] = this.#homes
    if (!this.#reached.has(clean)) this.#reached.set(clean, first && (await quietly(first.reach(clean))))
    const source = this.#reached.get(clean)
    if (source === undefined) return undefined
    this.addRoot(clean, { source, path: '' })
    return { source, path: '' }
  }

  /** A task folder in a work directory outside of the source; the work directory is looked for once. */
  async findTaskElsewhere(path: string): Promise<Place | undefined> {
    const clean = normalizePath(path)
    const tail = taskTail(clean)
    if (tail === undefined) return undefined
    const work = await this.findFolder(clean.slice(0, clean.length - tail.length - 1))
    return work === undefined ? undefined : { source: work.source, path: join(work.path, tail) }
  }

  /** Names in a two-digit folder of a work folder. */
  async names(folder: Place, two: string): Promise<readonly string[]> {
    const key = `${folder.source.uri} ${folder.path} ${two}`
    const known = this.#listed.get(key)
    if (known !== undefined) return known
    const names: string[] = []
    for await (const entry of folder.source.list(join(folder.path, two))) names.push(entry.name)
    this.#listed.set(key, names)
    return names
  }

  /** What the engine would have called a path of the source: under the newest of the deepest roots that hold it. */
  original(place: Place): string | undefined {
    let best: Root | undefined
    for (const root of this.#roots) {
      const { path } = root.now
      const isInside = path === '' || place.path === path || place.path.startsWith(`${path}/`)
      if (root.now.source !== place.source || !isInside) continue
      if (best === undefined || path.length >= best.now.path.length) best = root // the deepest, of equals the newest
    }
    if (best === undefined) return undefined
    const rest = best.now.path === '' ? place.path : place.path.slice(best.now.path.length + 1)
    return normalizePath(`${best.was}/${rest}`)
  }

  /** Where it may lie: in roots that hold the path, the longest name first, then in any work folder by the path's tail. */
  *guesses(named: string): Iterable<Place> {
    const path = normalizePath(named)
    for (const { was, now } of this.#longestFirst()) {
      const isInside =
        path.startsWith(was) && (path.length === was.length || was === '/' || path.charAt(was.length) === '/')
      if (isInside) yield { source: now.source, path: join(now.path, path.slice(was === '/' ? 1 : was.length + 1)) }
    }
    const tail = taskTail(path)
    if (tail === undefined) return
    for (const folder of this.#workFolders) yield { source: folder.source, path: join(folder.path, tail) }
  }

  #longestFirst(): readonly Root[] {
    this.#sorted ??= [...this.#roots].sort((a, b) => b.was.length - a.was.length)
    return this.#sorted
  }
}

/** `ab/cdef…/rest` of a path that leads through a task's folder. */
export function taskTail(path: string): string | undefined {
  return /\/([0-9a-f]{2}\/[0-9a-f]{30}(?:\/.*)?)$/s.exec(path)?.[1]
}

/** The task hash in a path that leads to a file in a task's folder, and the rest of the path. */
export function taskOfPath(path: string): { readonly hash: string; readonly rest: string } | undefined {
  // not the folders of staged remote files and of the engine's own temporary values: they are shaped alike
  const parts = /^(.*)\/([0-9a-f]{2})\/([0-9a-f]{30})(?:\/(.*))?$/s.exec(path)
  if (parts === null) return undefined
  const [, above = '', two = '', thirty = '', rest = ''] = parts
  if (/\/(tmp|stage-[0-9a-f-]{36}|stage)$/.test(above)) return undefined
  return { hash: two + thirty, rest }
}

export function join(folder: string, name: string): string {
  return folder === '' ? name : name === '' ? folder : `${folder}/${name}`
}

function samePlace(a: Place, b: Place): boolean {
  return a.source === b.source && a.path === b.path
}

/** What may not be read counts as not there: a missing permission far away must not end the import. */
async function quietly<T>(asked: Promise<T>): Promise<T | undefined> {
  return asked.catch(() => undefined)
}
