import { shortKey } from './short-key.ts'
import type { Step } from './steps.ts'

/** Which run first gave the result that cached runs hand out again, by task and arguments. */
export class KnownCalls {
  private readonly makers = new Map<string, string>()

  /** Remembers the runs of an execution that really ran and succeeded: failed results are never used again. */
  add(steps: readonly Step[], runs: ReadonlyMap<Step, Step>): void {
    for (const step of steps) {
      const key = keyOf(step)
      if (key !== undefined && !step.cached && step.outcome === 'succeeded')
        this.makers.set(key, (runs.get(step) ?? step).id)
    }
  }

  /** The latest run of a task with these arguments that really ran. */
  find(taskHash: string, argsHash: string): string | undefined {
    return this.makers.get(shortKey(taskHash + argsHash))
  }

  /** For each cached step of an execution the run whose result it shares: one beside it, else the latest before. */
  reuses(steps: readonly Step[], runs: ReadonlyMap<Step, Step>): ReadonlyMap<Step, string> {
    const here = new Map<string, Step>()
    for (const step of steps) {
      const key = keyOf(step)
      if (key !== undefined && !step.cached) here.set(key, runs.get(step) ?? step)
    }
    const found = new Map<Step, string>()
    for (const step of steps) {
      const key = keyOf(step)
      if (!step.cached || key === undefined) continue
      const maker = here.get(key)?.id ?? this.makers.get(key)
      if (maker !== undefined && maker !== step.id) found.set(step, maker)
    }
    return found
  }
}

function keyOf(step: Step): string | undefined {
  return step.argsHash === undefined ? undefined : shortKey(step.task.hash + step.argsHash)
}
