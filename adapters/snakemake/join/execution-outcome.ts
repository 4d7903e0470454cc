import type { Outcome } from '../../../core/adapter.ts'
import type { Execution, TraceJob, TraceStatus } from '../log/execution.ts'

/**
 * The last execution that ran jobs. It locked the folder for them, so those before it are over. One that only was
 * refused, reported or had nothing to do shows nothing: it may have looked in while another ran.
 */
export function lastToRun(executions: readonly Execution[]): number {
  return executions.findLastIndex((execution) => execution.jobs.length > 0)
}

/** How an execution ended. `isLast`: no later one ran jobs in the folder. */
export function executionOutcome(execution: Execution, isLast: boolean): Outcome {
  if (execution.cancelled) return 'cancelled'
  if (execution.failed) return 'failed'
  if (execution.closed) return 'succeeded'
  if (execution.ended) return execution.errorText !== undefined || execution.jobs.length > 0 ? 'failed' : 'succeeded'
  if (execution.process !== undefined || execution.jobs.some(hasNoEnd)) return openOutcome(execution, isLast)
  if (execution.errorText !== undefined) return 'failed'
  // Reports, summaries and runs with nothing to do never begin a job and, before 9, do not say that they are done.
  if (execution.jobs.length === 0) return execution.lastMs === undefined && execution.told ? 'succeeded' : 'unknown'
  return openOutcome(execution, isLast)
}

/** Nothing but its beginning is known of it. */
export function hasNoEnd({ status }: TraceJob): boolean {
  return status === 'open' || status === 'running' || status === 'aborted'
}

function openOutcome({ process, ended }: Execution, isLast: boolean): 'running' | 'unknown' | 'aborted' {
  if (!isLast || ended || process === 'gone') return 'aborted'
  return process === 'alive' ? 'running' : 'unknown'
}

/** Jobs without an end take theirs from the end of their execution. */
export function settleJobs(execution: Execution, isLast: boolean): void {
  const touched = isTouch(execution.head.command)
  for (const job of execution.jobs) {
    if (job.status === 'open') {
      // `--quiet progress` leaves out every end; the whole still says that nothing failed.
      if (execution.closed && !execution.failed) job.status = 'finished'
      else if (!execution.closed) job.status = openStatus(execution, isLast)
    }
    if (touched && job.status === 'finished') job.status = 'touched'
  }
}

function openStatus(execution: Execution, isLast: boolean): TraceStatus {
  const outcome = openOutcome(execution, isLast)
  return outcome === 'unknown' ? 'open' : outcome
}

/** `--touch` prints jobs as if they ran, and runs nothing. */
export function isTouch(command: string | undefined): boolean {
  return command !== undefined && /(^|\s)(--touch|-t)(\s|$)/.test(command)
}
