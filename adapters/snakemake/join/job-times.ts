import type { TraceJob } from '../log/execution.ts'
import type { JobOutline } from '../store/recorded-job.ts'

export interface JobTimes {
  readonly startMs?: number
  readonly endMs?: number
}

/** From 9.1.5 on the start in a record can be that of an earlier run, or lie after the end. */
const FORMAT_OF_DOUBT = 6
/** A log shows whole seconds. */
const SLACK_MS = 2500

/**
 * When a job ran: by its record where that can be right, else by its log. A record's start comes from a marker that
 * some versions delete too early: then it is missing, lies after the end, or is the start of an earlier run.
 *
 * Live events tell both to the millisecond, also when a later run has overwritten the record.
 *
 * @param offset wall clock minus UTC
 * @param begunMs when the job's execution began
 */
export function jobTimes(
  trace: TraceJob | undefined,
  recorded: JobOutline | undefined,
  offset: number | undefined,
  begunMs: number | undefined,
): JobTimes {
  const loggedStart = shifted(trace?.startMs, offset)
  const loggedEnd = shifted(trace?.endMs, offset)
  if (trace?.isLive === true)
    return { ...given('startMs', loggedStart), ...given('endMs', loggedEnd ?? recorded?.endMs) }
  const endMs = recorded?.endMs ?? loggedEnd
  const startMs = recordedStart(recorded, loggedStart ?? begunMs) ?? startBefore(loggedStart, endMs)
  return { ...given('startMs', startMs), ...given('endMs', endMs) }
}

function given(name: keyof JobTimes, ms: number | undefined): JobTimes {
  return ms === undefined ? {} : { [name]: ms }
}

function shifted(ms: number | undefined, offset: number | undefined): number | undefined {
  return ms === undefined || offset === undefined ? undefined : ms - offset
}

function startBefore(startMs: number | undefined, endMs: number | undefined): number | undefined {
  return startMs !== undefined && endMs !== undefined && startMs > endMs ? undefined : startMs
}

function recordedStart(recorded: JobOutline | undefined, notBefore: number | undefined): number | undefined {
  if (recorded?.startMs === undefined || recorded.endMs === undefined) return undefined
  if (recorded.startMs >= recorded.endMs) return undefined
  if (notBefore !== undefined) return recorded.startMs >= notBefore - SLACK_MS ? recorded.startMs : undefined
  return recorded.format < FORMAT_OF_DOUBT ? recorded.startMs : undefined
}
