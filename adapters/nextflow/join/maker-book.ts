import { runUid, type Fact, type RunUid } from '../../../core/adapter.ts'
import { artifactFact } from '../facts/artifact.ts'
import type { TaskView } from './task.ts'

/** Who executed a task. */
export interface MakerOfTask {
  readonly uid: RunUid
  /** Natural key of the run. */
  readonly key: string
  /** Place of its pipeline run among all. */
  readonly order: number
}

/** `listed`: all that it made is known from its folder or its record. */
type State = 'listed' | 'unlisted' | 'failed'

interface Entry extends MakerOfTask {
  readonly session: string | undefined
  readonly state: State
  /** Runs that took the task over. */
  readonly takers: RunUid[]
  /** Files of its folder that others used, while its own list is not known. */
  uses?: Set<string>
}

/** Which run executed a task, by its hash: what a cached run leads back to, and whose folder a path lies in. */
export class MakerBook {
  readonly #entries = new Map<string, Entry>()
  readonly #early = new Map<string, Set<string>>()
  #session: string | undefined

  startPipeline(session: string | undefined): void {
    this.#session = session
  }

  note(view: TaskView, own: MakerOfTask, state: State): void {
    const hash = hashOf(view)
    const uses = this.#early.get(hash)
    this.#early.delete(hash)
    this.#entries.set(hash, {
      ...own,
      session: this.#session,
      state,
      takers: [],
      ...(uses === undefined ? {} : { uses }),
    })
  }

  /** The run that executed what this run took over: of the same session, and ended well. */
  findExecuted(view: TaskView, taker: RunUid): MakerOfTask | undefined {
    const entry = this.#entries.get(hashOf(view))
    if (entry === undefined || entry.state === 'failed' || entry.session !== this.#session) return undefined
    entry.takers.push(taker)
    return entry
  }

  of(fullHash: string | undefined): MakerOfTask | undefined {
    return fullHash === undefined ? undefined : this.#entries.get(fullHash.slice(0, 8))
  }

  /** Somebody read or linked a file in a task's folder. */
  noteUse(fullHash: string, path: string): void {
    const hash = fullHash.slice(0, 8)
    const entry = this.#entries.get(hash)
    if (entry === undefined) this.#early.set(hash, (this.#early.get(hash) ?? new Set<string>()).add(path))
    else if (entry.state === 'unlisted') (entry.uses ??= new Set<string>()).add(path)
  }

  /** A used file lies in the folder of the task that made it, when nothing else is known of what the task made. */
  *inferred(): Iterable<Fact> {
    for (const entry of this.#entries.values()) {
      if (entry.state !== 'unlisted') continue
      for (const path of entry.uses ?? []) {
        const artifact = artifactFact(path)
        if (artifact === undefined) continue
        yield artifact
        for (const run of [entry.uid, ...entry.takers]) {
          const method = 'used by others under the path of its folder'
          yield { kind: 'produced', run, artifact: artifact.uid, evidence: 'inferred', method }
        }
      }
    }
  }
}

function hashOf(view: TaskView): string {
  return view.shortHash.replace('/', '')
}

/** The uid of a run by its natural key. */
export function makerUid(key: string): RunUid {
  return runUid('nextflow', key)
}
