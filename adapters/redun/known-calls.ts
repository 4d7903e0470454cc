import type { Step, Steps } from './steps.ts'

/** Finds the run that first gave a result, among executions read so far. */
export type FindCall = (taskHash: string, argsHash: string) => string | undefined

/** For each cached step of an execution the run whose result it shares: one beside it, else the latest before. */
export function reusesOf({ all, runs }: Steps, findBefore: FindCall): ReadonlyMap<Step, string> {
  const here = new Map<string, string>()
  for (const step of all) {
    if (step.argsHash !== undefined && !step.cached) here.set(keyOf(step, step.argsHash), (runs.get(step) ?? step).id)
  }
  const found = new Map<Step, string>()
  for (const step of all) {
    if (!step.cached || step.argsHash === undefined) continue
    const maker = here.get(keyOf(step, step.argsHash)) ?? findBefore(step.task.hash, step.argsHash)
    if (maker !== undefined && maker !== step.id) found.set(step, maker)
  }
  return found
}

function keyOf(step: Step, argsHash: string): string {
  return `${step.task.hash}${argsHash}`
}
