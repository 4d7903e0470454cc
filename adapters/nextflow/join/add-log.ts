import { shortHash } from '../hash.ts'
import type { Place } from '../find/places.ts'
import type { LogEvent } from '../log/log-event.ts'
import { toLogTime } from '../log/log-message.ts'
import { findMainScript } from '../log/main-script.ts'
import { readLog } from '../log/read-log.ts'
import type { RunRecord } from '../records.ts'
import { quarterMinutes } from '../zone.ts'
import type { GapBox } from './gap-box.ts'
import { newPipeline, type Pipeline, type Pipelines } from './pipeline.ts'

/** Of an error report the beginning says what happened. */
const MOST_ERROR_CHARACTERS = 4000

/** The end of a task is noticed within this time, on grids too. */
const NOTICE_MS = 240_000

/** So many are enough to find the zone. */
const MOST_SUBMISSIONS = 50

/** What the lines of one log add up to. */
interface LogReading {
  readonly record: RunRecord
  readonly run: Pipeline
  /** Retry numbers that wait for the submission of the next attempt, by task name. */
  readonly retries: Map<string, number[]>
  hasEnded: boolean
  offsetMinutes: number | undefined
  readonly submissions: { readonly hash: string; readonly at: number }[]
}

/** Reads a log and adds what it says to its pipeline run. A log without session or run name died before it had one. */
export async function addLog(place: Place, pipelines: Pipelines, gaps: GapBox): Promise<Pipeline | undefined> {
  const reading: LogReading = {
    record: { kind: 'run', origin: { source: 'log', path: place.path } },
    run: newPipeline(),
    retries: new Map<string, number[]>(),
    hasEnded: false,
    offsetMinutes: undefined,
    submissions: [],
  }
  let first: number | undefined
  for await (const event of readLog(place.source, place.path)) {
    if (event.kind === 'gap') {
      gaps.add(event)
      continue
    }
    first ??= event.at
    readEvent(reading, event)
  }
  const { record, run } = reading
  if (record.runName === undefined && record.sessionId === undefined) return undefined
  closeReading(reading)
  const pipeline = pipelines.add(record)
  const written = await place.source.stat(place.path)
  pipeline.submissions ??= reading.submissions
  if (reading.offsetMinutes !== undefined) pipeline.logOffsetMinutes = reading.offsetMinutes
  if (first !== undefined && written !== undefined) pipeline.startHintMs = toLogTime(first, written.modifiedMs)
  for (const [hash, task] of run.logged) pipeline.logged.set(hash, task)
  pipeline.stored.push(...run.stored)
  pipeline.foreign.push(...run.foreign)
  pipeline.targets.push(...run.targets)
  if (run.abortCause !== undefined) pipeline.abortCause = run.abortCause
  return pipeline
}

function readEvent(reading: LogReading, event: LogEvent): void {
  const { record, run } = reading
  switch (event.event) {
    case 'task':
    case 'task-end':
    case 'note':
    case 'task-error':
      readTaskEvent(reading, event)
      break
    case 'foreign-file':
      run.foreign.push({ url: event.url, path: event.path })
      break
    case 'published':
      run.targets.push(event.target)
      break
    case 'aborted':
      run.abortCause = event.cause
      reading.hasEnded = true
      break
    case 'cancelled':
      record.end = 'failed'
      break
    case 'stats':
      record.end ??= endOf(event.counts)
      break
    case 'goodbye':
      reading.hasEnded = true
      break
    default:
      readRunEvent(record, event)
  }
}

function readRunEvent(record: RunRecord, event: LogEvent): void {
  switch (event.event) {
    case 'command':
      record.commandLine ??= event.text
      break
    case 'version':
      record.engineVersion ??= event.version
      break
    case 'launch':
      record.project = event.project
      record.runName = event.runName
      if (event.revision !== undefined) record.revision = event.revision
      break
    case 'session':
      record.sessionId = event.sessionId
      break
    case 'run-name':
      record.runName = event.runName
      break
    case 'error':
      record.errorMessage ??= event.text.slice(0, MOST_ERROR_CHARACTERS)
      break
    default:
      readPlaceEvent(record, event)
  }
}

