import type { Outcome } from '../../../core/adapter.ts'
import { best, type Pipeline } from '../join/pipeline.ts'
import { told, type TaskView } from '../join/task.ts'

/** How a pipeline run ended, by the best source that says so. */
export function pipelineOutcome(pipeline: Pipeline): Outcome {
  const end = best(pipeline, 'end')
  if (end === 'aborted' || (end === 'failed' && isSignal(pipeline.abortCause))) return 'aborted'
  return end ?? 'unknown' // an open line in the history: killed, crashed, or still running
}

/** `SIGTERM`, `SIGINT`: somebody ended it. */
function isSignal(cause: string | undefined): boolean {
  return cause !== undefined && /^SIG[A-Z]+\b/.test(cause)
}

/** What lies in a task's folder. */
export interface Left {
  readonly exit?: number
  /** A declared exact name is not there: optional, moved away, or the reason why the engine did not accept the task. */
  readonly lacksOutput?: boolean
}

/** How a task ended, by the engine's own word. What lies in its folder counts only when no engine record exists. */
export function taskOutcome(view: TaskView, left: Left): Outcome {
  if (view.isCached) return 'cached'
  const status = told(view).status ?? view.logged?.status
  switch (status) {
    case 'COMPLETED':
      return 'succeeded'
    case 'FAILED':
      return 'failed'
    case 'ABORTED':
      return 'aborted'
    case 'STORED':
      return 'skipped'
    case 'CACHED':
      return 'cached'
    default:
      return outcomeWithoutStatus(view, left)
  }
}

/**
 * A task that the engine submitted and never closed is unknown even when its folder looks complete: after a kill the
 * process goes on alone. Only where no such source is left, lineage record and exit file together are believed.
 */
function outcomeWithoutStatus(view: TaskView, left: Left): Outcome {
  const { lineage, pipeline } = view
  const isWatched = pipeline !== undefined && (pipeline.index !== undefined || view.logged !== undefined)
  if (view.records.length > 0 || isWatched) return 'unknown'
  if (left.exit !== undefined && left.exit !== 0) return 'failed'
  if (view.isDoubtful === true) return 'unknown'
  if (lineage !== undefined) {
    if (lineage.hasNullOutput) return 'failed'
    return lineage.outputs.length > 0 || left.exit === 0 ? 'succeeded' : 'unknown'
  }
  return left.exit === 0 && left.lacksOutput !== true ? 'succeeded' : 'unknown'
}
