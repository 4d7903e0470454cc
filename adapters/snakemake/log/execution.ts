import type { Json } from '../store/python-literal.ts'

/** Names as told: a list, or the text of a log line where ", " may stand between names or inside one. */
export type Names = { readonly names: readonly string[] } | { readonly text: string }

/**
 * `finished`: ended well. `open`: nothing says how it ended. `touched`: declared up to date by `--touch`.
 * `skipped`: a member of a failed group that never ran.
 */
export type TraceStatus = 'open' | 'finished' | 'failed' | 'skipped' | 'running' | 'touched' | 'cancelled' | 'aborted'

/** A job as a log or the live events tell it: one attempt. */
export interface TraceJob {
  /** Snakemake's number of the job, counted anew in every execution. */
  readonly jobId: string
  /** 1 for the first try of the job in this execution. */
  readonly attempt: number
  /** Unknown for a job of which the log shows only its `message:`, until a newer Snakemake names it as it ends. */
  rule?: string
  checkpoint: boolean
  /** The job was shown by its message alone: what it read and wrote is not in the log. */
  messageOnly: boolean
  inputs: Names
  outputs: Names
  logs: Names
  benchmark?: string
  /** The `message:` of its rule; what follows its first line is not kept. */
  message?: string
  reason?: string
  /** `a=1, b=2`, as the log prints them. */
  wildcardsText?: string
  wildcards?: Readonly<Record<string, string>>
  threads?: number
  resources?: Readonly<Record<string, string>>
  /** Jobs of one group share it; a later group of the same name has another. */
  group?: { readonly name: string; readonly number: number }
  externalId?: string
  shell?: string
  /** The log shows that the job had something to execute. */
  acted: boolean
  local: boolean
  /** Told by a live event. */
  isLive?: true
  startMs?: number
  endMs?: number
  status: TraceStatus
  exitCode?: number
  errorText?: string
  /** What only a look into the running workflow can tell: names of inputs, outputs and parameters. */
  slots?: Slots
}

export interface Slots {
  readonly inputs: Readonly<Record<string, readonly string[]>>
  readonly outputs: Readonly<Record<string, readonly string[]>>
  /** JSON values; what is no JSON as Python writes it. */
  readonly params: Readonly<Record<string, Json>>
  readonly unnamedParams: readonly Json[]
}

/** What Snakemake says about itself at the start of a log (9.22 and newer, in part 8) or in its first live event. */
export interface ExecutionHead {
  workflowId?: string
  version?: string
  host?: string
  user?: string
  command?: string
  snakefile?: string
  workDir?: string
  configFiles?: string
}

/** Whether the process of an execution lives on this machine. */
export type ProcessState = 'alive' | 'gone'

/** One call of Snakemake, as its log or its live events tell it. */
export interface Execution {
  /** The log's name without its ending: local start time to the microsecond. */
  readonly stem: string
  readonly head: ExecutionHead
  /** Times of jobs are milliseconds of the local wall clock (`Date.UTC` of what it shows), or of UTC. */
  clock: 'local' | 'utc'
  startMs?: number
  /** Last time that was told. */
  lastMs?: number
  /** The configuration file that the command line changed something of. */
  extendedConfig?: string
  readonly jobs: TraceJob[]
  /** Snakemake said that it was done: it names its log last, unless it could not begin. */
  closed: boolean
  /** The process ended by itself, well or not: only live events tell. */
  ended: boolean
  /** Asked before its events were read: one that is `gone` and has not said that it ended was killed. */
  process?: ProcessState
  /** The log or the events hold anything at all: `--quiet all` leaves an empty log. */
  told: boolean
  failed: boolean
  /** Somebody asked it to stop. */
  cancelled: boolean
  /** `--unlock` and the like: not an execution of the workflow. */
  notRun: boolean
  /** Working directory by the path of the log that it names. */
  logFolder?: string
  errorText?: string
  temporary: Set<string>
  protectedFiles: Set<string>
}

export function newExecution(stem: string, clock: 'local' | 'utc'): Execution {
  return {
    stem,
    head: {},
    clock,
    jobs: [],
    closed: false,
    ended: false,
    told: false,
    failed: false,
    cancelled: false,
    notRun: false,
    temporary: new Set(),
    protectedFiles: new Set(),
  }
}

export function newJob(jobId: string, attempt: number): TraceJob {
  return {
    jobId,
    attempt,
    checkpoint: false,
    messageOnly: false,
    inputs: { names: [] },
    outputs: { names: [] },
    logs: { names: [] },
    acted: false,
    local: false,
    status: 'open',
  }
}
