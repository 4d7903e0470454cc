import type { Execution, TraceJob } from './log/execution.ts'
import type { IncompleteOutput } from './store/record.ts'
import type { RecordedJob } from './store/recorded-job.ts'
import type { RecordedJobs } from './store/recorded-jobs.ts'

/** Everything that one working directory holds about its past. */
export interface Workdir {
  /** Where its `.snakemake` lies in the source: `''` or a path below its root. */
  readonly folder: string
  /** Where the logs lie: above `folder` when the Snakefile itself goes to another folder (`workdir:`). */
  readonly logFolder: string
  /** Oldest first. */
  readonly executions: readonly Execution[]
  readonly recorded: RecordedJobs
  readonly incomplete: readonly IncompleteOutput[]
  /** A running Snakemake, or one that died, holds locks. */
  readonly locked: boolean
  /** The absolute path that a shared database knows the folder by. */
  readonly namespace?: string
}

/** A job with all that was found about it. */
export interface Job {
  /** Tells it from all others of the working directory; the same whenever the jobs are gone through. */
  readonly id: number
  readonly rule: string
  /** Place in `executions`; absent: no log speaks of the job. */
  readonly executionIndex?: number
  readonly trace?: TraceJob
  readonly recorded?: RecordedJob
  /** As Snakemake wrote them. */
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** What a log or the events add to a name: `pipe`, `before update`. */
  readonly inputNotes: ReadonlyMap<string, readonly string[]>
  readonly outputNotes: ReadonlyMap<string, readonly string[]>
  readonly outcome: JobOutcome
  /** The outputs that it is known to have written. */
  readonly produced: readonly string[]
  readonly attempt: number
  readonly startMs?: number
  readonly endMs?: number
}

export type JobOutcome = 'succeeded' | 'failed' | 'skipped' | 'cancelled' | 'aborted' | 'running' | 'unknown' | 'cached'
