import { recordsSuccess } from '../store/recorded-job.ts'
import type { JobOutline } from '../store/recorded-job.ts'
import { UNLOGGED } from '../store/recorded-jobs.ts'
import type { Standing } from '../store/recorded-jobs.ts'
import type { Workdir } from '../workdir.ts'
import { hasNoEnd } from './execution-outcome.ts'
import type { TracedJob } from './traced-jobs.ts'
import { findSkews } from './skew.ts'
import { findOffsets } from './zone.ts'

/** Logs show whole seconds, some file systems keep no more. */
const SLACK_MS = 1100
/** Objects in a store carry the time of their upload. */
const UPLOAD_MS = 60_000

const SCHEME = /^[a-z][a-z0-9+.-]+:\/\//i

/**
 * Finds for every recorded job the block of the log that speaks of it: same rule, same output, and the record's time
 * within it. Those of which no block speaks are placed in the execution in whose time they ended, if one is known.
 *
 * @returns wall clock minus UTC, an execution each
 */
export function matchRecords(
  workdir: Workdir,
  traced: readonly TracedJob[],
  timezone?: string,
): readonly (number | undefined)[] {
  const { recorded } = workdir
  if (workdir.executions.length === 0) return []
  const candidates = findCandidates(traced)
  const offsets = findOffsets(workdir, candidates, timezone)
  const clock = new Clock(workdir, offsets, findSkews(workdir, offsets, candidates))
  const give = (outline: JobOutline, job: TracedJob): void => {
    job.recorded.push(outline.id)
    recorded.place(outline.id, 'logged', standingOf(outline, job))
  }
  let isAnyLeft = false
  for (const outline of recorded.outlines()) {
    const job = clock.choose(outline, candidates(outline))
    if (job !== undefined) give(outline, job)
    else {
      isAnyLeft = true
      const at = clock.executionAt(outline.endMs)
      if (at !== undefined) recorded.place(outline.id, at, standingOf(outline))
    }
  }
  const messages = new MessageJobs(traced, clock)
  if (!isAnyLeft || messages.isNone) return offsets
  for (const outline of recorded.outlines(UNLOGGED)) {
    const job = messages.find(outline)
    if (job !== undefined) give(outline, job)
  }
  return offsets
}

function findCandidates(traced: readonly TracedJob[]): (outline: JobOutline) => readonly TracedJob[] {
  const byOutput = new Map<string, TracedJob[]>()
  for (const job of traced) {
    for (const output of job.outputs.names) {
      const found = byOutput.get(output)
      if (found === undefined) byOutput.set(output, [job])
      else found.push(job)
    }
  }
  return ({ outputs, rule }) => {
    if (byOutput.size === 0) return []
    const found = outputs.flatMap((output) => byOutput.get(output) ?? [])
    return [...new Set(found)].filter(({ trace }) => trace.rule === rule)
  }
}

/** What a job's own end shows of it: nothing when its log says that it did not end well. */
function standingOf(outline: JobOutline, job?: TracedJob): Standing | undefined {
  if (job?.trace.status === 'finished') return 'certain'
  if (job !== undefined && !hasNoEnd(job.trace)) return undefined
  return recordsSuccess(outline) ? 'certain' : 'doubtful'
}

/** Times of logs as UTC. */
class Clock {
  readonly #workdir: Workdir
  readonly #offsets: readonly (number | undefined)[]
  /** How far the clock of the files runs ahead, an execution each. */
  readonly #skews: readonly number[]

  constructor(workdir: Workdir, offsets: readonly (number | undefined)[], skews: readonly number[]) {
    this.#workdir = workdir
    this.#offsets = offsets
    this.#skews = skews
  }

  /** A log's time as the files' clock shows it. */
  utc(executionIndex: number, ms: number | undefined): number | undefined {
    const offset = this.#offsets[executionIndex]
    return ms === undefined || offset === undefined ? undefined : ms - offset + (this.#skews[executionIndex] ?? 0)
  }

  choose(recorded: JobOutline, candidates: readonly TracedJob[]): TracedJob | undefined {
    const { endMs } = recorded
    if (endMs === undefined) return candidates.at(-1)
    const fitting = candidates.filter((job) => this.#distance(job, endMs) === 0)
    // Of several tries within one second the last one wrote the record.
    if (fitting.length > 0) return fitting.at(-1)
    const unknown = candidates.filter(({ executionIndex }) => this.#offsets[executionIndex] === undefined)
    if (unknown.length > 0) return unknown.at(-1)
    if (!recorded.outputs.some((output) => SCHEME.test(output))) return undefined
    return candidates.findLast((job) => this.#distance(job, endMs) < UPLOAD_MS)
  }

  /** How far the record's time lies outside the job's; 0 = within it. */
  #distance(job: TracedJob, endMs: number): number {
    const execution = this.#workdir.executions[job.executionIndex]
    const start = this.utc(job.executionIndex, job.trace.startMs)
    const end = this.utc(
      job.executionIndex,
      job.trace.endMs ?? (job.trace.status === 'open' ? execution?.lastMs : undefined),
    )
    if (start === undefined) return Number.POSITIVE_INFINITY
    const early = start - SLACK_MS - endMs
    const late = end === undefined ? 0 : endMs - end - SLACK_MS
    return Math.max(0, early, late)
  }

  /** The execution in whose time it ended. Two executions never overlap in one folder: Snakemake locks it. */
  executionAt(endMs: number | undefined): number | undefined {
    if (endMs === undefined) return undefined
    const started = (at: number): number | undefined => this.utc(at, this.#workdir.executions[at]?.startMs)
    const at = this.#workdir.executions.findLastIndex((_, at) => (started(at) ?? Infinity) <= endMs + SLACK_MS)
    const execution = this.#workdir.executions[at]
    if (execution === undefined) return undefined
    const last = this.utc(at, execution.lastMs)
    const over = execution.closed && last !== undefined && endMs > last + SLACK_MS
    return over ? undefined : at
  }
}

/** Jobs that a log shows by their message alone: 9 and newer name the rule as they end. */
class MessageJobs {
  readonly #jobs: TracedJob[]
  readonly #clock: Clock

  constructor(traced: readonly TracedJob[], clock: Clock) {
    this.#jobs = traced.filter(({ trace }) => trace.messageOnly && trace.rule !== undefined)
    this.#clock = clock
  }

  get isNone(): boolean {
    return this.#jobs.length === 0
  }

  /** The message of its rule that ended with the recorded job, if exactly as many are there as are needed. */
  find({ rule, endMs }: JobOutline): TracedJob | undefined {
    if (endMs === undefined) return undefined
    return this.#jobs.find(({ trace, executionIndex, recorded: taken }) => {
      const start = this.#clock.utc(executionIndex, trace.startMs)
      const end = this.#clock.utc(executionIndex, trace.endMs)
      if (taken.length > 0 || trace.rule !== rule || start === undefined || end === undefined) return false
      return start - SLACK_MS <= endMs && endMs <= end + SLACK_MS
    })
  }
}
