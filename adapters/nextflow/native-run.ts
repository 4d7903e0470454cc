import type { Origin, RunRecord } from './records.ts'

type Fields = Readonly<Record<string, unknown>>

const TEXTS = [
  'commandLine', 'scriptFile', 'scriptId', 'scriptName', 'repository', 'revision', 'commitId', 'profile', 'launchDir',
  'workDir', 'projectDir', 'homeDir', 'outputDir', 'containerEngine', 'userName', 'errorMessage', 'sessionId', 'runName',
] as const // prettier-ignore

/**
 * A run record from the engine's `workflow` object: in posted events (`isEnd` for `completed`, before which success and
 * completion mean nothing), and since 26.04 in the lineage record of a run.
 */
export function toNativeRunRecord(workflow: Fields, origin: Origin, phase: 'start' | 'end'): RunRecord {
  const record: RunRecord = { kind: 'run', origin }
  for (const name of TEXTS) {
    const value = workflow[name]
    if (typeof value === 'string' && value !== '') record[name] = value
  }
  readEngine(workflow, record)
  const start = parseMoment(workflow.start)
  if (start !== undefined) record.startMs = start.ms
  if (start?.offsetMinutes !== undefined) record.utcOffsetMinutes = start.offsetMinutes
  if (workflow.resume === true) record.resumed = true
  if (workflow.stubRun === true) record.stubRun = true
  if (typeof workflow.container === 'string') record.container = workflow.container
  const files = workflow.configFiles
  if (Array.isArray(files)) record.configFiles = files.filter((file) => typeof file === 'string')
  if (isFields(workflow.manifest)) record.manifest = known(workflow.manifest)
  if (phase === 'end') readEnd(workflow, record)
  return record
}

function readEngine(workflow: Fields, record: RunRecord): void {
  const engine = workflow.nextflow
  if (!isFields(engine)) return
  const { version, build } = engine
  if (typeof version === 'string') record.engineVersion = version
  if (typeof build === 'string' || typeof build === 'number') record.engineBuild = String(build)
}

function readEnd(workflow: Fields, record: RunRecord): void {
  const complete = parseMoment(workflow.complete)
  const { duration, exitStatus, success, errorReport, stats } = workflow
  if (complete !== undefined) record.completeMs = complete.ms
  if (typeof duration === 'number' && duration >= 0) record.durationMs = duration
  if (typeof exitStatus === 'number') record.exitStatus = exitStatus
  if (typeof success === 'boolean') record.end = success ? 'succeeded' : 'failed'
  if (typeof errorReport === 'string' && errorReport !== '') record.errorMessage = errorReport
  if (isFields(stats)) record.counts = countsOf(stats)
}

const COUNTS = [
  ['succeeded', 'succeededCount'], ['cached', 'cachedCount'], ['ignored', 'ignoredCount'], ['failed', 'failedCount'],
  ['retries', 'retriesCount'], ['aborted', 'abortedCount'],
] as const // prettier-ignore

function countsOf(stats: Fields): NonNullable<RunRecord['counts']> {
  const counts: NonNullable<RunRecord['counts']> = {}
  for (const [name, field] of COUNTS) {
    const value = stats[field]
    if (typeof value === 'number') counts[name] = value
  }
  return counts
}

/**
 * A time as text (`2026-11-24T07:19:11Z`) or as the object that Groovy makes of a Java time, with year, monthValue,
 * dayOfMonth, hour … and the offset, which tells the zone of the launching machine on that day.
 */
export function parseMoment(value: unknown): { readonly ms: number; readonly offsetMinutes?: number } | undefined {
  if (typeof value === 'string') {
    const ms = Date.parse(value)
    return Number.isNaN(ms) ? undefined : { ms }
  }
  if (!isFields(value)) return undefined
  const parts = ['year', 'monthValue', 'dayOfMonth', 'hour', 'minute', 'second', 'nano'].map((name) => value[name])
  const numbers = parts.filter((part) => typeof part === 'number')
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, nano = 0] = numbers
  const offset = isFields(value.offset) ? value.offset.totalSeconds : undefined
  if (numbers.length !== parts.length || typeof offset !== 'number') return undefined
  const local = Date.UTC(year, month - 1, day, hour, minute, second, Math.floor(nano / 1_000_000))
  return Number.isNaN(local) ? undefined : { ms: local - offset * 1000, offsetMinutes: offset / 60 }
}

function known(fields: Fields): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
