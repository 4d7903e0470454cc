import type { Outcome } from '../../../core/adapter.ts'
import type { Execution } from '../log/execution.ts'

/** How an execution ended. `isLast`: nothing was started in the folder after it. */
export function executionOutcome(execution: Execution, isLast: boolean): Outcome {
  if (execution.cancelled) return 'cancelled'
  if (execution.failed) return 'failed'
  if (execution.closed) return 'succeeded'
  if (execution.ended) return execution.errorText !== undefined || execution.jobs.length > 0 ? 'failed' : 'succeeded'
  const open = execution.jobs.some((job) => job.status === 'open' || job.status === 'aborted')
  // The folder was locked while it ran: a later one shows that this one is gone. The last one may still be running.
  if (open) return isLast ? 'unknown' : 'aborted'
  if (execution.errorText !== undefined) return 'failed'
  // Reports, summaries and runs with nothing to do never begin a job and, before 9, do not say that they are done.
  if (execution.jobs.length === 0) return execution.lastMs === undefined && execution.told ? 'succeeded' : 'unknown'
  return isLast ? 'unknown' : 'aborted'
}

/** Jobs without an end take theirs from the end of their execution. */
export function settleJobs(execution: Execution, isLast: boolean): void {
  const touched = isTouch(execution.head.command)
  for (const job of execution.jobs) {
    if (job.status === 'open') {
      // `--quiet progress` leaves out every end; the whole still says that nothing failed.
      if (execution.closed && !execution.failed) job.status = 'finished'
      else if (!execution.closed && !isLast) job.status = 'aborted'
    }
    if (touched && job.status === 'finished') job.status = 'touched'
  }
}

/** `--touch` prints jobs as if they ran, and runs nothing. */
export function isTouch(command: string | undefined): boolean {
  return command !== undefined && /(^|\s)(--touch|-t)(\s|$)/.test(command)
}
