import { lstatSync, statSync } from 'node:fs'
import type { Stats } from 'node:fs'
import type { FileSource } from '../../../core/adapter.ts'

/** What lies at an output's place today. */
export interface Found {
  readonly type: 'file' | 'folder'
  readonly sizeBytes: number
  readonly modifiedMs: number
  /** The place holds a symbolic link to it. */
  readonly isLink: boolean
}

/** Looks below the working directory of today. Local looks are synchronous: there is one an output. */
export class Disk {
  /** Nothing, when the folder is not there any more. */
  readonly #source: FileSource | undefined
  readonly #folder: string
  readonly #seen = new Map<string, Found | undefined>()

  constructor(source: FileSource | undefined, folder: string) {
    this.#source = source
    this.#folder = folder
  }

  /** @param relative path below the working directory */
  async look(relative: string): Promise<Found | undefined> {
    if (this.#seen.has(relative) || this.#source === undefined) return this.#seen.get(relative)
    const path = this.path(relative)
    const local = this.#source.localPath(path)
    const found = local === undefined ? await ask(this.#source, path) : lookLocal(local)
    this.#seen.set(relative, found)
    return found
  }

  /** The path in the source. */
  path(relative: string): string {
    return this.#folder === '' ? relative : `${this.#folder}/${relative}`
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
  return { type: stat.isFile() ? 'file' : 'folder', sizeBytes: stat.size, modifiedMs: stat.mtimeMs, isLink }
}

/** A place that may not be looked at is as good as empty: what the engine wrote down stands by itself. */
function quietly(look: () => Stats | undefined): Stats | undefined {
  try {
    return look()
  } catch {
    return undefined
  }
}
