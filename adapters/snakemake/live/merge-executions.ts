import type { Execution, TraceJob } from '../log/execution.ts'
import { offsetOf } from '../log/stamp.ts'

/**
 * The log and the live events of one run as one: the events tell names without doubt and times to the millisecond; the
 * log fills in what they lack.
 */
export function mergeExecutions(live: Execution, log: Execution): Execution {
  const known = new Map(live.jobs.map((job) => [idOf(job), job]))
  const jobs = [...live.jobs]
  const offset = offsetOf(live.stem, live.startMs)
  for (const logged of log.jobs) {
    const job = known.get(idOf(logged))
    if (job === undefined) jobs.push(inUtc(logged, offset))
    else fillIn(job, logged)
  }
  const logFolder = log.logFolder ?? live.logFolder
  const errorText = live.errorText ?? log.errorText
  return {
    ...live,
    jobs,
    head: { ...live.head, ...log.head },
    closed: live.closed || log.closed,
    told: true,
    failed: live.failed || log.failed,
    cancelled: live.cancelled || log.cancelled,
    notRun: live.notRun || log.notRun,
    temporary: new Set([...live.temporary, ...log.temporary]),
    protectedFiles: new Set([...live.protectedFiles, ...log.protectedFiles]),
    ...(logFolder === undefined ? {} : { logFolder }),
    ...(errorText === undefined ? {} : { errorText }),
  }
}

function idOf(job: TraceJob): string {
  return `${job.jobId}/${job.attempt}`
}

/** Times of the log are local ones: where the zone is not known, a job that only the log knows has none here. */
function inUtc(job: TraceJob, offset: number | undefined): TraceJob {
  const copy = { ...job }
  delete copy.startMs
  delete copy.endMs
  if (offset === undefined) return copy
  if (job.startMs !== undefined) copy.startMs = job.startMs - offset
  if (job.endMs !== undefined) copy.endMs = job.endMs - offset
  return copy
}

function fillIn(job: TraceJob, logged: TraceJob): void {
  if (job.status === 'open') job.status = logged.status
  if (job.externalId === undefined && logged.externalId !== undefined) job.externalId = logged.externalId
  if (job.exitCode === undefined && logged.exitCode !== undefined) job.exitCode = logged.exitCode
  if (job.group === undefined && logged.group !== undefined) job.group = logged.group
  if (job.wildcardsText === undefined && logged.wildcardsText !== undefined) job.wildcardsText = logged.wildcardsText
}
