import type { SqliteFile } from '../../../core/adapter.ts'
import { dropIndexes, needIndex } from '../files/execution-tables.ts'
import type { Execution } from './executions.ts'
import { unfinishedOutcome } from './executions.ts'
import type { RowReader } from '../tables/rows.ts'
import { JobRow, PageEndRow } from '../tables/schema.ts'
import { COMMAND, LAST_OF_SCRIPT, SCRIPT } from './step.ts'
import { Steps } from './steps.ts'
import type { TaskReader } from './tasks.ts'
import { inferShift, parseTime, zoneShift } from './times.ts'
import type { SchemaVersion } from '../tables/version.ts'

// A page is found by the index on execution_id, whose entries end in rowid.
const JOBS = `select j.id, j.start_time, j.end_time, j.task_hash, j.cached, j.call_hash, j.parent_id,
  c.task_name, c.args_hash, c.value_hash, c.timestamp recorded, v.type result_type
  from (select rowid, * from job where execution_id = ? and rowid > ? order by rowid limit ?) j
  left join call_node c on c.call_hash = j.call_hash left join value v on v.value_hash = c.value_hash order by j.rowid`
// Not the last of its rows: that one may be damaged.
const PAGE_END = `select max(at) at
  from (select rowid at from job where execution_id = ? and rowid > ? order by rowid limit ?)`
const PAGE = 2000
/** More jobs than this, and sorting them once is cheaper than keeping indexes. */
const FEW = 20_000
/** Enough to tell a zone. */
const MOST_PAIRS = 10_000

export interface StepContext {
  readonly rows: RowReader
  readonly tasks: TaskReader
  readonly version: SchemaVersion
  readonly timezone: string | undefined
  readonly nowMs: number
}

/** Brings all jobs of an execution into the private database, as a tree. */
export function readSteps(execution: Execution, context: StepContext, database: SqliteFile): Steps {
  const { count, shiftMs } = copyJobs(execution, context, database)
  if (count > FEW) dropIndexes(database)
  const unfinished = unfinishedOutcome(execution, shiftMs ?? 0, context.nowMs)
  database.run(TO_STEPS, [shiftMs ?? 0, shiftMs ?? 0, shiftMs ?? 0, unfinished])
  database.script('delete from job')
  needIndex(database, 'step_id')
  database.run('update step set parent = (select p.place from step p where p.id = step.parent_id) where parent_id is not null') // prettier-ignore
  for (const name of ['step_parent', 'step_call', 'step_arguments']) needIndex(database, name)
  const steps = new Steps(database, context.tasks, { count, shiftMs })
  cutCycles(database)
  joinScripts(database)
  return steps
}

// Before 0.24 failed jobs have no end: their call was written down then, if it was this job that wrote it.
const TO_STEPS = `insert into step select row_number() over (order by start_text, id), id, parent_id, null, start_ms + ?,
  case when end_ms is not null then end_ms + ? when failed and recorded_ms >= coalesce(start_ms + ?, 0) then recorded_ms end,
  case when failed then 'failed' when end_ms is null then ? when cached then 'cached' else 'succeeded' end,
  cached, task_hash, name, call_hash, args_hash, value_hash, null, null from job order by start_text, id`
const ADD_JOB = `insert into job values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

function copyJobs(
  execution: Execution,
  { rows, tasks, version, timezone }: StepContext,
  database: SqliteFile,
): { readonly count: number; readonly shiftMs: number | undefined } {
  const pairs: [number, number][] = []
  let [count, after, first] = [0, -1, Infinity]
  for (;;) {
    const page = rows.read(JobRow, 'job', JOBS, [execution.id, after, PAGE])
    for (const row of page) {
      const [start, end, recorded] = [row.start_time, row.end_time, row.recorded].map(parseTime)
      const { name } = tasks.get(row.task_hash, row.task_name)
      const failed = Number(row.result_type === 'redun.ErrorValue')
      database.run(ADD_JOB, [row.id, row.parent_id, row.start_time, start, end, recorded, failed, Number(row.cached), row.task_hash, name, row.call_hash, row.args_hash, row.value_hash].map((value) => value ?? null)) // prettier-ignore
      first = Math.min(first, start ?? Infinity)
      const jobTime = end ?? start
      if (!row.cached && jobTime !== undefined && recorded !== undefined && pairs.length < MOST_PAIRS) pairs.push([jobTime, recorded]) // prettier-ignore
    }
    count += page.length
    const [end] = rows.read(PageEndRow, 'job', PAGE_END, [execution.id, after, PAGE])
    if (end?.at === undefined) break
    after = end.at
  }
  if (version.jobTimesAreUtc) return { count, shiftMs: 0 }
  return { count, shiftMs: timezone !== undefined && first < Infinity ? zoneShift(timezone, first) : inferShift(pairs) }
}

const BACKWARDS = `select s.place, s.parent from step s join step p on p.place = s.parent where s.parent >= s.place and s.place > ?
  order by s.place limit 1000`

/** Only damage can make a job stand above itself: then the way up ends where it would come back. */
function cutCycles(database: SqliteFile): void {
  let after = 0
  for (;;) {
    const page = database.all(BACKWARDS, [after])
    if (page.length === 0) return
    for (const { place } of page) {
      after = Number(place)
      const seen = new Set([after])
      for (let [at, above] = [after, parentOf(database, after)]; above !== undefined;) {
        if (seen.has(above)) {
          database.run('update step set parent = null where place = ?', [at])
          break
        }
        seen.add(above)
        ;[at, above] = [above, parentOf(database, above)]
      }
    }
  }
}

function parentOf(database: SqliteFile, place: number): number | undefined {
  const parent = database.all('select parent from step where place = ?', [place])[0]?.parent
  return typeof parent === 'number' ? parent : undefined
}

/**
 * The jobs of a script are one run. Only when `redun.script` was taken from the cache while its command ran anew (after
 * a kill) the command stays a run of its own.
 */
function joinScripts(database: SqliteFile): void {
  database.run(
    `update step set command = (select max(k.place) from step k where k.parent = step.place and k.name = ? and not k.cached)
      where name = ? and cached`,
    [COMMAND, SCRIPT],
  )
  database.run(
    `update step set run = (select coalesce(p.command, p.place) from step p where p.place = step.parent and p.name = ?)
      where name in (?, ?)`,
    [SCRIPT, COMMAND, LAST_OF_SCRIPT],
  )
}
