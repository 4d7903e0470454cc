/**
 * What the readers of single leftovers hand to the joining: the engine's own words in native units, every field
 * optional, together with the place that said it. Nothing here is concluded.
 *
 * @module
 */

/** Which kind of leftover a record was read from; better sources first. */
export type RecordSource =
  'cache' | 'report' | 'trace' | 'timeline' | 'weblog' | 'log' | 'lineage' | 'work' | 'history' | 'index'

/** A source file (relative to the source's root) and where in it, for gaps and messages. */
export interface Origin {
  readonly source: RecordSource
  readonly path: string
  /** 1-based line in text files. */
  readonly line?: number
}

/** Something a reader could not read or trust; the mapping turns it into a `gap` fact. */
export interface ReadGap {
  readonly kind: 'gap'
  /** Like `trace.cut-line`. */
  readonly code: string
  /** `path`, `path:line`, or `path@byte`. */
  readonly place: string
  readonly message: string
}

/**
 * One task of one run, as one source tells it. Times are milliseconds since 1970; when `timesAreLocal` they are wall-clock
 * times of an unknown zone, counted as though it were UTC: `toEpochMs` (zone.ts) moves them once the zone is known.
 */
export interface TaskRecord {
  readonly kind: 'task'
  readonly origin: Origin
  /** 1..n within a run, but the cache keeps the id of the run that executed the task: never a key across sources. */
  taskId?: string
  /** `ab/cdef12`. */
  hash?: string
  /** All 32 hex digits, where the source has them (cache, log, work directory path). */
  fullHash?: string
  nativeId?: string
  /** Fully qualified: `WF:SUBWF:PROC`. */
  process?: string
  module?: string
  container?: string
  tag?: string
  name?: string
  status?: string
  exit?: number
  submitMs?: number
  startMs?: number
  completeMs?: number
  timesAreLocal?: boolean
  durationMs?: number
  realtimeMs?: number
  cpuPercent?: number
  memoryPercent?: number
  rssBytes?: number
  vmemBytes?: number
  peakRssBytes?: number
  peakVmemBytes?: number
  readCharBytes?: number
  writeCharBytes?: number
  readBytes?: number
  writeBytes?: number
  /** Read and write system calls. */
  readCalls?: number
  writeCalls?: number
  attempt?: number
  workDir?: string
  script?: string
  scratch?: string
  queue?: string
  cpus?: number
  /** The directive (a limit), in bytes. */
  memoryBytes?: number
  diskBytes?: number
  timeMs?: number
  /** As the engine shows it (masked by itself, imperfectly): it may hold secrets. */
  env?: string
  /** TERMINATE, FINISH, RETRY, IGNORE. */
  errorAction?: string
  voluntarySwitches?: number
  involuntarySwitches?: number
  hostname?: string
  cpuModel?: string
  accelerators?: number
  acceleratorType?: string
  /** Columns that are not the engine's own. */
  extra?: Record<string, string>
}

/** One execution of a pipeline, as one source tells it. */
export interface RunRecord {
  readonly kind: 'run'
  readonly origin: Origin
  /** Session UUID: shared by all runs of a resume chain. */
  sessionId?: string
  /** `silly_euler`. */
  runName?: string
  /** Exactly as typed; may hold secrets. */
  commandLine?: string
  /** `owner/pipeline` or the script's path, as given. */
  project?: string
  /** Absolute path of the main script. */
  scriptFile?: string
  /** 32 hex of the script, or as `scriptId` of the report. */
  scriptId?: string
  scriptName?: string
  repository?: string
  /** Branch, tag or 10 hex digits, as shown. */
  revision?: string
  /** 40 hex (repository) or 32 hex (script) of history and reports. */
  commitId?: string
  engineVersion?: string
  engineBuild?: string
  startMs?: number
  completeMs?: number
  timesAreLocal?: boolean
  durationMs?: number
  /** What the source says of the end, as a word of ours; absent = the source does not say. */
  end?: 'succeeded' | 'failed' | 'aborted'
  /** The source says that the run was never closed: killed, crashed, or still running. */
  open?: boolean
  exitStatus?: number
  errorMessage?: string
  resumed?: boolean
  stubRun?: boolean
  profile?: string
  params?: Record<string, unknown>
  launchDir?: string
  workDir?: string
  projectDir?: string
  homeDir?: string
  outputDir?: string
  configFiles?: string[]
  containerEngine?: string
  container?: string
  userName?: string
  host?: string
  processId?: number
  /** Counts of the report or the log's closing line. */
  counts?: {
    succeeded?: number
    cached?: number
    ignored?: number
    failed?: number
    retries?: number
    aborted?: number
  }
  manifest?: Record<string, unknown>
  /** Where the engine says the trace file was written. */
  traceFile?: string
  /** Minutes east of UTC on the launching machine, where the source proves it. */
  utcOffsetMinutes?: number
}
