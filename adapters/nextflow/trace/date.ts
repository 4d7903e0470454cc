/** `isLocal`: a wall-clock time of unknown zone, counted as though it were UTC. */
export interface TraceDate {
  readonly ms: number
  readonly isLocal: boolean
}

// Years 1990 to 2200 in milliseconds: a raw number outside is no time. 0 = never, which is not a time either.
const FIRST_MS = 631_152_000_000
const LAST_MS = 7_258_118_400_000

/**
 * A time as a trace prints it: `2026-11-24 07:19:16.613`, or raw milliseconds; of custom patterns those that begin with
 * the year (nothing to confuse), with or without an offset. Other patterns (`03/04/2026`) cannot be told apart:
 * `undefined`.
 */
export function parseTraceDate(text: string): TraceDate | undefined {
  if (text.length === 23) {
    const ms = parseUsual(text)
    if (ms !== undefined) return { ms, isLocal: true }
  }
  return parseEpoch(text) ?? parseYearFirst(text)
}

/** The default pattern, by position: most of a trace's time goes here. */
function parseUsual(text: string): number | undefined {
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(10) !== 32 || text.charCodeAt(13) !== 58) return undefined
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2)
  const month = twoDigits(text, 5)
  const milli = digit(text, 20) * 100 + twoDigits(text, 21)
  const ms = Date.UTC(
    year,
    month - 1,
    twoDigits(text, 8),
    twoDigits(text, 11),
    twoDigits(text, 14),
    twoDigits(text, 17),
    milli,
  )
  return Number.isNaN(ms) || month < 1 || month > 12 ? undefined : ms
}

function twoDigits(text: string, at: number): number {
  return digit(text, at) * 10 + digit(text, at + 1)
}

function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - 48
  return value >= 0 && value <= 9 ? value : Number.NaN
}

function parseEpoch(text: string): TraceDate | undefined {
  if (!/^\d{12,13}$/.test(text)) return undefined
  const ms = Number(text)
  return ms >= FIRST_MS && ms < LAST_MS ? { ms, isLocal: false } : undefined
}

const YEAR_FIRST =
  /^(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})(?:[ T_-]?(\d{2})[:.-]?(\d{2})(?:[:.-]?(\d{2})(?:[.,](\d{1,3}))?)?)? ?(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$/

function parseYearFirst(text: string): TraceDate | undefined {
  const parts = YEAR_FIRST.exec(text)
  if (parts === null) return undefined
  const [, year, month, day, hour = 0, minute = 0, second = 0, fraction = '', zone] = parts
  const wall = new Date(
    Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)),
  )
  // Date.UTC carries over: month 13 or day 32 would come back as another date.
  if (wall.getUTCMonth() !== Number(month) - 1 || wall.getUTCDate() !== Number(day)) return undefined
  const ms = wall.getTime() + Number(fraction.padEnd(3, '0'))
  return zone === undefined ? { ms, isLocal: true } : { ms: ms - offsetMs(zone), isLocal: false }
}

function offsetMs(zone: string): number {
  const parts = /^([+-])(\d{2}):?(\d{2})$/.exec(zone)
  if (parts === null) return 0
  const minutes = Number(parts[2]) * 60 + Number(parts[3])
  return (parts[1] === '-' ? -minutes : minutes) * 60_000
}
