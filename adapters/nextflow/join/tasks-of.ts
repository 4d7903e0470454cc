import type { CacheEntry } from '../cache/cache-entry.ts'
import { readRunIndex } from '../cache/read-index.ts'
import type { Place } from '../find/places.ts'
import { hashOfWorkDir, shortHash } from '../hash.ts'
import type { TaskRecord } from '../records.ts'
import { readTrace } from '../trace/read-trace.ts'
import type { Gathered } from './gather.ts'
import type { LineageTask } from './lineage-tasks.ts'
import type { Pipeline } from './pipeline.ts'
import { ranked, type TaskView } from './task.ts'

/** Rows and entries that are looked up while one source is read from start to end. */
interface Lookups {
  /** Short hash to the full ones of this run and whether it took the task over. */
  readonly index: ReadonlyMap<string, readonly { readonly fullHash: string; readonly cached: boolean }[]>
  readonly reported: ReadonlyMap<string, TaskRecord>
  readonly posted: ReadonlyMap<string, TaskRecord>
}

/**
 * The tasks of a run, each once, from all sources that name tasks: first in the order of the trace, then what only the
 * others have. Only hashes are kept of what has passed.
 */
export class TasksOf {
  readonly #gathered: Gathered
  readonly #pipeline: Pipeline
  readonly #lookups: Lookups
  /** Short hash to task id, both as numbers: a second task of the same short hash has another. */
  readonly #seen = new Map<number, number>()
  /** Full hashes of those that share their short hash with another. */
  readonly #twins = new Set<string>()

  constructor(gathered: Gathered, pipeline: Pipeline, lookups: Lookups) {
    this.#gathered = gathered
    this.#pipeline = pipeline
    this.#lookups = lookups
  }

  async *all(): AsyncIterable<TaskView> {
    for (const trace of this.#pipeline.traces) yield* this.#fromTrace(trace)
    for (const record of [...this.#lookups.reported.values(), ...this.#lookups.posted.values()]) {
      yield* this.#once(record.hash, record.fullHash, [record])
    }
    for (const rows of this.#lookups.index.values()) {
      for (const row of rows) yield* this.#once(shortHash(row.fullHash), row.fullHash, [])
    }
    for (const [hash, task] of this.#pipeline.logged) yield* this.#once(hash, task.fullHash, [])
    for (const fullHash of this.#pipeline.lineageTasks) yield* this.#once(shortHash(fullHash), fullHash, [])
  }

  async *#fromTrace(trace: Place): AsyncIterable<TaskView> {
    const { zone } = this.#pipeline
    for await (const row of readTrace(trace.source, trace.path, zone === undefined ? {} : { zone })) {
      if (row.kind === 'gap') this.#gathered.gaps.add(row)
      else yield* this.#once(row.hash, row.fullHash, [row])
    }
  }

  async *#once(hash: string | undefined, full: string | undefined, records: TaskRecord[]): AsyncIterable<TaskView> {
    const named = full ?? records.flatMap((record) => hashOfWorkDir(record.workDir ?? '') ?? [])[0]
    const short = hash ?? (named === undefined ? undefined : shortHash(named))
    if (short === undefined) return
    const twins = this.#lookups.index.get(short) ?? []
    if (twins.length > 1) {
      const known = named ?? (await this.#twin(twins, records[0]))
      if (known === undefined || this.#twins.has(known)) return // told when the index is gone through
      this.#twins.add(known)
      yield await this.#view(short, known, records, undefined)
      return
    }
    const number = Number.parseInt(short.replace('/', ''), 16) | 0
    const taskId = Number.parseInt(records[0]?.taskId ?? '', 10) | 0
    const before = this.#seen.get(number)
    const isTwin = before !== undefined && records[0]?.origin.source === 'trace' && before !== taskId
    if (before !== undefined && !isTwin) return
    this.#seen.set(number, taskId)
    yield await this.#view(short, named, records, isTwin ? String(taskId) : undefined)
  }

  /** Which of the tasks with one short hash a row means: the one whose cached name and exit code are the same. */
  async #twin(
    twins: readonly { readonly fullHash: string }[],
    row: TaskRecord | undefined,
  ): Promise<string | undefined> {
    const fitting: string[] = []
    for (const { fullHash } of twins) {
      const task = (await this.#cached(fullHash))?.task
      if (row !== undefined && task?.name === row.name && task?.exit === row.exit) fitting.push(fullHash)
    }
    return fitting.length === 1 ? fitting[0] : undefined
  }

  async #view(
    short: string,
    known: string | undefined,
    records: readonly TaskRecord[],
    suffix: string | undefined,
  ): Promise<TaskView> {
    const pipeline = this.#pipeline
    const rows = this.#lookups.index.get(short) ?? []
    const row = rows.length === 1 ? rows[0] : rows.find((each) => each.fullHash === known)
    const logged = pipeline.logged.get(short)
    const found = [this.#lookups.reported.get(short), this.#lookups.posted.get(short)].flatMap((each) => each ?? [])
    const fullHash =
      known ??
      row?.fullHash ??
      logged?.fullHash ??
      found.flatMap((each) => each.fullHash ?? [])[0] ??
      (suffix === undefined ? await this.#onDisk(short) : undefined)
    const isCached =
      row?.cached ??
      (logged !== undefined ? logged.state === 'cached' : records.some((each) => each.status === 'CACHED'))
    const entry = fullHash === undefined ? undefined : await this.#cached(fullHash)
    return {
      pipeline,
      shortHash: short,
      isCached,
      records: ranked([
        ...(entry === undefined ? [] : [entry.task]),
        ...records,
        ...found.filter((each) => !records.includes(each)),
      ]),
      ...(fullHash === undefined ? {} : { fullHash }),
      ...(logged === undefined ? {} : { logged }),
      ...(entry === undefined ? {} : { entry }),
      ...(suffix === undefined ? {} : { suffix }),
    }
  }

  async #cached(fullHash: string): Promise<CacheEntry | undefined> {
    const { session } = this.#pipeline
    const cache = session === undefined ? undefined : this.#gathered.caches.get(session)
    const entry = await cache?.get(fullHash)
    for (const gap of cache?.takeGaps() ?? []) this.#gathered.gaps.add(gap)
    return entry
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

/** The run's index in memory: 100,000 tasks are 20 MB. Rows of one short hash stand together. */
export async function readIndexRows(
  gathered: Gathered,
  pipeline: Pipeline,
): Promise<Map<string, { fullHash: string; cached: boolean }[]>> {
  const rows = new Map<string, { fullHash: string; cached: boolean }[]>()
  if (pipeline.index === undefined) return rows
  for await (const row of readRunIndex(pipeline.index.source, pipeline.index.path)) {
    if (row.kind === 'gap') gathered.gaps.add(row)
    else {
      const short = shortHash(row.fullHash)
      rows.set(short, [...(rows.get(short) ?? []), { fullHash: row.fullHash, cached: row.cached }])
    }
  }
  return rows
}
