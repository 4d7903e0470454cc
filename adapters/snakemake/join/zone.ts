import { offsetOf } from '../log/stamp.ts'
import type { JobOutline } from '../store/recorded-job.ts'
import type { Workdir } from '../workdir.ts'
import type { TracedJob } from './traced-jobs.ts'

/** Zones differ from UTC by whole quarters of an hour, by 14 hours at most. */
const QUARTER_MS = 15 * 60_000
const MOST_QUARTERS = 14 * 4
/** A log shows whole seconds, and a cluster's job is seen to be done some time after it is. */
const EARLIEST_MS = -2000
const LATEST_MS = 60_000

/**
 * How far each execution's wall clock stood from UTC: its jobs' ends in the log against the same jobs' records, or the
 * zone that the user named, or what the nearest execution shows, by its jobs or by its live events. `undefined` = unknown.
 */
export function findOffsets(
  workdir: Workdir,
  candidates: (job: JobOutline) => readonly TracedJob[],
  timezone: string | undefined,
): (number | undefined)[] {
  const votes = workdir.executions.map(() => new Map<number, number>())
  for (const recorded of workdir.recorded.outlines()) {
    for (const { trace, executionIndex } of candidates(recorded)) {
      const quarters = quartersBetween(trace.endMs, recorded.endMs)
      const found = votes[executionIndex]
      if (quarters !== undefined && found !== undefined) found.set(quarters, (found.get(quarters) ?? 0) + 1)
    }
  }
  const own = workdir.executions.map((execution, at) => {
    if (execution.clock === 'utc') return 0
    const named = timezone === undefined ? undefined : offsetIn(timezone, execution.startMs ?? execution.lastMs)
    return named ?? mostVoted(votes[at] ?? new Map())
  })
  const local = own.map((offset, at) => {
    const execution = workdir.executions[at]
    // Live events are in UTC, and the name of their run is local time.
    return execution?.clock === 'utc' ? offsetOf(execution.stem, execution.startMs) : offset
  })
  return own.map((offset, at) => offset ?? nearest(local, at))
}

function quartersBetween(localMs: number | undefined, utcMs: number | undefined): number | undefined {
  if (localMs === undefined || utcMs === undefined) return undefined
  const quarters = Math.floor((localMs - utcMs - EARLIEST_MS) / QUARTER_MS)
  const late = localMs - utcMs - quarters * QUARTER_MS
  return late <= LATEST_MS && Math.abs(quarters) <= MOST_QUARTERS ? quarters : undefined
}

function mostVoted(votes: ReadonlyMap<number, number>): number | undefined {
  let best: number | undefined
  let most = 0
  for (const [quarters, count] of votes) {
    if (count > most) [best, most] = [quarters, count]
  }
  return best === undefined ? undefined : best * QUARTER_MS
}

/** The next execution that knows; where the one before and the one after differ (summer time), nobody knows. */
function nearest(offsets: readonly (number | undefined)[], at: number): number | undefined {
  const before = offsets.slice(0, at).findLast((offset) => offset !== undefined)
  const after = offsets.slice(at + 1).find((offset) => offset !== undefined)
  if (before === undefined || after === undefined) return before ?? after
  return before === after ? before : undefined
}

/** The zone's distance from UTC when its wall clock showed `localMs`. */
function offsetIn(timezone: string, localMs: number | undefined): number | undefined {
  if (localMs === undefined) return undefined
  const first = localMs - offsetAt(timezone, localMs)
  return offsetAt(timezone, first) // once more: the first guess may stand on the other side of a change
}

function offsetAt(timezone: string, utcMs: number): number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: timezone, timeZoneName: 'longOffset' })
  const name = format.formatToParts(utcMs).find((part) => part.type === 'timeZoneName')?.value ?? ''
  const [, sign, hours, minutes = '0'] = /GMT([+-])(\d{2}):?(\d{2})?/.exec(name) ?? []
  return hours === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
}
