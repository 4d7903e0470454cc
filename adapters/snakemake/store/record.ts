/** What is the same in all records of one job, beside its rule and what it read. */
export interface JobDetails {
  readonly logs: readonly string[]
  /** Python `repr`s, sorted, names lost. */
  readonly params: readonly string[]
  readonly shellcmd?: string
  readonly code?: string
  readonly condaEnv?: string
  readonly container?: string
  readonly stackHash?: string
  /** Python's hash of the job object: equal within one process only. Text, since old ones exceed a double. */
  readonly jobHash?: string
}

/** What Snakemake wrote down about one output file. Paths are as it wrote them: mostly relative to the working directory. */
export interface OutputRecord extends JobDetails {
  readonly target: string
  readonly rule: string
  /** `record_format_version`; 0 before 8.23. */
  readonly format: number
  /** Sorted; the declared order and names are lost. */
  readonly inputs: readonly string[]
  readonly startMs?: number
  readonly endMs?: number
  readonly checksums: readonly InputChecksum[]
  /** When the record's file was written; unknown in a database. */
  readonly writtenMs?: number
}

export interface InputChecksum {
  readonly path: string
  readonly algorithm: string
  readonly value: string
}

/** An output that a job has begun and not ended, as far as the store knows. */
export interface IncompleteOutput {
  readonly target: string
  readonly externalJobId?: string
  readonly startMs?: number
}

/** What reading a store gives, one after another. */
export type StoreItem =
  | { readonly kind: 'record'; readonly record: OutputRecord }
  | { readonly kind: 'incomplete'; readonly output: IncompleteOutput }
  | { readonly kind: 'lock'; readonly path: string }
  | { readonly kind: 'damaged'; readonly place: string; readonly message: string }
