import { openPrivateDatabase } from '../../core/adapter.ts'
import type { Fact, FileSource, GapFact, SqliteFile, TransformFact } from '../../core/adapter.ts'
import { CallReader } from './jobs/calls.ts'
import { CopiedTimes } from './values/copied-times.ts'
import { ContentsReader } from './values/contents.ts'
import type { ValueStore } from './values/contents.ts'
import { Disk } from './values/disk.ts'
import type { Emitter } from './facts/execution-facts.ts'
import { toFacts } from './facts/execution-facts.ts'
import { EXECUTION_TABLES } from './files/execution-tables.ts'
import type { Execution } from './jobs/executions.ts'
import { readExecutions } from './jobs/executions.ts'
import { FileFacts } from './facts/file-facts.ts'
import { findSecrets } from './secrets/find-secrets.ts'
import type { Places } from './values/places.ts'
import { HISTORY_TABLES, History } from './files/history.ts'
import { readExecution } from './files/read-execution.ts'
import { DamagedRows, rowReader } from './tables/rows.ts'
import type { StepContext } from './jobs/read-steps.ts'
import type { Tables } from './tables/tables.ts'
import { TaskReader } from './jobs/tasks.ts'
import { readVersion } from './tables/version.ts'

/** One database of redun's and what is needed to understand it. */
export interface DatabaseSource {
  readonly tables: Tables
  /** For messages: where it is. */
  readonly place: string
  readonly places: Places
  readonly store: ValueStore
  /** Where files may lie today; absent for a database behind an address. */
  readonly files: FileSource | undefined
  /** When the file that is the database was last written. */
  readonly writtenMs?: number | undefined
  readonly timezone: string | undefined
  /** Tells executions at work from killed ones, by their last sign of life. */
  readonly nowMs: number
  /** Exports write times with their zone, whatever the schema. */
  readonly timesHaveZones: boolean
}

interface OpenDatabase {
  readonly source: DatabaseSource
  readonly context: StepContext
  readonly contents: ContentsReader
  readonly reader: CallReader
  readonly emitter: Emitter
  readonly disk: Disk
  readonly damaged: DamagedRows
  readonly executions: readonly Execution[]
}

/**
 * Streams the facts of some databases as of one: a sub-scheduler writes its execution into a database of its own, and
 * what it made is handed out by the execution that waited for it. So all executions are read in the order of time.
 */
export async function* readDatabases(sources: readonly DatabaseSource[]): AsyncIterable<readonly Fact[]> {
  const transforms = new Map<string, TransformFact>()
  const databases = sources.map((source) => open(source, transforms))
  for (const { source, context } of databases) yield versionGaps(source, context)
  const work = await openPrivateDatabase(HISTORY_TABLES + EXECUTION_TABLES)
  try {
    const history = new History(work)
    for (const [execution, database] of inOrder(databases)) yield* readOne(execution, database, work, history)
  } finally {
    work.close()
  }
  for (const { source, contents, damaged } of databases) {
    yield contents.lost.lines().map(([code, message]) => gap(code, source.place, message))
    yield damaged.lines().map((line) => gap('redun.damaged-rows', source.place, line))
  }
}

function open(source: DatabaseSource, transforms: Map<string, TransformFact>): OpenDatabase {
  const { tables, timezone, nowMs, place } = source
  const found = readVersion(tables, place)
  const version = source.timesHaveZones ? { ...found, jobTimesAreUtc: true } : found
  const damaged = new DamagedRows()
  const rows = rowReader(tables, damaged)
  const executions = readExecutions(rows, version)
  const disk = new Disk(source.files, CopiedTimes.find(tables, source.writtenMs, executions.at(-1)?.lastMs))
  const contents = new ContentsReader(rows, source.store)
  return {
    source,
    context: { rows, timezone, nowMs, version, tasks: new TaskReader(rows) },
    contents,
    reader: new CallReader(rows, contents),
    emitter: { rows, secrets: findSecrets(rows), files: new FileFacts(source.places, disk), transforms },
    disk,
    damaged,
    executions,
  }
}

function versionGaps(source: DatabaseSource, { version }: StepContext): readonly Fact[] {
  if (version.minor !== undefined || version.migration === '') return []
  return [gap('redun.schema-newer', source.place, `unknown migration ${version.migration}: read as schema 3.5`)]
}

/** By the time of last activity; of an execution that two databases hold, the copy that knows more of it. */
function inOrder(databases: readonly OpenDatabase[]): readonly (readonly [Execution, OpenDatabase])[] {
  const byId = new Map<string, readonly [Execution, OpenDatabase]>()
  for (const database of databases) {
    for (const execution of database.executions) {
      const other = byId.get(execution.id)?.[0]
      if (other === undefined || (execution.lastMs ?? 0) > (other.lastMs ?? 0)) byId.set(execution.id, [execution, database]) // prettier-ignore
    }
  }
  return [...byId.values()].sort(([a], [b]) => (a.lastMs ?? 0) - (b.lastMs ?? 0) || (a.id < b.id ? -1 : 1))
}

async function* readOne(
  execution: Execution,
  { source, context, contents, reader, emitter, disk }: OpenDatabase,
  work: SqliteFile,
  history: History,
): AsyncIterable<readonly Fact[]> {
  const around = { context, contents, reader, database: work, history, disk, places: source.places }
  const read = await readExecution(execution, around)
  if (read.steps.shiftMs === undefined && read.steps.count > 0)
    yield [gap('redun.time-zone-unknown', source.place, `execution ${execution.id}: local times are taken as UTC`)]
  yield* toFacts(read, emitter)
  history.add()
}

function gap(code: string, place: string, message: string): GapFact {
  return { kind: 'gap', code, place, message }
}
