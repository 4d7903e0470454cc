import { callOf, inputsOf, readCalls } from './calls.ts'
import type { ContentsReader } from './contents.ts'
import type { Disk } from './disk.ts'
import type { ReadExecution } from './execution-facts.ts'
import type { Execution } from './executions.ts'
import { KnownCalls } from './known-calls.ts'
import { KnownFiles } from './known-files.ts'
import { findOutputs } from './outputs.ts'
import type { Places } from './places.ts'
import { InputResolver } from './sources-of-inputs.ts'
import type { Step, StepContext } from './steps.ts'
import { readSteps } from './steps.ts'
import { inferCalls } from './unfinished.ts'

/** What the executions read so far made and called. */
export interface Known {
  readonly files: KnownFiles
  readonly calls: KnownCalls
}

export function noneKnown(): Known {
  return { files: new KnownFiles(), calls: new KnownCalls() }
}

interface ExecutionContext {
  readonly context: StepContext
  readonly contents: ContentsReader
  readonly known: Known
  readonly disk: Disk
  readonly places: Places
}

/** Works out one execution: its jobs, their calls, what they made and what they were given. */
export async function readExecution(
  execution: Execution,
  { context, contents, known, disk, places }: ExecutionContext,
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
  const outputs = await findOutputs({
    steps,
    calls,
    given,
    known: known.files,
    reusedBy: (run) => reuses.get(run),
    wasThere: (ref, ms) => disk.isOlder(places.toUri(ref.path), ref, ms),
  })
  const inputs = new InputResolver(known.files, outputs)
  return { execution, steps, calls, reuses, outputs, inferred, likely, given, inputs }
}

/** Keeps what later executions may take from this one. */
export function remember(read: ReadExecution, known: Known): void {
  known.calls.add(read.steps.all, read.steps.runs)
  for (const { ref, run, step } of read.outputs) {
    if (!run.cached) known.files.addMaker(ref.hash, { run: run.id, endMs: step.endMs ?? 0 })
  }
  for (const [step, inputs] of read.given) {
    for (const { ref } of inputs) known.files.addRead(ref.hash, step.startMs ?? Infinity)
  }
}
