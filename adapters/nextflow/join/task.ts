import type { CacheEntry } from '../cache/cache-entry.ts'
import type { RecordSource, TaskRecord } from '../records.ts'
import type { LineageTask } from './lineage-tasks.ts'
import type { LoggedTask, Pipeline } from './pipeline.ts'

/** Everything known of one task in one run, before its folder is looked at. */
export interface TaskView {
  /** Absent when nothing tells which run it belongs to. */
  readonly pipeline?: Pipeline
  /** `ab/cdef12`. */
  readonly shortHash: string
  readonly fullHash?: string
  /** The best source first. */
  readonly records: readonly TaskRecord[]
  readonly isCached: boolean
  readonly logged?: LoggedTask
  readonly entry?: CacheEntry
  readonly lineage?: LineageTask
  /** Its folder is there, and no run that lists its tasks names it: it may never have been accepted. */
  readonly isDoubtful?: true
  /** Tells two tasks of one run apart whose short hashes are equal. */
  readonly suffix?: string
}

const RANK: Readonly<Record<RecordSource, number>> = {
  cache: 0,
  report: 1,
  trace: 2,
  weblog: 3,
  log: 4,
  timeline: 4,
  work: 5,
  lineage: 6,
  index: 7,
  history: 8,
}

/** Records in the order in which they are believed. */
export function ranked(records: readonly TaskRecord[]): readonly TaskRecord[] {
  if (records.length < 2) return records
  return [...records].sort((a, b) => RANK[a.origin.source] - RANK[b.origin.source])
}

/** What a record says of a task itself. */
export type TaskFields = Omit<TaskRecord, 'kind' | 'origin' | 'timesAreLocal' | 'extra'>

const NOTHING: TaskFields = {}
/** Views with several records: those with one, of which there may be a million, need nothing made. */
const merged = new WeakMap<TaskView, TaskFields>()

/** Each field from the best source that has it. */
export function told(view: TaskView): TaskFields {
  if (view.records.length < 2) return view.records[0] ?? NOTHING
  let fields = merged.get(view)
  if (fields === undefined) merged.set(view, (fields = merge(view.records)))
  return fields
}

function merge(records: readonly TaskRecord[]): TaskFields {
  const fields: TaskFields = {}
  for (const record of records) {
    const missing = Object.entries(record).filter(
      ([name, value]) => value !== undefined && !Object.hasOwn(fields, name),
    )
    Object.assign(fields, Object.fromEntries(missing))
  }
  return fields
}

/** The name: of a cached task the log's is the current one, all others are those of the run that executed it. */
export function nameOf(view: TaskView): string | undefined {
  const { name: written } = told(view)
  const name = view.isCached ? (view.logged?.name ?? written) : (written ?? view.logged?.name)
  return name ?? view.lineage?.name ?? composedName(view)
}

function composedName(view: TaskView): string | undefined {
  const { process, tag } = told(view)
  return process === undefined || tag === undefined ? process : `${process} (${tag})`
}

/** Key of the engine: the full hash where any source has it. */
export function keyOf(view: Pick<TaskView, 'shortHash' | 'fullHash' | 'suffix'>): string {
  const { fullHash, suffix } = view
  const hash = fullHash === undefined ? view.shortHash : `${fullHash.slice(0, 2)}/${fullHash.slice(2)}`
  return suffix === undefined ? hash : `${hash}#${suffix}`
}
