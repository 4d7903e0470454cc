import { BeforeCall } from './before-call.ts'
import type { Call, Input } from './calls.ts'
import { callOf, inputsOf, readCalls } from './calls.ts'
import type { ContentsReader } from './contents.ts'
import type { Disk } from './disk.ts'
import type { ReadExecution } from './execution-facts.ts'
import type { Execution } from './executions.ts'
import type { History } from './history.ts'
import type { FindCall } from './known-calls.ts'
import { reusesOf } from './known-calls.ts'
import { findOutputs } from './outputs.ts'
import type { Places } from './places.ts'
import { InputResolver } from './sources-of-inputs.ts'
import type { Step, StepContext } from './steps.ts'
import { readSteps } from './steps.ts'
import { inferCalls } from './unfinished.ts'

interface ExecutionContext {
  readonly context: StepContext
  readonly contents: ContentsReader
  readonly history: History
  readonly disk: Disk
  readonly places: Places
}

/** Works out one execution: its jobs, their calls, what they made and what they were given. */
export async function readExecution(
  execution: Execution,
  { context, contents, history, disk, places }: ExecutionContext,
): Promise<ReadExecution> {
  const steps = readSteps(execution, context)
  const calls = await readCalls(context.rows, contents, steps.all)
  const findCall: FindCall = (taskHash, argsHash) => history.findCall(taskHash, argsHash)
  const reuses = reusesOf(steps, findCall)
  const likely = new Map<Step, string>()
  const inferred = await inferCalls(steps, calls, context.rows, contents)
  for (const [step, { argsHash }] of inferred) {
    const maker = argsHash === undefined ? undefined : findCall(step.task.hash, argsHash)
    if (maker !== undefined) likely.set(step, maker)
  }
  const before = new BeforeCall(calls)
  const given = new Map(steps.all.map((step) => [step, before.correct(step, inputsOf(step, callOf(step, calls)))]))
  const known = history.filesAmong(filesOf(given, [...calls.values(), ...inferred.values()]))
  const outputs = await findOutputs({
    steps,
    calls,
    given,
    known,
    reusedBy: (run) => reuses.get(run),
    wasThere: (ref, ms) => disk.isOlder(places.toUri(ref.path), ref, ms),
  })
  const inputs = new InputResolver(known, outputs)
  return { execution, steps, calls, reuses, outputs, inferred, likely, given, inputs }
}

/** Every file that the execution names, by redun's hash. */
function filesOf(
  given: ReadonlyMap<Step, readonly Input[]>,
  calls: readonly (Pick<Call, 'args'> & Partial<Call>)[],
): ReadonlySet<string> {
  const hashes = new Set<string>()
  for (const inputs of given.values()) for (const { ref } of inputs) hashes.add(ref.hash)
  for (const { args, result } of calls) {
    for (const ref of result?.files ?? []) hashes.add(ref.hash)
    for (const arg of args) for (const ref of arg.contents.files) hashes.add(ref.hash)
  }
  return hashes
}
