import { runUid, type ArtifactFact, type Fact, type RunUid } from '../../../core/adapter.ts'
import { artifactFact } from '../facts/artifact.ts'
import { taskOfPath } from '../find/places.ts'
import { hashNumber } from '../hash.ts'
import { HashRows } from './hash-rows.ts'
import { IntMap } from './int-map.ts'
import { keyOf, type TaskView } from './task.ts'

/** Who executed a task. */
export interface MakerOfTask {
  readonly uid: RunUid
  /** Natural key of the run. */
  readonly key: string
  /** Place of its pipeline run among all. */
  readonly order: number
}

/** `listed`: all that it made is known from its folder or its record. */
const STATES = ['listed', 'unlisted', 'failed'] as const
type State = (typeof STATES)[number]

/**
 * Which run executed a task, by its hash: what a cached run leads back to, and whose folder a path lies in. Two numbers
 * a task; names and uids are made again when somebody asks.
 */
export class MakerBook {
  /** Short hash as a number to the order of the pipeline run and the state. */
  readonly #entries = new IntMap()
  readonly #fullHashes = new HashRows()
  readonly #pipelines: { readonly key: string; readonly session: string | undefined }[] = []
  readonly #uses = new Map<number, Set<string>>()
  readonly #takers = new Map<number, RunUid[]>()
  /** Folders that tasks left of which nobody wrote down what was declared: they, or files in them. */
  readonly #folders = new Map<number, Map<string, ArtifactFact>>()
  readonly #isNeeded: boolean

  /** @param isNeeded `false`: no source tells of files or of a second run, nobody will ask */
  constructor(isNeeded: boolean) {
    this.#isNeeded = isNeeded
  }

  /** The next pipeline run in order; tasks without one belong to the run with the empty key. */
  startPipeline(session: string | undefined, key: string): void {
    this.#pipelines.push({ session, key })
  }

  note(view: TaskView, order: number, state: State): void {
    if (!this.#isNeeded || view.suffix !== undefined) return
    const hash = hashNumber(view.shortHash)
    this.#entries.set(hash, order * STATES.length + STATES.indexOf(state))
    if (view.fullHash !== undefined) this.#fullHashes.add(view.fullHash, 0)
  }

  /** The run that executed what this run took over: of the same session, and ended well. */
  findExecuted(view: TaskView, order: number, taker: RunUid): MakerOfTask | undefined {
    const hash = hashNumber(view.shortHash)
    const maker = this.#makerOf(hash)
    const isSameChain = this.#pipelines[maker?.order ?? -1]?.session === this.#pipelines[order]?.session
    if (maker === undefined || maker.state === 'failed' || !isSameChain) return undefined
    if (maker.state === 'unlisted' || this.#folders.has(hash))
      this.#takers.set(hash, [...(this.#takers.get(hash) ?? []), taker])
    return maker
  }

  of(fullHash: string | undefined): MakerOfTask | undefined {
    return fullHash === undefined ? undefined : this.#makerOf(hashNumber(fullHash))
  }

  /** A folder whose fate is decided by how it is used. @returns `false`: nobody will say */
  holdFolder(folder: ArtifactFact, path: string): boolean {
    const task = taskOfPath(path)
    const hash = task === undefined ? undefined : hashNumber(task.hash)
    if (hash === undefined || this.#makerOf(hash)?.state !== 'listed') return false
    const held = this.#folders.get(hash) ?? new Map<string, ArtifactFact>()
    this.#folders.set(hash, held.set(path, folder))
    return true
  }

  /** Somebody read, linked or copied a file in a task's folder. */
  noteUse(fullHash: string, path: string): void {
    const hash = hashNumber(fullHash)
    const entry = this.#entries.get(hash)
    const isListed = entry !== undefined && STATES[entry % STATES.length] !== 'unlisted'
    if (isListed && ![...(this.#folders.get(hash)?.keys() ?? [])].some((folder) => isWithin(path, folder))) return
    const uses = this.#uses.get(hash)
    if (uses === undefined) this.#uses.set(hash, new Set([path]))
    else uses.add(path)
  }

  /** What was left open: folders that tasks left, and files of which only their use tells. */
  *inferred(): Iterable<Fact> {
    yield* this.#usedFiles()
    for (const [hash, folders] of this.#folders) {
      const uses = this.#uses.get(hash) ?? new Set<string>()
      for (const [path, artifact] of folders) {
        if (isParted(path, uses)) yield* this.#used(hash, path, uses)
        else yield* this.#left(hash, artifact)
      }
    }
  }

  /** Files in the folder that a task left are used by others, and never the folder itself. */
  isParted(folder: string): boolean {
    const task = taskOfPath(folder)
    return task !== undefined && isParted(folder, this.#uses.get(hashNumber(task.hash)) ?? new Set<string>())
  }

  *#used(hash: number, folder: string, uses: ReadonlySet<string>): Iterable<Fact> {
    for (const path of uses) {
      const artifact = isWithin(path, folder) ? artifactFact(path) : undefined
      if (artifact !== undefined) yield* this.#left(hash, artifact)
    }
  }

  *#left(hash: number, artifact: ArtifactFact): Iterable<Fact> {
    const maker = this.#makerOf(hash)
    if (maker === undefined) return
    yield artifact
    for (const run of [maker.uid, ...(this.#takers.get(hash) ?? [])])
      yield { kind: 'produced', run, artifact: artifact.uid, evidence: 'observed' }
  }

  /** A used file lies in the folder of the task that made it, when nothing else is known of what the task made. */
  *#usedFiles(): Iterable<Fact> {
    for (const [hash, paths] of this.#uses) {
      const maker = this.#makerOf(hash)
      if (maker?.state !== 'unlisted') continue
      for (const path of paths) {
        const artifact = artifactFact(path)
        if (artifact === undefined) continue
        yield artifact
        for (const run of [maker.uid, ...(this.#takers.get(hash) ?? [])]) {
          const method = 'used by others under the path of its folder'
          yield { kind: 'produced', run, artifact: artifact.uid, evidence: 'inferred', method }
        }
      }
    }
  }

  #makerOf(hash: number): (MakerOfTask & { readonly state: State }) | undefined {
    const entry = this.#entries.get(hash)
    const order = entry === undefined ? -1 : Math.floor(entry / STATES.length)
    const state = entry === undefined ? undefined : STATES[entry % STATES.length]
    if (state === undefined) return undefined
    const hex = (hash >>> 0).toString(16).padStart(8, '0')
    const fullHash = this.#fullHashes.of(hash).at(-1)?.fullHash
    const view = { shortHash: `${hex.slice(0, 2)}/${hex.slice(2)}`, ...(fullHash === undefined ? {} : { fullHash }) }
    const key = `${this.#pipelines[order]?.key ?? 'work'}/${keyOf(view)}`
    return { uid: makerUid(key), key, order, state }
  }
}

function isParted(folder: string, uses: ReadonlySet<string>): boolean {
  return !uses.has(folder) && [...uses].some((use) => isWithin(use, folder))
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}

/** The uid of a run by its natural key. */
export function makerUid(key: string): RunUid {
  return runUid('nextflow', key)
}
