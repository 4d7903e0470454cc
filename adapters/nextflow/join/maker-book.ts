import { runUid, type Fact, type RunUid } from '../../../core/adapter.ts'
import { artifactFact } from '../facts/artifact.ts'
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
  readonly #fullHashes = new Map<number, string>()
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
    const hash = numberOf(view.shortHash)
    this.#entries.set(hash, order * STATES.length + STATES.indexOf(state))
    // a copy of its own: a piece of a line keeps the whole chunk of the file in memory
    if (view.fullHash !== undefined) this.#fullHashes.set(hash, Buffer.from(view.fullHash, 'latin1').toString('latin1'))
  }

  /** The run that executed what this run took over: of the same session, and ended well. */
  findExecuted(view: TaskView, order: number, taker: RunUid): MakerOfTask | undefined {
    const hash = numberOf(view.shortHash)
    const maker = this.#makerOf(hash)
    const isSameChain = this.#pipelines[maker?.order ?? -1]?.session === this.#pipelines[order]?.session
    if (maker === undefined || maker.state === 'failed' || !isSameChain) return undefined
    if (maker.state === 'unlisted') this.#takers.set(hash, [...(this.#takers.get(hash) ?? []), taker])
    return maker
  }

  of(fullHash: string | undefined): MakerOfTask | undefined {
    return fullHash === undefined ? undefined : this.#makerOf(numberOf(fullHash.slice(0, 8)))
  }

  /** Somebody read or linked a file in a task's folder. */
  noteUse(fullHash: string, path: string): void {
    const hash = numberOf(fullHash.slice(0, 8))
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
    const fullHash = this.#fullHashes.get(hash)
    const view = { shortHash: `${hex.slice(0, 2)}/${hex.slice(2)}`, ...(fullHash === undefined ? {} : { fullHash }) }
    const key = `${this.#pipelines[order]?.key ?? 'work'}/${keyOf(view)}`
    return { uid: makerUid(key), key, order, state }
  }
}

/** The first eight digits of a hash, with or without the slash, as a 32-bit number. */
export function numberOf(hash: string): number {
  return Number.parseInt(hash.charAt(2) === '/' ? hash.slice(0, 2) + hash.slice(3) : hash, 16) | 0
}

/** The uid of a run by its natural key. */
export function makerUid(key: string): RunUid {
  return runUid('nextflow', key)
}
