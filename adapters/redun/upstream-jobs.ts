import { callOf } from './calls.ts'
import type { ReadExecution } from './execution-facts.ts'
import type { Step } from './steps.ts'

/** So that all labels of a run stay within what the index of words takes of it. */
const MOST_UPSTREAM = 50

/** For each step the jobs that its arguments were computed from, as far as no file tells it. */
export function upstreamJobs({ steps, calls, outputs }: ReadExecution): ReadonlyMap<Step, readonly string[]> {
  const byCall = new Map<string, Step>()
  for (const step of steps.all) {
    const known = step.callHash === undefined ? undefined : byCall.get(step.callHash)
    if (step.callHash !== undefined && (known === undefined || known.cached)) byCall.set(step.callHash, step)
  }
  const makers = new Set(outputs.map((output) => output.run.id))
  const found = new Map<Step, readonly string[]>()
  for (const step of steps.all) {
    const ids = new Set<string>()
    for (const arg of callOf(step, calls)?.args ?? []) {
      for (const hash of arg.upstream) {
        const source = byCall.get(hash)
        const run = source === undefined ? undefined : steps.runs.get(source)
        if (run !== undefined && run !== step && ids.size < MOST_UPSTREAM && !makers.has(run.id)) ids.add(run.id)
      }
    }
    if (ids.size > 0) found.set(step, [...ids])
  }
  return found
}
