/** One measure, as the public format says: `ratio` is against the bare limit in the same run. */
export interface Measure {
  readonly bench: string
  readonly ratio?: number
  readonly target?: number
  readonly [figure: string]: string | number | undefined
}

/** Prints a measure as a line of JSON, numbers cut to what was really measured. */
export function report(measure: Measure): void {
  process.stdout.write(
    `${JSON.stringify(measure, (_key, value: unknown) => (typeof value === 'number' ? round(value) : value))}\n`,
  )
}

/** Runs something and returns its time in milliseconds with what it returned. */
export async function timed<T>(work: () => T | Promise<T>): Promise<{ readonly ms: number; readonly value: T }> {
  const began = performance.now()
  const value = await work()
  return { ms: performance.now() - began, value }
}

/** The middle of several measurements. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)]
  if (middle === undefined) throw new RangeError('no values to take the median of')
  return middle
}

/** Peak resident memory of this process so far, in megabytes. */
export function peakRssMb(): number {
  return process.resourceUsage().maxRSS / 1024
}

function round(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(4))
}
