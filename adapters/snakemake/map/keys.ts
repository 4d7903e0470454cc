import type { Execution } from '../log/execution.ts'
import type { Job, Workdir } from '../workdir.ts'

/**
 * An execution's own name: its log's time to the microsecond, with the id that 9.22 and newer write into the log. Older
 * logs say which machine they are of, or nothing.
 */
export function executionKey({ stem, head }: Execution): string {
  return head.version !== undefined && head.workflowId !== undefined ? `${stem}/${head.workflowId}` : stem
}

/** A job's own name: its execution and its first output by code point; without a log, that output and its time. */
export function jobKey(job: Job, workdir: Workdir): string {
  const first = job.outputs[0]
  const execution = job.executionIndex === undefined ? undefined : workdir.executions[job.executionIndex]
  if (execution === undefined) {
    const at = job.endMs === undefined ? 'time unknown' : new Date(job.endMs).toISOString()
    const fraction = job.endMs === undefined ? '' : `+${String(job.endMs % 1)}`
    return `unlogged/${job.rule}/${first ?? ''}/${at}${fraction}`
  }
  const attempt = job.attempt > 1 ? ` (attempt ${job.attempt})` : ''
  const own = first ?? `job ${job.trace?.jobId ?? '?'}`
  return `${executionKey(execution)}/${own}${attempt}`
}