/** Machine, folders and files of the run. */
function readPlaceEvent(record: RunRecord, event: LogEvent): void {
  switch (event.event) {
    case 'build':
      if (event.utcOffsetMinutes !== undefined) record.utcOffsetMinutes = event.utcOffsetMinutes
      if (event.host !== undefined) record.host = event.host
      if (event.build !== undefined) record.engineBuild = event.build
      break
    case 'work-dir':
      record.workDir = event.path
      break
    case 'config-file':
      record.configFiles = [...new Set([...(record.configFiles ?? []), event.path])]
      break
    case 'profile':
      record.profile = event.name
      break
    case 'trace-file':
      record.traceFile = event.path
      break
    case 'scripts': {
      const main = findMainScript(event.paths, record.project)
      if (main !== undefined) record.scriptFile ??= main
      break
    }
    default:
  }
}

function readTaskEvent(
  reading: LogReading,
  event: Extract<LogEvent, { event: 'task' | 'task-end' | 'note' | 'task-error' }>,
): void {
  const { logged, stored } = reading.run
  if (event.event === 'task') {
    if (event.hash === undefined) stored.push(event.name)
    else {
      const attempt = event.what === 'resubmitted' ? nextAttempt(reading, event.name) : undefined
      const state = event.what === 'cached' ? 'cached' : 'submitted'
      const { at, hash } = event
      if (at !== undefined && state === 'submitted' && reading.submissions.length < MOST_SUBMISSIONS)
        reading.submissions.push({ hash, at })
      logged.set(event.hash, { name: event.name, state, ...(attempt === undefined ? {} : { attempt }) })
    }
  } else if (event.event === 'task-end') readTaskEnd(reading, event)
  else if (event.event === 'note') {
    const task = logged.get(event.hash)
    if (task === undefined || event.action === undefined) return
    task.status = 'FAILED'
    task.errorAction = event.action === 'retried' ? 'RETRY' : 'IGNORE'
    if (event.retry !== undefined && task.name !== undefined) {
      reading.retries.set(task.name, [...(reading.retries.get(task.name) ?? []), event.retry])
    }
  } else {
    const hash = /\/([0-9a-f]{2})\/([0-9a-f]{6})[0-9a-f]{24}\/?$/.exec(event.workDir ?? '')
    const task = hash === null ? undefined : logged.get(`${hash[1] ?? ''}/${hash[2] ?? ''}`)
    if (task !== undefined) task.status = 'FAILED'
    reading.record.errorMessage ??= event.text.slice(0, MOST_ERROR_CHARACTERS)
  }
}

function readTaskEnd(reading: LogReading, event: Extract<LogEvent, { event: 'task-end' }>): void {
  if (event.at !== undefined && event.exitedMs !== undefined) {
    reading.offsetMinutes ??= quarterMinutes(toLogTime(event.at, event.exitedMs) - event.exitedMs, NOTICE_MS)
  }
  if (event.fullHash === undefined) return
  const hash = shortHash(event.fullHash)
  const task = reading.run.logged.get(hash) ?? { state: 'ended' as const }
  const failed = (event.exit !== undefined && event.exit !== 0) || event.error !== undefined
  reading.run.logged.set(hash, {
    ...task,
    name: task.name ?? event.name,
    fullHash: event.fullHash,
    state: 'ended',
    status: task.status ?? (event.status === 'COMPLETED' ? (failed ? 'FAILED' : 'COMPLETED') : event.status),
    ...(event.exit === undefined ? {} : { exit: event.exit }),
    ...(event.workDir === undefined ? {} : { workDir: event.workDir }),
    ...(event.startedMs === undefined ? {} : { startMs: event.startedMs }),
    ...(event.exitedMs === undefined ? {} : { completeMs: event.exitedMs }),
  })
}

/** The attempt that follows a retry note of that name; names repeat, so only when all notes agree. */
function nextAttempt(reading: LogReading, name: string): number | undefined {
  const waiting = reading.retries.get(name) ?? []
  const retry = waiting.shift()
  return retry !== undefined && waiting.every((other) => other === retry) ? retry + 1 : undefined
}

/** Failures that were neither retried nor ignored end the run. */
function endOf(counts: Readonly<Record<string, number>>): 'succeeded' | 'failed' {
  const { failed = 0, ignored = 0, retries = 0, aborted = 0 } = counts
  return failed > ignored + retries || aborted > 0 ? 'failed' : 'succeeded'
}

/** Tasks that had no end when the session was aborted were killed with it. */
function closeReading({ run, record, hasEnded }: LogReading): void {
  if (run.abortCause === undefined) return
  record.end = 'failed'
  for (const task of run.logged.values()) if (hasEnded && task.state === 'submitted') task.status ??= 'ABORTED'
}
