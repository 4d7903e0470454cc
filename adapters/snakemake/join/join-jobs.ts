import type { Workdir, Job, JobOutcome } from '../workdir.ts'
import { byCodePoint } from '../store/group.ts'
import type { RecordedJob } from '../store/group.ts'
import { hasNoEnd, lastToRun, settleJobs } from './execution-outcome.ts'
import { judgeGroups } from './group-verdict.ts'
import { jobTimes } from './job-times.ts'
import { matchRecords } from './match.ts'
import type { Matched } from './match.ts'
import { findProofs, recordsSuccess } from './proof.ts'
import type { Proofs } from './proof.ts'
import type { TracedJob } from './traced-jobs.ts'
import { traceJobs } from './traced-jobs.ts'
import { NO_NOTES } from '../log/names.ts'

export interface Joined {
  /** In the order of executions, and in each as its log tells them; then those of no known execution, by their end. */
  readonly jobs: readonly Job[]
  /** Wall clock minus UTC, an execution each; `undefined` = the zone is not known. */
  readonly offsets: readonly (number | undefined)[]
  /** Jobs whose names could not be told apart. */
  readonly unclear: readonly TracedJob[]
}

/** Puts what records, logs and live events tell about one job together. */
export async function joinJobs(
  workdir: Workdir,
  timezone: string | undefined,
  exists: (output: string) => Promise<boolean>,
): Promise<Joined> {
  const traced = await traceJobs(workdir, exists)
  await judgeGroups(traced, exists)
  const last = lastToRun(workdir.executions)
  workdir.executions.forEach((execution, at) => {
    settleJobs(execution, at >= last)
  })
  const matched = matchRecords(workdir, traced, timezone)
  const proofs = await prove(workdir, matched, exists)
  const builder = new JobBuilder(workdir, matched, proofs)
  const untraced = [...matched.untraced].sort((a, b) => compareRecorded(a.recorded, b.recorded))
  const jobs: Job[] = []
  workdir.executions.forEach((_, at) => {
    for (const job of traced) if (job.executionIndex === at && isJob(job)) jobs.push(builder.fromTrace(job))
    for (const job of untraced) if (job.executionIndex === at) jobs.push(builder.fromRecord(job.recorded, at))
  })
  for (const job of untraced) if (job.executionIndex === undefined) jobs.push(builder.fromRecord(job.recorded))
  const unclear = traced.filter((job) => job.recorded.length === 0 && !(job.inputs.certain && job.outputs.certain))
  return { jobs, offsets: matched.offsets, unclear }
}

function compareRecorded(a: RecordedJob, b: RecordedJob): number {
  return (a.endMs ?? 0) - (b.endMs ?? 0) || byCodePoint(a.outputs[0] ?? '', b.outputs[0] ?? '')
}

/** Target rules make nothing and run nothing; a job without outputs counts when something shows that it acted. */
function isJob({ trace, outputs, recorded }: TracedJob): boolean {
  if (recorded.length > 0 || outputs.names.length > 0) return trace.rule !== undefined || recorded.length > 0
  return trace.rule !== undefined && (trace.acted || trace.messageOnly)
}

async function prove(
  workdir: Workdir,
  matched: Matched,
  exists: (output: string) => Promise<boolean>,
): Promise<Proofs> {
  const doubtful: RecordedJob[] = []
  const certain: { inputs: readonly string[]; endMs?: number }[] = []
  const sort = (recorded: RecordedJob, ended: boolean): void => {
    const end = recorded.endMs === undefined ? {} : { endMs: recorded.endMs }
    if (ended || recordsSuccess(recorded)) certain.push({ inputs: recorded.record.inputs, ...end })
    else doubtful.push(recorded)
  }
  for (const { recorded, trace } of matched.traced) {
    if (trace.status === 'finished') for (const job of recorded) sort(job, true)
    else if (hasNoEnd(trace)) for (const job of recorded) sort(job, false)
  }
  for (const { recorded } of matched.untraced) sort(recorded, false)
  return findProofs(workdir, doubtful, certain, exists)
}

class JobBuilder {
  readonly #workdir: Workdir
  readonly #matched: Matched
  readonly #proofs: Proofs

  constructor(workdir: Workdir, matched: Matched, proofs: Proofs) {
    this.#workdir = workdir
    this.#matched = matched
    this.#proofs = proofs
  }

  fromTrace(job: TracedJob): Job {
    const { trace, executionIndex } = job
    const recorded = mergeRecorded(job.recorded)
    const logged = job.outputs.certain ? job.outputs.names : []
    const outputs = [...new Set([...(recorded?.outputs ?? []), ...logged])].sort(byCodePoint)
    const outcome = this.#tracedOutcome(job, recorded, outputs)
    const times = jobTimes(trace, recorded, this.#matched.offsets[executionIndex], undefined)
    return {
      rule: trace.rule ?? recorded?.record.rule ?? '',
      executionIndex,
      trace,
      ...(recorded === undefined ? {} : { recorded }),
      inputs: recorded?.record.inputs ?? (job.inputs.certain ? job.inputs.names : []),
      outputs,
      inputNotes: job.inputs.notes,
      outputNotes: job.outputs.notes,
      outcome,
      produced: outcome === 'succeeded' ? outputs : [],
      attempt: trace.attempt,
      ...times,
    }
  }

  #tracedOutcome({ trace }: TracedJob, recorded: RecordedJob | undefined, outputs: readonly string[]): JobOutcome {
    if (trace.status === 'finished') return 'succeeded'
    if (trace.status === 'touched') return 'skipped'
    const told = trace.status === 'open' ? 'unknown' : trace.status
    if (!hasNoEnd(trace) || recorded === undefined) return told
    const whole = recordsSuccess(recorded) || outputs.every((name) => this.#proofs.wasWritten(name, recorded))
    return whole ? 'succeeded' : told
  }

  fromRecord(recorded: RecordedJob, executionIndex?: number): Job {
    const { outputs, record } = recorded
    const execution = executionIndex === undefined ? undefined : this.#workdir.executions[executionIndex]
    const wellEnded = execution?.closed === true && !execution.failed
    const certain = wellEnded || recordsSuccess(recorded)
    const produced = certain ? outputs : outputs.filter((name) => this.#proofs.wasWritten(name, recorded))
    const offset = executionIndex === undefined ? undefined : this.#matched.offsets[executionIndex]
    const begun = execution?.startMs === undefined || offset === undefined ? undefined : execution.startMs - offset
    return {
      rule: record.rule,
      ...(executionIndex === undefined ? {} : { executionIndex }),
      recorded,
      inputs: record.inputs,
      outputs,
      inputNotes: NO_NOTES,
      outputNotes: NO_NOTES,
      outcome: produced.length === outputs.length ? 'succeeded' : 'unknown',
      produced,
      attempt: 1,
      ...jobTimes(undefined, recorded, offset, begun),
    }
  }
}

/** Records of one job that ended apart (a stored and a local output) as one. */
function mergeRecorded(parts: readonly RecordedJob[]): RecordedJob | undefined {
  const last = [...parts].sort(compareRecorded).at(-1)
  if (last === undefined || parts.length === 1) return last
  const starts = parts.flatMap((part) => part.startMs ?? [])
  return {
    ...last,
    outputs: [...new Set(parts.flatMap((part) => part.outputs))].sort(byCodePoint),
    ...(starts.length === 0 ? {} : { startMs: Math.min(...starts) }),
  }
}
