import { goOn, type Answer } from '../../../core/adapter.ts'
import type { CacheEntry } from '../cache/cache-entry.ts'
import { readRunIndex } from '../cache/read-index.ts'
import { hashNumber, hashOfWorkDir, shortHash } from '../hash.ts'
import type { ReadGap, TaskRecord } from '../records.ts'
import { readTracePortions } from '../trace/read-trace.ts'
import type { Gathered } from './gathered.ts'
import type { LineageTask } from './lineage-tasks.ts'
import type { Pipeline } from './pipeline.ts'
import { HashRows, type HashRow } from './hash-rows.ts'
import { IntMap } from './int-map.ts'
import { ranked, type TaskView } from './task.ts'

/** Rows and entries that are looked up while one source is read from start to end. */
interface Lookups {
  /** The rows of the run's index: which tasks it had, and which it took over. */
  readonly index: HashRows
  readonly reported: ReadonlyMap<string, TaskRecord>
  readonly posted: ReadonlyMap<string, TaskRecord>
}

/** A source's word of a task. */
interface Naming {
  readonly hash: string | undefined
  readonly full: string | undefined
  readonly record?: TaskRecord
}

/** Entries of the cache may be large, and this many wait for their folders to be read. */
const VIEWS_AT_ONCE = 64

/**
 * The tasks of a run, each once, from all sources that name tasks: first in the order of the trace, then what only the
 * others have. Only hashes are kept of what has passed.
 */
export class TasksOf {
  readonly #gathered: Gathered
  readonly #pipeline: Pipeline
  readonly #lookups: Lookups
  /** Short hash to task id, both as numbers: a second task of the same short hash has another. */
  readonly #seen = new IntMap()
  /** Full hashes of those that share their short hash with another. */
  readonly #twins = new Set<string>()

  readonly #hasCache: boolean

  constructor(gathered: Gathered, pipeline: Pipeline, lookups: Lookups) {
    this.#gathered = gathered
    this.#pipeline = pipeline
    this.#lookups = lookups
    this.#hasCache = pipeline.session !== undefined && gathered.caches.has(pipeline.session)
  }

  /** Some at once, in order. */
  async *all(): AsyncIterable<readonly TaskView[]> {
    const { zone, traces } = this.#pipeline
    for (const trace of traces) {
      const rows = readTracePortions(trace.source, trace.path, zone === undefined ? {} : { zone })
      for await (const portion of rows) yield* this.#views(this.#ofRows(portion))
    }
    yield* this.#views(this.#ofOthers())
  }

