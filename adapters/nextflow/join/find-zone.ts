import { toLogTime } from '../log/log-message.ts'
import { readReport } from '../report/read-report.ts'
import { readTrace } from '../trace/read-trace.ts'
import { isZone, quarterMinutes, type Zone } from '../zone.ts'
import type { Place } from '../find/places.ts'
import type { Gathered } from './gathered.ts'
import type { Pipeline } from './pipeline.ts'
import { hashNumber } from '../hash.ts'
import { readIndexRows } from './tasks-of.ts'

/** Two sources note the start of one run this far apart at most. */
const START_SLACK_MS = 120_000
const ROWS_TO_COMPARE = 50
/** A scheduler takes its time to accept a task. */
const SUBMIT_SLACK_MS = 60_000

/**
 * The launcher's offset from UTC: proven by a time that two sources give, one of them absolute. The engine's build line
 * in the log proves it only where it says UTC (else it is the summer time of the build's day). Then what the user says.
 * Of a log other lines prove it: those on ended tasks name the time of the end in UTC.
 */
export async function findZone(
  gathered: Gathered,
  pipeline: Pipeline,
  told: string | undefined,
): Promise<Zone | undefined> {
  const proven =
    (await byTasks(gathered, pipeline)) ??
    (await bySubmissions(gathered, pipeline)) ??
    byStarts(pipeline) ??
    byLog(pipeline)
  if (proven !== undefined) return proven
  return told !== undefined && isZone(told) ? told : undefined
}

/** The trace's local time of a task and the cache's absolute one are the same moment, to the millisecond. */
async function byTasks(gathered: Gathered, pipeline: Pipeline): Promise<number | undefined> {
  const [trace] = pipeline.traces
  const cache = pipeline.session === undefined ? undefined : gathered.caches.get(pipeline.session)
  if (trace === undefined) return undefined
  if (cache === undefined) return byReport(pipeline, trace)
  const rows = await readIndexRows(gathered, pipeline)
  let compared = 0
  for await (const row of readTrace(trace.source, trace.path)) {
    if (row.kind !== 'task' || row.timesAreLocal !== true || row.submitMs === undefined) continue
    const full = row.fullHash ?? (row.hash === undefined ? undefined : rows.of(hashNumber(row.hash))[0]?.fullHash)
    const entry = full === undefined ? undefined : await cache.get(full)
    const minutes =
      entry?.task.submitMs === undefined ? undefined : quarterMinutes(row.submitMs - entry.task.submitMs, 1000)
    if (minutes !== undefined) return minutes
    if (++compared >= ROWS_TO_COMPARE) break
  }
  return undefined
}

/** The log's line on a submission is written in the moment that the cache notes in absolute time. */
async function bySubmissions(gathered: Gathered, pipeline: Pipeline): Promise<number | undefined> {
  const cache = pipeline.session === undefined ? undefined : gathered.caches.get(pipeline.session)
  const { submissions = [] } = pipeline
  if (cache === undefined || submissions.length === 0) return undefined
  const rows = await readIndexRows(gathered, pipeline)
  for (const { hash, at } of submissions) {
    const full = rows.of(hashNumber(hash))[0]?.fullHash
    const submitMs = full === undefined ? undefined : (await cache.get(full))?.task.submitMs
    const minutes =
      submitMs === undefined ? undefined : quarterMinutes(toLogTime(at, submitMs) - submitMs, SUBMIT_SLACK_MS)
    if (minutes !== undefined) return minutes
  }
  return undefined
}

/** The same against the report, which has absolute times too. */
async function byReport(pipeline: Pipeline, trace: Place): Promise<number | undefined> {
  const local = new Map<string, number>()
  for await (const row of readTrace(trace.source, trace.path)) {
    if (row.kind !== 'task' || row.timesAreLocal !== true || row.submitMs === undefined) continue
    if (row.hash !== undefined) local.set(row.hash, row.submitMs)
    if (local.size >= ROWS_TO_COMPARE) break
  }
  if (local.size === 0) return undefined
  for (const report of pipeline.reports) {
    for await (const row of readReport(report.source, report.path)) {
      const submitMs = row.kind === 'task' ? local.get(row.hash ?? '') : undefined
      if (row.kind !== 'task' || row.submitMs === undefined || submitMs === undefined) continue
      const minutes = quarterMinutes(submitMs - row.submitMs, 1000)
      if (minutes !== undefined) return minutes
    }
  }
  return undefined
}

/** The run's own start, told by one source in local and by another in absolute time. */
function byStarts(pipeline: Pipeline): number | undefined {
  const exact = pipeline.records.find((record) => record.startMs !== undefined && record.timesAreLocal !== true)
  const local = pipeline.records.find((record) => record.startMs !== undefined && record.timesAreLocal === true)
  if (exact?.startMs === undefined || local?.startMs === undefined) return undefined
  return quarterMinutes(local.startMs - exact.startMs, START_SLACK_MS)
}

function byLog(pipeline: Pipeline): number | undefined {
  if (pipeline.logOffsetMinutes !== undefined) return pipeline.logOffsetMinutes
  return pipeline.records.some((record) => record.origin.source === 'log' && record.utcOffsetMinutes === 0)
    ? 0
    : undefined
}
