import type { RecordSource, RunRecord } from '../records.ts'
import type { Zone } from '../zone.ts'
import type { Place } from '../find/places.ts'

/** A task as the log speaks of it; only what other sources may lack. */
export interface LoggedTask {
  name?: string
  fullHash?: string
  state: 'submitted' | 'cached' | 'ended'
  status?: string
  exit?: number
  /** Counted from the retry notes: the attempt that this submission is. */
  attempt?: number
  workDir?: string
  errorAction?: string
  startMs?: number
  completeMs?: number
}

/** What runs of one revision say of its code, where they agree. */
export type SharedCode = Pick<RunRecord, 'repository' | 'scriptFile' | 'manifest'>

/** One execution of a pipeline, gathered from every source that speaks of it. */
export interface Pipeline {
  session?: string
  runName?: string
  readonly records: RunRecord[]
  readonly traces: Place[]
  readonly reports: Place[]
  index?: Place
  /** Tasks by short hash, as the log names them. */
  readonly logged: Map<string, LoggedTask>
  /** Processes that were skipped because their stored output was there. */
  readonly stored: string[]
  /** Remote inputs and where the engine put its copy. */
  readonly foreign: { readonly url: string; readonly path: string }[]
  /** Files that the log names as published, without their source. */
  readonly targets: string[]
  /** Why the log says that the session was aborted. */
  abortCause?: string
  /** Key of the run's record in the lineage store. */
  lineageKey?: string
  /** Full hashes of the tasks whose lineage record names this run. */
  readonly lineageTasks: string[]
  zone?: Zone
  /** Minutes east of UTC, as lines of the log show that name a time in UTC and were written at that moment. */
  logOffsetMinutes?: number
  /** The first submissions of the log: short hash and local time without a year. */
  submissions?: readonly { readonly hash: string; readonly at: number }[]
  /** Edges from process to process, as the engine drew them; names may be shortened. */
  graph?: readonly (readonly [string, string])[]
  /** Versions of tools by process, as the pipeline collected them. */
  software?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** What other runs of the same code say of it. */
  code?: SharedCode
  /** Local start, good enough to bring runs in order: a log has no year, a trace knows its first submission only. */
  startHintMs?: number
}

export function newPipeline(session?: string, runName?: string): Pipeline {
  return {
    ...(session === undefined ? {} : { session }),
    ...(runName === undefined ? {} : { runName }),
    records: [],
    traces: [],
    reports: [],
    logged: new Map<string, LoggedTask>(),
    stored: [],
    foreign: [],
    targets: [],
    lineageTasks: [],
  }
}

/** All pipeline runs of an import, found by session and run name. */
export class Pipelines {
  readonly #all: Pipeline[] = []

  get all(): readonly Pipeline[] {
    return this.#all
  }

  /** The run of that session and name; one of the two may be unknown if the other decides. */
  of(session: string | undefined, runName: string | undefined): Pipeline {
    const found = this.find(session, runName)
    if (found !== undefined) {
      if (session !== undefined) found.session ??= session
      if (runName !== undefined) found.runName ??= runName
      return found
    }
    const made = newPipeline(session, runName)
    this.#all.push(made)
    return made
  }

  find(session: string | undefined, runName: string | undefined): Pipeline | undefined {
    const exact = this.#all.find((each) => each.session === session && each.runName === runName)
    if (exact !== undefined || runName === undefined) return exact // a session alone names a whole chain of runs
    const loose = this.#all.filter(
      (each) => each.runName === runName && (each.session === undefined || session === undefined),
    )
    return loose.length === 1 ? loose[0] : undefined
  }

  add(record: RunRecord): Pipeline {
    const pipeline = this.of(record.sessionId, record.runName)
    pipeline.records.push(record)
    return pipeline
  }

  addAnonymous(): Pipeline {
    const made = newPipeline()
    this.#all.push(made)
    return made
  }
}

/** Which source is believed first, when several speak of one field of a run. */
const RANK: readonly RecordSource[] = [
  'report',
  'weblog',
  'lineage',
  'log',
  'history',
  'index',
  'trace',
  'timeline',
  'cache',
  'work',
]

/** The value of a field from the best source that has it. */
export function best<K extends keyof RunRecord>(pipeline: Pipeline, field: K): RunRecord[K] | undefined {
  for (const source of RANK) {
    for (const record of pipeline.records) {
      if (record.origin.source === source && record[field] !== undefined) return record[field]
    }
  }
  return undefined
}