  *#ofRows(rows: readonly (TaskRecord | ReadGap)[]): Iterable<Naming> {
    for (const row of rows) {
      if (row.kind === 'gap') this.#gathered.gaps.add(row)
      else yield { hash: row.hash, full: row.fullHash, record: row }
    }
  }

  *#ofOthers(): Iterable<Naming> {
    for (const records of [this.#lookups.reported, this.#lookups.posted]) {
      for (const record of records.values()) yield { hash: record.hash, full: record.fullHash, record }
    }
    for (const { fullHash } of this.#lookups.index) yield { hash: shortHash(fullHash), full: fullHash }
    for (const [hash, task] of this.#pipeline.logged) yield { hash, full: task.fullHash }
    for (const fullHash of this.#pipeline.lineageTasks) yield { hash: shortHash(fullHash), full: fullHash }
  }

  async *#views(namings: Iterable<Naming>): AsyncIterable<readonly TaskView[]> {
    let views: TaskView[] = []
    for (const naming of namings) {
      const found = this.#once(naming)
      const view = found instanceof Promise ? await found : found
      if (view !== undefined && views.push(view) >= VIEWS_AT_ONCE) {
        yield views
        views = []
      }
    }
    if (views.length > 0) yield views
  }

  /** `undefined` when the task was told before. A promise only where something is to be looked up. */
  #once({ hash, full, record }: Naming): Answer<TaskView | undefined> {
    const named = full ?? (record?.workDir === undefined ? undefined : hashOfWorkDir(record.workDir))
    const short = hash ?? (named === undefined ? undefined : shortHash(named))
    if (short === undefined) return undefined
    const number = hashNumber(short)
    const rows = this.#lookups.index.of(number)
    if (rows.length > 1) return this.#onceOfTwins(short, named, rows, record)
    const taskId = Number.parseInt(record?.taskId ?? '', 10) | 0
    const before = this.#seen.get(number)
    const isTwin = before !== undefined && record?.origin.source === 'trace' && before !== taskId
    if (before !== undefined && !isTwin) return undefined
    this.#seen.set(number, taskId)
    return this.#view(short, named, record, rows, isTwin ? String(taskId) : undefined)
  }

  async #onceOfTwins(
    short: string,
    named: string | undefined,
    twins: readonly HashRow[],
    record: TaskRecord | undefined,
  ): Promise<TaskView | undefined> {
    const known = named ?? (await this.#twin(twins, record))
    if (known === undefined || this.#twins.has(known)) return undefined // told when the index is gone through
    this.#twins.add(known)
    return this.#view(short, known, record, twins)
  }

  /** Which of the tasks with one short hash a row means: the one whose cached name and exit code are the same. */
  async #twin(twins: readonly HashRow[], row: TaskRecord | undefined): Promise<string | undefined> {
    const fitting: string[] = []
    for (const { fullHash } of twins) {
      const task = (await this.#cached(fullHash))?.task
      if (row !== undefined && task?.name === row.name && task?.exit === row.exit) fitting.push(fullHash)
    }
    return fitting.length === 1 ? fitting[0] : undefined
  }

  #view(
    short: string,
    known: string | undefined,
    record: TaskRecord | undefined,
    rows: readonly HashRow[],
    suffix?: string,
  ): Answer<TaskView> {
    const pipeline = this.#pipeline
    const row = rows.length === 1 ? rows[0] : rows.find((each) => each.fullHash === known)
    const logged = pipeline.logged.get(short)
    const [reported, posted] = [this.#lookups.reported.get(short), this.#lookups.posted.get(short)]
    const records = [record, reported, posted].filter((each, at, all) => each !== undefined && all.indexOf(each) === at)
    const fullHash = known ?? row?.fullHash ?? logged?.fullHash ?? reported?.fullHash ?? posted?.fullHash
    const isTaken = row === undefined ? undefined : row.note === TAKEN_OVER
    const isCached = isTaken ?? (logged === undefined ? record?.status === 'CACHED' : logged.state === 'cached')
    const thin: TaskView = {
      pipeline,
      shortHash: short,
      isCached,
      records: ranked(records.filter((each) => each !== undefined)),
      ...(fullHash === undefined ? {} : { fullHash }),
      ...(logged === undefined ? {} : { logged }),
      ...(suffix === undefined ? {} : { suffix }),
    }
    if (fullHash !== undefined) return this.#hasCache ? this.#withEntry(thin, fullHash) : thin
    return suffix !== undefined || this.#gathered.places.workFolders.length === 0 ? thin : this.#withFolder(thin)
  }

  async #withFolder(view: TaskView): Promise<TaskView> {
    const fullHash = await this.#onDisk(view.shortHash)
    return fullHash === undefined ? view : this.#withEntry({ ...view, fullHash }, fullHash)
  }

  #withEntry(view: TaskView, fullHash: string): Answer<TaskView> {
    return goOn(this.#cached(fullHash), (entry) =>
      entry === undefined ? view : { ...view, entry, records: ranked([entry.task, ...view.records]) },
    )
  }

  #cached(fullHash: string): Answer<CacheEntry | undefined> {
    const { session } = this.#pipeline
    const cache = session === undefined ? undefined : this.#gathered.caches.get(session)
    if (cache === undefined) return undefined
    return goOn(cache.get(fullHash), (entry) => {
      for (const gap of cache.takeGaps()) this.#gathered.gaps.add(gap)
      return entry
    })
  }

  /** The one folder in the work folders whose name begins so. */
  async #onDisk(short: string): Promise<string | undefined> {
    const [two = '', six = ''] = short.split('/')
    const found = new Set<string>()
    for (const folder of this.#gathered.places.workFolders) {
      for (const name of await this.#gathered.places.names(folder, two)) {
        if (name.startsWith(six) && /^[0-9a-f]{30}$/.test(name)) found.add(two + name)
      }
    }
    const [only] = found
    return found.size === 1 ? only : undefined
  }
}

/** What the first store that has a record of a task says of it. */
export async function findLineage(gathered: Gathered, fullHash: string): Promise<LineageTask | undefined> {
  for (const store of gathered.stores) {
    const task = await store.find(fullHash)
    if (task !== undefined) return task
  }
  return undefined
}

/** In `HashRows` of an index: the run took the task over. */
const TAKEN_OVER = 1

/** The run's index in memory, some forty bytes a task. */
export async function readIndexRows(gathered: Gathered, pipeline: Pipeline): Promise<HashRows> {
  const rows = new HashRows()
  if (pipeline.index === undefined) return rows
  for await (const row of readRunIndex(pipeline.index.source, pipeline.index.path)) {
    if (row.kind === 'gap') gathered.gaps.add(row)
    else rows.add(row.fullHash, row.cached ? TAKEN_OVER : 0)
  }
  return rows
}
