import { runUid, type Fact, type RunUid } from '../../../core/adapter.ts'
import { artifactFact } from '../facts/artifact.ts'
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
    if (maker.state === 'unlisted') this.#takers.set(hash, [...(this.#takers.get(hash) ?? []), taker])
    return maker
  }

  of(fullHash: string | undefined): MakerOfTask | undefined {
    return fullHash === undefined ? undefined : this.#makerOf(hashNumber(fullHash))
  }

  /** Somebody read or linked a file in a task's folder. */
  noteUse(fullHash: string, path: string): void {
    const hash = hashNumber(fullHash)
    const entry = this.#entries.get(hash)
    if (entry !== undefined && STATES[entry % STATES.length] !== 'unlisted') return
    const uses = this.#uses.get(hash)
    if (uses === undefined) this.#uses.set(hash, new Set([path]))
    else uses.add(path)
  }

  /** A used file lies in the folder of the task that made it, when nothing else is known of what the task made. */
  *inferred(): Iterable<Fact> {
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

/** The uid of a run by its natural key. */
export function makerUid(key: string): RunUid {
  return runUid('nextflow', key)
}
