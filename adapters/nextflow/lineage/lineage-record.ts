import type { LineageRef } from './lid.ts'

/**
 * The engine's checksum: over path, size and time of change, not over the content. `mode` is what the engine calls it;
 * it never says more than `scope: 'engine'`.
 */
export interface LineageDigest {
  readonly algorithm: 'nextflow'
  readonly value: string
  readonly scope: 'engine'
}

/** A file that a record names, with its checksum where the record has one. */
export interface LineageFile {
  readonly ref: LineageRef
  readonly digest?: LineageDigest
}

/** An input or output. `files` are all files in its value; `value` is the value as JSON. */
export interface LineageParameter {
  /** `path`, `val`, `env`, `stdin`, `stdout`, `each`, `eval`; of a run's parameter a Java class name. */
  readonly type: string
  /** Absent for the parts of tuples. */
  readonly name?: string
  readonly value: unknown
  readonly files: readonly LineageFile[]
}

interface RecordPlace {
  readonly kind: 'lineage'
  /** The record's own file. */
  readonly place: string
  /** Task hash, or the hash of the run record. */
  readonly key: string
}

export interface LineageRun extends RecordPlace {
  readonly record: 'run'
  readonly sessionId?: string
  readonly runName?: string
  /** The main script first. */
  readonly scripts: readonly LineageFile[]
  readonly repository?: string
  readonly commitId?: string
  /** Only those that were set before the script ran. */
  readonly params: Readonly<Record<string, unknown>>
  /** Of the resolved configuration. */
  readonly workDir?: string
  readonly outputDir?: string
  /** Since 26.04: start, commandLine, launchDir, nextflow … as the engine wrote them. */
  readonly metadata?: Readonly<Record<string, unknown>>
}

/** A task as executed; failed attempts have records too, cached ones none of their own. */
export interface LineageTask extends RecordPlace {
  readonly record: 'task'
  readonly sessionId?: string
  readonly name?: string
  readonly script?: string
  readonly codeDigest?: LineageDigest
  readonly inputs: readonly LineageParameter[]
  readonly binaries: readonly LineageFile[]
  readonly container?: string
  readonly conda?: string
  readonly spack?: string
  readonly moduleId?: string
  /** Key of the run that executed it first. */
  readonly runKey?: string
}

export interface LineageOutputs extends RecordPlace {
  readonly record: 'task-output' | 'run-output'
  readonly runKey?: string
  readonly createdMs?: number
  /** A failed task has null among them. */
  readonly outputs: readonly LineageParameter[]
}

export interface LineageFileOutput extends RecordPlace {
  readonly record: 'file'
  /** Below the task or output folder. */
  readonly relative: string
  readonly path: string
  readonly digest?: LineageDigest
  /** What it was copied from (published), or the task that made it. Absent: a collected file, or not known. */
  readonly source?: LineageRef
  readonly runKey?: string
  /** Absent for published files. */
  readonly taskKey?: string
  readonly sizeBytes?: number
  readonly createdMs?: number
  readonly modifiedMs?: number
  readonly labels: readonly string[]
}

/** A line of the store's own history. */
export interface LineageHistory {
  readonly kind: 'lineage'
  readonly record: 'history'
  readonly place: string
  readonly key?: string
  readonly runName: string
  readonly sessionId: string
  /** When `timesAreLocal`, wall-clock time counted as UTC: the zone is an abbreviation (CST, IST) and ambiguous. */
  readonly startMs?: number
  readonly timesAreLocal: boolean
  readonly zoneAbbreviation?: string
}

export type LineageRecord = LineageRun | LineageTask | LineageOutputs | LineageFileOutput | LineageHistory
