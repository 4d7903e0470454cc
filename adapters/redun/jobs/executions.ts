import type { Outcome } from '../../../core/adapter.ts'
import { ExecutionRow } from '../tables/schema.ts'
import type { RowReader } from '../tables/rows.ts'
import { parseTime } from './times.ts'
import type { SchemaVersion } from '../tables/version.ts'

/** One `redun run`, as the database has it. Times are as written, not shifted. */
export interface Execution {
  readonly id: string
  readonly args: string | undefined
  readonly rootJobId: string | undefined
  readonly heartbeatMs: number | undefined
  readonly rootEnded: boolean
  /** Latest time written for one of its jobs. */
  readonly lastMs: number | undefined
}

/** The heartbeat is written every 20 s while the scheduler waits. */
const STALE_HEARTBEAT_MS = 3 * 60_000
/** Without a heartbeat only a long silence tells that an execution was killed. */
const STALE_SILENCE_MS = 6 * 60 * 60_000

/**
 * All executions in the order in which they were last active, so that what a later one takes from an earlier one is
 * known: a sub-scheduler's execution comes before the one that waited for it.
 */
export function readExecutions(rows: RowReader, version: SchemaVersion): readonly Execution[] {
  const heartbeat = version.hasHeartbeat ? 'e.updated_time' : 'null as updated_time'
  const sql = `select e.id, e.args, e.job_id, ${heartbeat}, j.start_time root_start, j.end_time root_end, v.type root_type,
    (select max(coalesce(k.end_time, k.start_time)) from job k where k.execution_id = e.id) last_time
    from execution e left join job j on j.id = e.job_id left join call_node c on c.call_hash = j.call_hash
    left join value v on v.value_hash = c.value_hash`
  return rows
    .read(ExecutionRow, 'execution', sql)
    .map(toExecution)
    .sort((a, b) => (a.lastMs ?? 0) - (b.lastMs ?? 0) || (a.id < b.id ? -1 : 1))
}

function toExecution(row: ExecutionRow): Execution {
  return {
    id: row.id,
    args: row.args,
    rootJobId: row.job_id,
    heartbeatMs: parseTime(row.updated_time),
    // Before 0.24 a failed root has no end, but a result: its error.
    rootEnded: row.root_end !== undefined || row.root_type !== undefined,
    lastMs: parseTime(row.root_end) ?? parseTime(row.last_time) ?? parseTime(row.root_start),
  }
}

/** What became of a job without an end: still at work, or cut off with its execution. */
export function unfinishedOutcome(
  execution: Execution,
  shiftMs: number,
  nowMs: number,
): Extract<Outcome, 'running' | 'aborted'> {
  if (execution.rootEnded) return 'aborted'
  const lastJob = execution.lastMs === undefined ? 0 : execution.lastMs + shiftMs
  const lastSign = Math.max(execution.heartbeatMs ?? 0, lastJob)
  const patience = execution.heartbeatMs === undefined ? STALE_SILENCE_MS : STALE_HEARTBEAT_MS
  // A last sign in the future means that the clocks differ: it says nothing of now.
  return Math.abs(nowMs - lastSign) < patience ? 'running' : 'aborted'
}

/** The command line: a JSON list of words, or a JSON text for executions that a migration made up. */
export function parseArgs(args: string | undefined): readonly string[] {
  if (args === undefined || args === '') return []
  try {
    const value: unknown = JSON.parse(args)
    if (Array.isArray(value)) return value.map((word) => (typeof word === 'string' ? word : JSON.stringify(word)))
    return typeof value === 'string' ? [value] : [args]
  } catch {
    return [args] // written by something else than redun's command line
  }
}
