/** An output of a job, with what its record says of it alone. */
export interface JobOutput {
  /** Counts the records in the order in which they were read. */
  readonly id: number
  readonly target: string
  readonly startMs?: number
  readonly endMs?: number
  readonly writtenMs?: number
  /** Of the job's inputs, as JSON. */
  readonly checksums?: string
}

/** Records of one job end within this: they take the times of the outputs, which are touched one after another. */
const WINDOW_MS = 2000
/** Objects in a store carry the store's own times, in whole seconds and after an upload. */
const STORAGE_WINDOW_MS = 600_000

/**
 * Outputs of jobs that are equal in all that is computed once a job, by the executions that wrote them: one job's end
 * together.
 *
 * @param outputs ordered by their ends
 */
export function splitByTime(outputs: readonly JobOutput[]): JobOutput[][] {
  if (outputs.length === 1) return [[...outputs]]
  const window = outputs.some(({ target }) => isObject(target)) ? STORAGE_WINDOW_MS : WINDOW_MS
  const parts: JobOutput[][] = []
  let last: number | undefined
  for (const output of outputs) {
    const part = parts.at(-1)
    const apart = output.endMs !== undefined && last !== undefined && output.endMs - last > window
    if (part === undefined || apart) parts.push([output])
    else part.push(output)
    last = output.endMs ?? last
  }
  return parts
}

function isObject(target: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(target) || target.startsWith('/')
}

/** Not `localeCompare`: the same order everywhere. */
export function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
