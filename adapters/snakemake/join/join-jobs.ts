import type { SqliteFile } from '../../../core/adapter.ts'
import { NO_NOTES } from '../log/names.ts'
import type { Found } from '../map/disk.ts'
import { byCodePoint } from '../store/group.ts'
import { recordsSuccess } from '../store/recorded-job.ts'
import type { JobOutline, RecordedJob } from '../store/recorded-job.ts'
import type { WITH_CHECKSUMS } from '../store/recorded-jobs.ts'
import type { Job, JobOutcome, Workdir } from '../workdir.ts'
import { hasNoEnd, lastToRun, settleJobs } from './execution-outcome.ts'
import { judgeGroups } from './group-verdict.ts'
import { jobTimes } from './job-times.ts'
import { matchRecords } from './match.ts'
import { findProofs } from './proof.ts'
import type { Proofs } from './proof.ts'
import { judgeTouches } from './touch-verdict.ts'
import type { TracedJob } from './traced-jobs.ts'
import { traceJobs } from './traced-jobs.ts'

export interface Joined {
  /**
   * The jobs of an execution: first as its log tells them, then those that only records know, by their end; of no known
   * execution the latter alone. Made anew each time, the same. `only`: of the latter.
   */
  jobsOf(executionIndex: number | undefined, only?: typeof WITH_CHECKSUMS): Iterable<Job>
  /** Wall clock minus UTC, an execution each; `undefined` = the zone is not known. */
  readonly offsets: readonly (number | undefined)[]
  /** Jobs whose names could not be told apart. */
  readonly unclear: readonly TracedJob[]
  /** Executions that turned out to be `--touch`, by what lies there. */
  readonly touched: readonly number[]
}

/**
 * Puts what records, logs and live events tell about one job together.
 *
 * @param scratch a private database for what outgrows memory
 */
export async function joinJobs(
  workdir: Workdir,
  scratch: SqliteFile,
  timezone: string | undefined,
  look: (name: string) => Promise<Found | undefined>,
): Promise<Joined> {
  const exists = async (name: string): Promise<boolean> => (await look(name)) !== undefined
  const traced = await traceJobs(workdir, scratch, exists)
  await judgeGroups(traced, exists)
  const last = lastToRun(workdir.executions)
  workdir.executions.forEach((execution, at) => {
    settleJobs(execution, at >= last)
  })
  const offsets = matchRecords(workdir, traced, timezone)
  const byExecution = workdir.executions.map((): NumberedJob[] => [])
  for (const [id, job] of traced.entries()) byExecution[job.executionIndex]?.push({ id, job })
  const jobsIn = (at: number): TracedJob[] => (byExecution[at] ?? []).map(({ job }) => job)
  const touched = await judgeTouches(workdir.executions, workdir.recorded, jobsIn, offsets, look)
  const builder = new JobBuilder(workdir, offsets, await findProofs(workdir, scratch, exists))
  function* jobsOf(at: number | undefined, only?: typeof WITH_CHECKSUMS): Iterable<Job> {
    const logged = at === undefined ? [] : (byExecution[at] ?? [])
    for (const { id, job } of logged) if (isJob(job)) yield builder.fromTrace(id, job)
    for (const recorded of workdir.recorded.placedIn(at, only)) {
      yield builder.fromRecord(traced.length + recorded.outline.id, recorded, at)
    }
  }
  const unclear = traced.filter((job) => job.recorded.length === 0 && !(job.inputs.certain && job.outputs.certain))
  return { jobsOf, offsets, unclear, touched }
}

interface NumberedJob {
  readonly id: number
  readonly job: TracedJob
}

function compareOutlines(a: JobOutline, b: JobOutline): number {
  return (a.endMs ?? 0) - (b.endMs ?? 0) || byCodePoint(a.outputs[0] ?? '', b.outputs[0] ?? '')
}

/** Target rules make nothing and run nothing; a job without outputs counts when something shows that it acted. */
function isJob({ trace, outputs, recorded }: TracedJob): boolean {
  if (recorded.length > 0 || outputs.names.length > 0) return trace.rule !== undefined || recorded.length > 0
  return trace.rule !== undefined && (trace.acted || trace.messageOnly)
}

class JobBuilder {
  readonly #workdir: Workdir
  readonly #offsets: readonly (number | undefined)[]
  readonly #proofs: Proofs

  constructor(workdir: Workdir, offsets: readonly (number | undefined)[], proofs: Proofs) {
    this.#workdir = workdir
    this.#offsets = offsets
    this.#proofs = proofs
  }

  fromTrace(id: number, job: TracedJob): Job {
    const { trace, executionIndex } = job
    const recorded = mergeRecorded(job.recorded.map((number) => this.#workdir.recorded.get(number)))
    const logged = job.outputs.certain ? job.outputs.names : []
    const outputs = [...new Set([...(recorded?.outline.outputs ?? []), ...logged])].sort(byCodePoint)
    const outcome = this.#tracedOutcome(job, recorded, outputs)
    const times = jobTimes(trace, recorded?.outline, this.#offsets[executionIndex], undefined)
    return {
      id,
      rule: trace.rule ?? recorded?.outline.rule ?? '',
      executionIndex,
      trace,
      ...(recorded === undefined ? {} : { recorded }),
      inputs: recorded?.inputs ?? (job.inputs.certain ? job.inputs.names : []),
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
    const isWritten = (name: string): boolean =>
      recorded.outline.outputs.includes(name) && this.#proofs.wasWritten(name)
    const whole = recordsSuccess(recorded.outline) || outputs.every(isWritten)
    return whole ? 'succeeded' : told
  }

  fromRecord(id: number, recorded: RecordedJob, executionIndex: number | undefined): Job {
    const { outline } = recorded
    const { outputs, rule } = outline
    const execution = executionIndex === undefined ? undefined : this.#workdir.executions[executionIndex]
    const wellEnded = execution?.closed === true && !execution.failed
    const certain = wellEnded || recordsSuccess(outline)
    const produced = certain ? outputs : outputs.filter((name) => this.#proofs.wasWritten(name))
    const offset = executionIndex === undefined ? undefined : this.#offsets[executionIndex]
    const begun = execution?.startMs === undefined || offset === undefined ? undefined : execution.startMs - offset
    return {
      id,
      rule,
      ...(executionIndex === undefined ? {} : { executionIndex }),
      recorded,
      inputs: recorded.inputs,
      outputs,
      inputNotes: NO_NOTES,
      outputNotes: NO_NOTES,
      outcome: produced.length === outputs.length ? 'succeeded' : 'unknown',
      produced,
      attempt: 1,
      ...jobTimes(undefined, outline, offset, begun),
    }
  }
}

/** Records of one job that ended apart (a stored and a local output) as one. */
function mergeRecorded(parts: readonly RecordedJob[]): RecordedJob | undefined {
  const last = [...parts].sort((a, b) => compareOutlines(a.outline, b.outline)).at(-1)
  if (last === undefined || parts.length === 1) return last
  const starts = parts.flatMap(({ outline }) => outline.startMs ?? [])
  const outputs = [...new Set(parts.flatMap(({ outline }) => outline.outputs))].sort(byCodePoint)
  return last.with({ outputs, ...(starts.length === 0 ? {} : { startMs: Math.min(...starts) }) })
}
