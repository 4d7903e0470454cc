import type { Outcome } from '../../core/adapter.ts'
import type { Execution } from './executions.ts'
import { unfinishedOutcome } from './executions.ts'
import type { RowReader } from './rows.ts'
import { JobRow } from './schema.ts'
import type { Task, TaskReader } from './tasks.ts'
import { inferShift, parseTime, zoneShift } from './times.ts'
import type { SchemaVersion } from './version.ts'

/** One job of an execution: a call of a task, finished or not. Times are UTC. */
export interface Step {
  readonly id: string
  readonly task: Task
  readonly parent: Step | undefined
  readonly cached: boolean
  readonly callHash: string | undefined
  readonly argsHash: string | undefined
  readonly valueHash: string | undefined
  readonly outcome: Outcome
  readonly startMs: number | undefined
  readonly endMs: number | undefined
}

const JOBS = `select j.id, j.start_time, j.end_time, j.task_hash, j.cached, j.call_hash, j.parent_id,
  c.task_name, c.args_hash, c.value_hash, c.timestamp recorded, v.type result_type
  from job j left join call_node c on c.call_hash = j.call_hash left join value v on v.value_hash = c.value_hash
  where j.execution_id = ? order by j.start_time, j.id`

export interface StepContext {
  readonly rows: RowReader
  readonly tasks: TaskReader
  readonly version: SchemaVersion
  readonly timezone: string | undefined
  readonly nowMs: number
}

export interface Steps {
  /** Parents before their children. */
  readonly all: readonly Step[]
  /** The step that stands as a run for each step: itself, or the script that it is a part of. */
  readonly runs: ReadonlyMap<Step, Step>
  /** The command of each script that was itself taken from the cache, though its command ran anew. */
  readonly commands: ReadonlyMap<Step, Step>
  /** `undefined`: the zone of the job times could not be told and they stand as written. */
  readonly shiftMs: number | undefined
}

/** All jobs of an execution as a tree. */
export function readSteps(execution: Execution, context: StepContext): Steps {
  const rows = context.rows.read(JobRow, 'job', JOBS, [execution.id])
  const shiftMs = shiftOf(rows, context)
  const around = {
    context,
    shiftMs: shiftMs ?? 0,
    unfinished: unfinishedOutcome(execution, shiftMs ?? 0, context.nowMs),
  }
  const byId = new Map(rows.map((row) => [row.id, row]))
  const made = new Map<string, Step>()
  for (const row of rows) {
    let parent: Step | undefined
    for (const each of ancestry(row, byId, made)) {
      parent = toStep(each, made.get(each.parent_id ?? ''), around)
      made.set(each.id, parent)
    }
  }
  const all = [...made.values()]
  const commands = commandsOf(all)
  return { all, runs: runsOf(all, commands), commands, shiftMs }
}

/** The row and those above it that have no step yet, topmost first. A cycle, which only damage can make, is cut. */
function ancestry(row: JobRow, byId: ReadonlyMap<string, JobRow>, made: ReadonlyMap<string, Step>): readonly JobRow[] {
  const chain: JobRow[] = []
  const seen = new Set<string>()
  for (let at: JobRow | undefined = row; at !== undefined && !made.has(at.id) && !seen.has(at.id);) {
    seen.add(at.id)
    chain.unshift(at)
    at = at.parent_id === undefined ? undefined : byId.get(at.parent_id)
  }
  return chain
}

interface Surroundings {
  readonly context: StepContext
  readonly shiftMs: number
  readonly unfinished: Outcome
}

function toStep(row: JobRow, parent: Step | undefined, { context, shiftMs, unfinished }: Surroundings): Step {
  const failed = row.result_type === 'redun.ErrorValue'
  const start = parseTime(row.start_time)
  const end = parseTime(row.end_time)
  const startMs = start === undefined ? undefined : start + shiftMs
  const recorded = parseTime(row.recorded)
  // Before 0.24 failed jobs have no end: their call was written down then, if it was this job that wrote it.
  const failedAt = failed && end === undefined && recorded !== undefined && recorded >= (startMs ?? 0)
  const endMs = end === undefined ? (failedAt ? recorded : undefined) : end + shiftMs
  return {
    id: row.id,
    task: context.tasks.get(row.task_hash, row.task_name),
    parent,
    cached: row.cached,
    callHash: row.call_hash,
    argsHash: row.args_hash,
    valueHash: row.value_hash,
    outcome: failed ? 'failed' : end === undefined ? unfinished : row.cached ? 'cached' : 'succeeded',
    startMs,
    endMs,
  }
}

function shiftOf(rows: readonly JobRow[], context: StepContext): number | undefined {
  if (context.version.jobTimesAreUtc) return 0
  const first = parseTime(rows[0]?.start_time)
  if (context.timezone !== undefined && first !== undefined) return zoneShift(context.timezone, first)
  const pairs: [number, number][] = []
  for (const row of rows) {
    const jobTime = parseTime(row.end_time) ?? parseTime(row.start_time)
    const recorded = parseTime(row.recorded)
    if (!row.cached && jobTime !== undefined && recorded !== undefined) pairs.push([jobTime, recorded])
  }
  return inferShift(pairs)
}

const SCRIPT = 'redun.script'
const COMMAND = 'redun.script_task'
const INNER = new Set([COMMAND, 'redun.postprocess_script'])

export function isScriptCall(step: Step): boolean {
  return step.task.name === SCRIPT
}

/**
 * `script()` is three jobs: `redun.script` has the inputs, `script_task` runs the command, `postprocess_script` hands
 * out the outputs. They are one run. Only when `redun.script` was taken from the cache while its command ran anew
 * (after a kill) the command stays a run of its own.
 */
function runsOf(all: readonly Step[], commands: ReadonlyMap<Step, Step>): ReadonlyMap<Step, Step> {
  return new Map(
    all.map((step) => {
      const script = INNER.has(step.task.name) ? step.parent : undefined
      if (script === undefined || !isScriptCall(script)) return [step, step]
      return [step, commands.get(script) ?? script]
    }),
  )
}

function commandsOf(all: readonly Step[]): ReadonlyMap<Step, Step> {
  const commands = new Map<Step, Step>()
  for (const step of all) {
    if (step.task.name === COMMAND && step.parent?.cached === true && !step.cached) commands.set(step.parent, step)
  }
  return commands
}
