const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const STAMP = /^(\s*)\[[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d{2}):(\d{2}):(\d{2}) (\d{4})\](.*)$/s

/** A line that starts with a time, as `time.asctime` writes it: always English, without a zone, to the second. */
export interface Stamp {
  readonly indent: number
  /** `Date.UTC` of what the local wall clock showed. */
  readonly ms: number
  readonly rest: string
}

export function parseStamp(line: string): Stamp | undefined {
  const parts = STAMP.exec(line)
  if (parts === null) return undefined
  const [, indent = '', month = '', day, hour, minute, second, year, rest = ''] = parts
  const monthIndex = MONTHS.indexOf(month)
  if (monthIndex < 0) return undefined
  const ms = Date.UTC(Number(year), monthIndex, Number(day), Number(hour), Number(minute), Number(second))
  return { indent: indent.length, ms, rest }
}

const STEM = /^(\d{4})-(\d{2})-(\d{2})T(\d{2})(\d{2})(\d{2})(?:\.(\d{1,6}))?$/

/** The local time in a log's name: `2026-11-24T014226.012983`. */
export function parseStem(stem: string): number | undefined {
  const parts = STEM.exec(stem)
  if (parts === null) return undefined
  const [, year, month, day, hour, minute, second, fraction = '0'] = parts
  const whole = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second))
  return Number.isNaN(whole) ? undefined : whole + Number(`0.${fraction}`) * 1000
}

/** Zones differ from UTC by whole quarters of an hour. */
const QUARTER_MS = 15 * 60_000

/** How far the wall clock of a run stood from UTC, by its name, which is local time, and its start in UTC. */
export function offsetOf(stem: string, startMs: number | undefined): number | undefined {
  const localMs = parseStem(stem)
  if (localMs === undefined || startMs === undefined) return undefined
  const offset = Math.round(localMs - startMs) // a fraction of a millisecond is no difference
  return offset % QUARTER_MS === 0 ? offset : undefined
}
