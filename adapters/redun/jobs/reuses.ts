import type { History } from '../files/history.ts'
import type { Step } from './step.ts'
import type { Steps } from './steps.ts'

/** The run that first gave a result. */
export interface Reused {
  readonly id: string
  /** When it is one of this execution. */
  readonly step: Step | undefined
}

const MOST_FOUND = 2500

/** For each cached step of an execution the run whose result it shares: one beside it, else the latest before. */
export class Reuses {
  private readonly steps: Steps
  private readonly history: History
  /** What was asked lately: each is asked three times. */
  private readonly found = new Map<number, Reused | undefined>()

  constructor(steps: Steps, history: History) {
    this.steps = steps
    this.history = history
  }

  of(step: Step): Reused | undefined {
    if (!step.cached || step.argsHash === undefined) return undefined
    if (this.found.has(step.place)) return this.found.get(step.place)
    if (this.found.size >= MOST_FOUND) this.found.clear()
    const reused = this.find(step, step.argsHash)
    this.found.set(step.place, reused)
    return reused
  }

  private find(step: Step, argsHash: string): Reused | undefined {
    const beside = this.steps.findFresh(step.task.hash, argsHash)
    const run = beside === undefined ? undefined : this.steps.runOf(beside)
    const id = run?.id ?? this.history.findCall(step.task.hash, argsHash)
    return id === undefined || id === step.id ? undefined : { id, step: run }
  }
}
