import { lstatSync, statSync } from 'node:fs'
import type { Stats } from 'node:fs'
import { posix } from 'node:path'
import { filePath, isStemmaError } from '../../../core/adapter.ts'
import type { FileSource } from '../../../core/adapter.ts'
import type { Place } from './places.ts'

/** What lies at an output's place today. */
export interface Found {
  readonly type: 'file' | 'folder'
  readonly sizeBytes: number
  readonly modifiedMs: number
  /** When the file was made, where its file system tells. */
  readonly bornMs?: number
  /** The place holds a symbolic link to it. */
  readonly isLink: boolean
}

/** Looks below the working directory of today. Local looks are synchronous: there is one an output. */
export class Disk {
  /** Nothing, when the folder is not there any more. */
  readonly #source: FileSource | undefined
  readonly #folder: string
  readonly #roots: readonly { readonly was: string; readonly now: string }[]
  readonly #reached = new Map<string, FileSource | undefined>()

  /** @param roots where folders of then lie now, as paths */
  constructor(
    source: FileSource | undefined,
    folder: string,
    roots: readonly { readonly was: string; readonly now: string }[],
  ) {
    this.#source = source
    this.#folder = folder
    this.#roots = roots
  }

  /** @param relative path below the working directory */
  async look(relative: string): Promise<Found | undefined> {
    if (this.#source === undefined) return undefined
    const path = this.path(relative)
    const local = this.#source.localPath(path)
    return local === undefined ? ask(this.#source, path) : lookLocal(local)
  }

  /** The same for a place outside of the working directory too. */
  async find(place: Place): Promise<Found | undefined> {
    if (place.relative !== undefined) return this.look(place.relative)
    const path = filePath(place.uri)
    if (path === undefined || this.#source === undefined) return undefined
    const moved = this.#roots.find(({ was }) => path.startsWith(`${was}/`))
    const now = moved === undefined ? path : moved.now + path.slice(moved.was.length)
    const folder = posix.dirname(now)
    if (!this.#reached.has(folder)) this.#reached.set(folder, await reachQuietly(this.#source, folder))
    const holder = this.#reached.get(folder)
    return holder === undefined ? undefined : ask(holder, posix.basename(now))
  }

  /** The path in the source. */
  path(relative: string): string {
    return this.#folder === '' ? relative : `${this.#folder}/${relative}`
  }
}

/** A folder that may not be looked into is as good as not there. */
async function reachQuietly(source: FileSource, folder: string): Promise<FileSource | undefined> {
  try {
    return await source.reach(folder)
  } catch (error) {
    if (!isStemmaError(error)) throw error
    return undefined
  }
}

async function ask(source: FileSource, path: string): Promise<Found | undefined> {
  const stat = await source.stat(path)
  if (stat?.type !== 'file' && stat?.type !== 'folder') return undefined
  const { type, sizeBytes, modifiedMs } = stat
  return { type, sizeBytes, modifiedMs, isLink: (await source.lstat(path))?.type === 'link' }
}

function lookLocal(path: string): Found | undefined {
  const itself = quietly(() => lstatSync(path, { throwIfNoEntry: false }))
  const isLink = itself?.isSymbolicLink() === true
  const stat = isLink ? quietly(() => statSync(path, { throwIfNoEntry: false })) : itself
  if (stat === undefined || !(stat.isFile() || stat.isDirectory())) return undefined
  const bornMs = stat.birthtimeMs
  return {
    type: stat.isFile() ? 'file' : 'folder',
    sizeBytes: stat.size,
    modifiedMs: stat.mtimeMs,
    isLink,
    ...(bornMs > 0 ? { bornMs } : {}),
  }
}

/** A place that may not be looked at is as good as empty: what the engine wrote down stands by itself. */
function quietly(look: () => Stats | undefined): Stats | undefined {
  try {
    return look()
  } catch {
    return undefined
  }
}
