import type { BeforeCall } from './before-call.ts'
import type { Call, CallReader, Input } from '../jobs/calls.ts'
import { callOf, inputsOf } from '../jobs/calls.ts'
import type { ExecutionFiles } from './execution-files.ts'
import { Marks } from '../jobs/marks.ts'
import type { Step } from '../jobs/step.ts'
import type { Steps } from '../jobs/steps.ts'

interface GatherContext {
  readonly steps: Steps
  readonly files: ExecutionFiles
  readonly before: BeforeCall
  readonly reader: CallReader
}

/**
 * Notes which files each job was given and which its result names.
 * @returns the steps whose arguments have to be corrected
 */
export async function gatherFiles(context: GatherContext): Promise<Marks> {
  const { steps, files, before, reader } = context
  const suspects = new Marks(steps.count)
  const late: number[] = []
  for (const page of steps.pages()) {
    const calls = await reader.read(page)
    for (const step of page) {
      const call = callOf(step, calls)
      const inputs = inputsOf(step, call)
      if (!before.isSuspect(step, call, inputs)) {
        gather(files, step, call, inputs)
        continue
      }
      suspects.add(step.place)
      late.push(step.place)
      // What they name may be the state that another one began with.
      for (const [at, ref] of (call.result?.files ?? []).entries()) files.addResult(ref, step, at, true)
    }
  }
  for (let at = 0; at < late.length; at += PAGE) {
    const page = late.slice(at, at + PAGE).map((place) => steps.get(place))
    const calls = await reader.read(page)
    for (const step of page) {
      const call = callOf(step, calls)
      if (call !== undefined) gather(files, step, call, await before.correct(step, call, inputsOf(step, call)))
    }
  }
  files.settle()
  return suspects
}

const PAGE = 200

function gather(files: ExecutionFiles, step: Step, call: Call | undefined, inputs: readonly Input[]): void {
  if (step.startMs !== undefined) for (const { ref } of inputs) files.addRead(ref.hash, step.startMs)
  const given = new Set(inputs.map((input) => input.ref.hash))
  // Members of a folder are not among them: its listing holds whatever lay there, from anybody.
  for (const [at, ref] of (call?.result?.files ?? []).entries()) files.addResult(ref, step, at, given.has(ref.hash))
}
