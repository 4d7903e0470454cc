/** Where and when a line of `.nextflow.log` was written. */
interface LogPlace {
  readonly kind: 'log'
  readonly line: number
  /** Local time without a year: milliseconds into a leap year. `toLogTime` finds the year. */
  readonly at?: number
}

/** What a line of `.nextflow.log` tells. */
export type LogEvent = LogPlace & LogFact

/** An event without its place. */
export type LogFact =
  /** Exactly as typed; may hold secrets. */
  | { readonly event: 'command'; readonly text: string }
  | { readonly event: 'version'; readonly version: string }
  | { readonly event: 'launch'; readonly project: string; readonly runName: string; readonly revision?: string }
  | { readonly event: 'session'; readonly sessionId: string }
  | { readonly event: 'run-name'; readonly runName: string }
  | LogBuild
  | { readonly event: 'work-dir'; readonly path: string }
  | { readonly event: 'config-file'; readonly path: string }
  | { readonly event: 'profile'; readonly name: string }
  | { readonly event: 'trace-file'; readonly path: string }
  | { readonly event: 'scripts'; readonly paths: readonly string[] }
  | { readonly event: 'process-names'; readonly names: readonly string[] }
  /** `stored` = left out because its results lie in a store folder; it has no hash. */
  | {
      readonly event: 'task'
      readonly what: 'submitted' | 'resubmitted' | 'cached' | 'stored'
      readonly hash?: string
      readonly name: string
    }
  | LogTaskEnd
  /** The engine's note on a failed attempt. `retry` counts from 1. */
  | {
      readonly event: 'note'
      readonly hash: string
      readonly text: string
      readonly action?: 'retried' | 'ignored'
      readonly retry?: number
    }
  | {
      readonly event: 'task-error'
      readonly name: string
      readonly cause?: string
      readonly workDir?: string
      readonly text: string
    }
  /** A remote input and where its local copy was staged. */
  | { readonly event: 'foreign-file'; readonly url: string; readonly path: string }
  /** A file that the engine published there; which task it came from is not said. */
  | { readonly event: 'published'; readonly target: string }
  | { readonly event: 'publish-failed'; readonly from: string; readonly target: string; readonly mode?: string }
  /** A record of the lineage store was written: `<store>/<key>/.data.json`. */
  | { readonly event: 'lineage-record'; readonly path: string }
  /** Parameters that differ from the defaults, as nf-core pipelines print them (text only). */
  | { readonly event: 'parameters'; readonly values: Readonly<Record<string, string>> }
  | { readonly event: 'aborted'; readonly cause: string }
  | { readonly event: 'cancelled' }
  | { readonly event: 'error'; readonly text: string }
  | { readonly event: 'stats'; readonly counts: Readonly<Record<string, number>> }
  | { readonly event: 'goodbye' }

/** The block on engine and machine. */
export interface LogBuild {
  readonly event: 'build'
  readonly version?: string
  readonly build?: string
  readonly processId?: number
  readonly host?: string
  /**
   * The engine's build time in UTC and, where it reads otherwise, in the zone of the launching machine: the offset holds
   * for that day, which may have had another summer time than the run.
   */
  readonly utcOffsetMinutes?: number
  /** `UTC`, `CET`, `ICST`: ambiguous, as abbreviations are. */
  readonly zoneAbbreviation?: string
}

/** A task's end as its handler saw it. */
export interface LogTaskEnd {
  readonly event: 'task-end'
  readonly taskId?: string
  readonly jobId?: string
  readonly name: string
  readonly status: string
  readonly exit?: number
  readonly error?: string
  readonly workDir?: string
  readonly fullHash?: string
  readonly startedMs?: number
  readonly exitedMs?: number
}
