import type { JobOutput } from './group.ts'
import type { InputChecksum, JobDetails } from './record.ts'

/** From 8.26 on a failed job leaves records that look complete: 5 was written by 8.25.2 to 9.1.4, 6 by later ones. */
export const FORMAT_OF_DOUBT = 5

/** Whether the record alone says that the job ended well. */
export function recordsSuccess({ format }: Pick<JobOutline, 'format'>): boolean {
  return format < FORMAT_OF_DOUBT
}

/** What suffices to find the log's job that it is. */
export interface JobOutline {
  /** The number of its first record. */
  readonly id: number
  readonly rule: string
  readonly format: number
  /** By code point. */
  readonly outputs: readonly string[]
  readonly startMs?: number
  readonly endMs?: number
  /** When the last of its records was written. */
  readonly writtenMs?: number
}

/** A row as the private database gives it back. */
type Row = Readonly<Record<string, string | number | null>>

export function toJobOutput(row: Row): JobOutput {
  const { id, target, started, ended, written, checksums } = row
  return {
    id: Number(id),
    target: String(target),
    ...(typeof started === 'number' ? { startMs: started } : {}),
    ...(typeof ended === 'number' ? { endMs: ended } : {}),
    ...(typeof written === 'number' ? { writtenMs: written } : {}),
    ...(typeof checksums === 'string' ? { checksums } : {}),
  }
}

export function toOutline({ id, rule, format, outputs, started, ended, written }: Row): JobOutline {
  return {
    id: Number(id),
    rule: String(rule),
    format: Number(format),
    outputs: JSON.parse(String(outputs)) as string[], // as it was put in
    ...(typeof started === 'number' ? { startMs: started } : {}),
    ...(typeof ended === 'number' ? { endMs: ended } : {}),
    ...(typeof written === 'number' ? { writtenMs: written } : {}),
  }
}

/** Outputs that one job wrote, as their records tell. What is not asked for is not taken apart. */
export class RecordedJob {
  readonly outline: JobOutline
  readonly #row: Row
  readonly #details: (family: number) => JobDetails
  #inputs: readonly string[] | undefined

  /** @param details finds what is the same in all records of a family */
  constructor(row: Row, details: (family: number) => JobDetails, outline = toOutline(row)) {
    this.outline = outline
    this.#row = row
    this.#details = details
  }

  /** Sorted; the declared order and names are lost. */
  get inputs(): readonly string[] {
    this.#inputs ??= JSON.parse(String(this.#row.inputs)) as string[] // as it was put in
    return this.#inputs
  }

  /** Of its inputs, as the last of its records tells. */
  get checksums(): readonly InputChecksum[] {
    const { checksums } = this.#row
    return typeof checksums === 'string' ? (JSON.parse(checksums) as InputChecksum[]) : [] // as it was put in
  }

  get details(): JobDetails {
    return this.#details(Number(this.#row.family))
  }

  /** The same job where other records of it ended apart. */
  with(more: Pick<JobOutline, 'outputs' | 'startMs'>): RecordedJob {
    return new RecordedJob(this.#row, this.#details, { ...this.outline, ...more })
  }
}
