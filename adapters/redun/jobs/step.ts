import type { Outcome } from '../../../core/adapter.ts'
import type { Task } from './tasks.ts'

/** One job of an execution: a call of a task, finished or not. Times are UTC. */
export interface Step {
  /** Its place among the jobs of its execution in the order of their starts; tells steps apart. */
  readonly place: number
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
  /** Place of the step that stands for it as a run: its own, or that of the script that it is a part of. */
  readonly run: number
  /** Place of the command of a script that was itself taken from the cache, though its command ran anew. */
  readonly command: number | undefined
}

/** `script()` is three jobs: the first has the inputs, the second runs the command, the third hands out the outputs. */
export const SCRIPT = 'redun.script'
export const COMMAND = 'redun.script_task'
export const LAST_OF_SCRIPT = 'redun.postprocess_script'

export function isScriptCall(step: Step): boolean {
  return step.task.name === SCRIPT
}

/** The step itself and those above it, upwards. */
export function* upwards(step: Step): Iterable<Step> {
  for (let at: Step | undefined = step; at !== undefined; at = at.parent) yield at
}
