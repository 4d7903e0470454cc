import type { Fact, FileSource, GapFact } from '../../core/adapter.ts'
import { callOf, inputsOf, readCalls } from './calls.ts'
import type { ValueStore } from './contents.ts'
import { ContentsReader } from './contents.ts'
import { Disk } from './disk.ts'
import type { Emitter, ReadExecution } from './execution-facts.ts'
import { toEdges, toRuns } from './execution-facts.ts'
import type { Execution } from './executions.ts'
import { readExecutions } from './executions.ts'
import { FileFacts } from './file-facts.ts'
import { findSecrets } from './find-secrets.ts'
import { KnownCalls } from './known-calls.ts'
import { KnownFiles } from './known-files.ts'
import { findOutputs } from './outputs.ts'
import type { Places } from './places.ts'
import { InputResolver } from './sources-of-inputs.ts'
import { DamagedRows, rowReader } from './rows.ts'
import type { Step, StepContext } from './steps.ts'
import { readSteps } from './steps.ts'
import type { Tables } from './tables.ts'
import { TaskReader } from './tasks.ts'
import { inferCalls } from './unfinished.ts'
import { readVersion } from './version.ts'

/** One database of redun's and what is needed to understand it. */
export interface DatabaseSource {
  readonly tables: Tables
  /** For messages: where it is. */
  readonly place: string
  readonly places: Places
  readonly store: ValueStore
  /** Where files may lie today; absent for a database behind an address. */
  readonly files: FileSource | undefined
  readonly timezone: string | undefined
  /** Tells executions at work from killed ones, by their last sign of life. */
  readonly nowMs: number
  /** Exports write times with their zone, whatever the schema. */
  readonly timesHaveZones: boolean
}

interface Known {
  readonly files: KnownFiles
  readonly calls: KnownCalls
}

/** Streams the facts of a database, one execution after another. */
export async function* readDatabase(source: DatabaseSource): AsyncIterable<Fact> {
  const { tables, timezone, nowMs, place } = source
  const found = readVersion(tables, place)
  const version = source.timesHaveZones ? { ...found, jobTimesAreUtc: true } : found
  const damaged = new DamagedRows()
  const rows = rowReader(tables, damaged)
  const context: StepContext = { rows, timezone, nowMs, version, tasks: new TaskReader(rows) }
  const contents = new ContentsReader(rows, source.store)
  const known: Known = { files: new KnownFiles(), calls: new KnownCalls() }
  const files = new FileFacts(source.places, new Disk(source.files))
  const emitter: Emitter = { rows, secrets: findSecrets(rows), files, transforms: new Map() }
  if (version.minor === undefined && version.migration !== '')
    yield gap('redun.schema-newer', place, `unknown migration ${version.migration}: read as schema 3.5`)
  for (const execution of readExecutions(rows, version)) {
    const read = await readExecution(execution, context, contents, known)
    if (read.steps.shiftMs === undefined && read.steps.all.length > 0)
      yield gap('redun.time-zone-unknown', place, `execution ${execution.id}: local times are taken as UTC`)
    yield* toRuns(read, emitter)
    yield* toEdges(read, emitter)
    remember(read, known)
  }
  for (const line of damaged.lines()) yield gap('redun.damaged-rows', place, line)
}

async function readExecution(
  execution: Execution,
  context: StepContext,
  contents: ContentsReader,
  known: Known,
): Promise<ReadExecution> {
  const steps = readSteps(execution, context)
  const calls = await readCalls(context.rows, contents, steps.all)
  const reuses = known.calls.reuses(steps.all, steps.runs)
  const likely = new Map<Step, string>()
  const inferred = await inferCalls(steps, calls, context.rows, contents)
  for (const [step, { argsHash }] of inferred) {
    const maker = argsHash === undefined ? undefined : known.calls.find(step.task.hash, argsHash)
    if (maker !== undefined) likely.set(step, maker)
  }
  const given = new Map(steps.all.map((step) => [step, inputsOf(step, callOf(step, calls))]))
  const outputs = findOutputs({ steps, calls, given, known: known.files, reusedBy: (run) => reuses.get(run) })
  return {
    execution,
    steps,
    calls,
    reuses,
    outputs,
    inferred,
    likely,
    given,
    inputs: new InputResolver(known.files, outputs),
  }
}

function remember(read: ReadExecution, known: Known): void {
  known.calls.add(read.steps.all, read.steps.runs)
  for (const { ref, run, step } of read.outputs) {
    if (!run.cached) known.files.addMaker(ref.hash, { run: run.id, endMs: step.endMs ?? 0 })
  }
  for (const [step, inputs] of read.given) {
    for (const { ref } of inputs) known.files.addRead(ref.hash, step.startMs ?? Infinity)
  }
}

function gap(code: string, place: string, message: string): GapFact {
  return { kind: 'gap', code, place, message }
}
