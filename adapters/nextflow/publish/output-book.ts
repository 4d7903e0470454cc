import type { Stat } from '../../../core/adapter.ts'
import { join, type Place } from '../find/places.ts'
import type { TaskOutput } from '../work/task-outputs.ts'
import { listBelow, type OpenFile } from './open-files.ts'

/** Who made an output, in few words: there are as many as tasks. */
export interface Maker {
  /** The run's natural key: the version of what it publishes. */
  readonly key: string
  /** Order of the pipeline run among all. */
  readonly order: number
}

/** An output that has the size (or the very inode) of a file outside of the work folders. */
export interface Candidate {
  readonly path: string
  readonly place: Place
  readonly maker: Maker
  /** Orders of all runs that had this output, made or taken over from the cache: each may have published it. */
  readonly runs: Set<number>
  /** The folder that was declared, when the file only lies in it. */
  readonly folder?: string
  /** The engine wrote down that the folder is the output; else it may be this file of it. */
  readonly isFolderDeclared?: boolean
  readonly modifiedMs?: number
  /** The input that the task passed on under this path. */
  readonly passedFrom?: string
}

/** A declared output that is gone from its folder: moved away, or never made. */
export interface MissingOutput {
  readonly path: string
  readonly maker: Maker
  readonly runs: Set<number>
}

/** Most files of one output folder that are compared. */
export const MOST_MEMBERS = 2000
/** So many equally large outputs say nothing. */
const MOST_CANDIDATES = 1000

/**
 * Outputs that may have been published as a copy or a hard link. Only those are kept that have the size or the inode of
 * a file outside, so that memory grows with the published files and not with the tasks.
 */
export class OutputBook {
  readonly #bySize = new Map<number, Candidate[]>()
  readonly #byFileId = new Map<string, Candidate[]>()
  readonly #missing = new Map<string, MissingOutput[]>()
  readonly #seen = new Map<string, Candidate>()

  constructor(files: readonly OpenFile[]) {
    for (const { stat, target, place } of files) {
      if (target !== undefined) continue
      this.#bySize.set(stat.sizeBytes, [])
      if (stat.fileId !== undefined) this.#byFileId.set(stat.fileId, [])
      this.#missing.set(nameOf(place.path), [])
    }
  }

  /** An output of a task that ended well. A cached task brings the same output again (`order`): it is kept once. */
  async add(output: TaskOutput, maker: Maker, order: number, passedFrom?: string): Promise<void> {
    if (this.#bySize.size === 0) return
    const runs = new Set([order])
    const passed = passedFrom === undefined ? {} : { passedFrom }
    if (output.stat.type === 'folder') {
      const isFolderDeclared = output.pattern !== undefined
      for (const name of await listBelow(output.place.source, output.place.path, MOST_MEMBERS)) {
        const place = { source: output.place.source, path: join(output.place.path, name) }
        const stat = await place.source.lstat(place.path)
        const from = passedFrom === undefined ? {} : { passedFrom: `${passedFrom}/${name}` }
        const inFolder = { folder: output.path, isFolderDeclared, ...from }
        if (stat !== undefined) this.#keep({ path: `${output.path}/${name}`, place, maker, runs, ...inFolder }, stat)
      }
    } else this.#keep({ path: output.path, place: output.place, maker, runs, ...passed }, output.stat)
  }

  addMissing(path: string, maker: Maker, order: number): void {
    const list = this.#missing.get(nameOf(path))
    const known = list?.find((each) => each.path === path)
    if (known === undefined) list?.push({ path, maker, runs: new Set([order]) })
    else known.runs.add(order)
  }

  sameSize(file: OpenFile): readonly Candidate[] {
    return this.#bySize.get(file.stat.sizeBytes) ?? []
  }

  sameInode(file: OpenFile): readonly Candidate[] {
    return file.stat.fileId === undefined ? [] : (this.#byFileId.get(file.stat.fileId) ?? [])
  }

  gone(file: OpenFile): readonly MissingOutput[] {
    return this.#missing.get(nameOf(file.place.path)) ?? []
  }

  #keep(found: Candidate, { sizeBytes, fileId, modifiedMs }: Stat): void {
    const candidate = { ...found, modifiedMs }
    const linked = fileId === undefined ? undefined : this.#byFileId.get(fileId)
    const sized = this.#bySize.get(sizeBytes)
    if (linked === undefined && sized === undefined) return
    const known = this.#seen.get(candidate.path)
    if (known !== undefined) {
      for (const order of candidate.runs) known.runs.add(order)
      return
    }
    this.#seen.set(candidate.path, candidate)
    linked?.push(candidate)
    if (sized !== undefined && sized.length < MOST_CANDIDATES) sized.push(candidate)
  }
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
