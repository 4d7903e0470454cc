import type { TaskRecord } from '../records.ts'
import type { Pipeline } from './pipeline.ts'

/** Zones differ by quarters of an hour: times of two sources of which only one is local agree up to those. */
const QUARTER_MS = 900_000
const MOST_OFFSET_MS = 14 * 3_600_000
/** The first task is submitted this long after the start, at most, to count as a sign of the same run. */
const FIRST_TASK_MS = 120_000
/** A trace is closed this near to the end of its run. */
const LAST_WRITE_MS = 5000
/** The time in a file's name is taken when the configuration is read, a little before or after the start. */
const STAMP_SLACK_MS = 60_000
/** Starts are cut to whole seconds; durations are rounded, to whole seconds above a minute. */
const END_SLACK_MS = { short: 1100, long: 2000 }

/** What a trace shows of its time. */
export interface TraceTimes {
  readonly path: string
  readonly rows: readonly TaskRecord[]
  /** When the file was last written, absolute; copying may have changed it. */
  readonly writtenMs: number | undefined
}

/** Whether the times of a trace lie where the run's own lie. `false`: they do not, or there are none to compare. */
export function fitsTimes(trace: TraceTimes, pipeline: Pipeline): boolean {
  const window = windowOf(pipeline)
  if (window === undefined) return false
  const executed = trace.rows.filter((row) => row.status !== 'CACHED')
  const times = executed.flatMap((row) => row.submitMs ?? row.startMs ?? [])
  if (times.length === 0) return fitsStamp(trace.path, window) || fitsLastWrite(trace.writtenMs, window)
  if (executed.some((row) => row.timesAreLocal === true) === window.isLocal) {
    return times.every((time) => isIn(time, window))
  }
  const first = Math.min(...times)
  const offset = Math.ceil((window.from - first) / QUARTER_MS) * QUARTER_MS
  return (
    Math.abs(offset) <= MOST_OFFSET_MS &&
    first + offset - window.from <= FIRST_TASK_MS &&
    times.every((time) => isIn(time + offset, window))
  )
}

interface Window {
  readonly from: number
  readonly until: number | undefined
  /** As the history and reports have it: wall-clock time of the launcher. */
  readonly isLocal: boolean
}

function windowOf(pipeline: Pipeline): Window | undefined {
  const timed = pipeline.records.filter((each) => each.startMs !== undefined)
  const record = timed.find((each) => each.timesAreLocal === true) ?? timed[0]
  if (record?.startMs === undefined) return undefined
  const { startMs: from, durationMs, completeMs } = record
  const until = completeMs ?? (durationMs === undefined ? undefined : from + durationMs)
  return { from, until, isLocal: record.timesAreLocal === true }
}

/** A start in whole seconds is cut; nothing is submitted before it. */
function isIn(time: number, { from, until }: Window): boolean {
  const end = until ?? Infinity
  return time >= from && time <= end + (end - from < 60_000 ? END_SLACK_MS.short : END_SLACK_MS.long)
}

/** `trace-20241130-43200123.txt` (date and milliseconds of the day), `execution_trace_2024-11-30_12-00-00.txt`. */
function fitsStamp(path: string, { from, isLocal }: Window): boolean {
  const stamp = stampOf(path.slice(path.lastIndexOf('/') + 1))
  return isLocal && stamp !== undefined && Math.abs(stamp - from) <= STAMP_SLACK_MS
}

function stampOf(name: string): number | undefined {
  const [, date = '', millis = ''] = /(?:^|\D)(\d{8})-(\d{1,8})(?:\D|$)/.exec(name) ?? []
  if (date !== '') {
    return Date.parse(`${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}T00:00:00Z`) + Number(millis)
  }
  const [, day = '', hour = '', minute = '', second = ''] =
    /(\d{4}-\d\d-\d\d)_(\d\d)-(\d\d)-(\d\d)(?:\D|$)/.exec(name) ?? []
  return day === '' ? undefined : Date.parse(`${day}T${hour}:${minute}:${second}Z`)
}

function fitsLastWrite(writtenMs: number | undefined, { until }: Window): boolean {
  if (writtenMs === undefined || until === undefined) return false
  const offset = Math.round((until - writtenMs) / QUARTER_MS) * QUARTER_MS
  return Math.abs(offset) <= MOST_OFFSET_MS && Math.abs(writtenMs + offset - until) <= LAST_WRITE_MS
}
