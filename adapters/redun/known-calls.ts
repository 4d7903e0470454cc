import type { Step } from './steps.ts'

/** Which run first gave the result that cached runs hand out again, by task and arguments. */
export class KnownCalls {
  /** By the hash of the task, then by that of the arguments. */
  private readonly makers = new Map<string, Map<string, string>>()

  /** Remembers the runs of an execution that really ran and succeeded: failed results are never used again. */
  add(steps: readonly Step[], runs: ReadonlyMap<Step, Step>): void {
    for (const step of steps) {
      if (step.argsHash === undefined || step.cached || step.outcome !== 'succeeded') continue
      put(this.makers, step.task.hash, step.argsHash, (runs.get(step) ?? step).id)
    }
  }

  /** The latest run of a task with these arguments that really ran. */
  find(taskHash: string, argsHash: string): string | undefined {
    return this.makers.get(taskHash)?.get(argsHash)
  }

  /** For each cached step of an execution the run whose result it shares: one beside it, else the latest before. */
  reuses(steps: readonly Step[], runs: ReadonlyMap<Step, Step>): ReadonlyMap<Step, string> {
    const here = new Map<string, Map<string, string>>()
    for (const step of steps) {
      if (step.argsHash !== undefined && !step.cached) put(here, step.task.hash, step.argsHash, (runs.get(step) ?? step).id) // prettier-ignore
    }
    const found = new Map<Step, string>()
    for (const step of steps) {
      if (!step.cached || step.argsHash === undefined) continue
      const maker = here.get(step.task.hash)?.get(step.argsHash) ?? this.find(step.task.hash, step.argsHash)
      if (maker !== undefined && maker !== step.id) found.set(step, maker)
    }
    return found
  }
}

function put(makers: Map<string, Map<string, string>>, taskHash: string, argsHash: string, run: string): void {
  const ofTask = makers.get(taskHash)
  if (ofTask === undefined) makers.set(taskHash, new Map([[argsHash, run]]))
  else ofTask.set(argsHash, run)
}
