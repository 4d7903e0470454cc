import { parseTenths } from './number.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
const SECOND_MS = 1000

const UNIT_MS = new Map<string, number>([
  ['ms', 1], ['milli', 1], ['millis', 1],
  ['s', SECOND_MS], ['sec', SECOND_MS], ['second', SECOND_MS], ['seconds', SECOND_MS],
  ['m', MINUTE_MS], ['min', MINUTE_MS], ['minute', MINUTE_MS], ['minutes', MINUTE_MS],
  ['h', HOUR_MS], ['hour', HOUR_MS], ['hours', HOUR_MS],
  ['d', DAY_MS], ['day', DAY_MS], ['days', DAY_MS],
]) // prettier-ignore

const PART = /\s*(\d{1,12}(?:[.,]\d{1,6})?)\s?([a-z]+)/y

/**
 * Milliseconds of a duration as Nextflow prints or reads it: `352ms`, `1.2s`, `4h 41m 19s`, `1 day`, `01:02:03`, or a
 * raw number. The printed form is rounded: to 0.1 s below a minute, to 1 s above.
 */
export function parseDuration(text: string): number | undefined {
  const last = text.charCodeAt(text.length - 1)
  if (last >= 48 && last <= 57) return text.includes(':') ? parseClock(text) : parseRaw(text)
  const usual = parseSingle(text)
  if (usual !== undefined) return usual
  let total = 0
  PART.lastIndex = 0
  while (PART.lastIndex < text.length) {
    const parts = PART.exec(text)
    if (parts === null) return undefined
    const unit = UNIT_MS.get(parts[2] ?? '')
    if (unit === undefined) return undefined
    total += Number((parts[1] ?? '').replace(',', '.')) * unit
  }
  return text === '' ? undefined : Math.round(total)
}

/** `352ms`, `1.2s`, `5m`: one number and its unit, read without a pattern. */
function parseSingle(text: string): number | undefined {
  const { length } = text
  if (length > 12) return undefined
  const unit = text.charCodeAt(length - 1)
  const isMilli = unit === S && text.charCodeAt(length - 2) === M
  const number = parseTenths(text, isMilli ? length - 2 : length - 1)
  if (number === undefined) return undefined
  if (isMilli) return Math.round(number)
  return unit === S ? Math.round(number * SECOND_MS) : unit === M ? Math.round(number * MINUTE_MS) : undefined
}

const S = 115
const M = 109

function parseRaw(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

function parseClock(text: string): number | undefined {
  const parts = /^(\d{1,6}):([0-5]\d):([0-5]\d)$/.exec(text)
  if (parts === null) return undefined
  return Number(parts[1]) * HOUR_MS + Number(parts[2]) * MINUTE_MS + Number(parts[3]) * SECOND_MS
}
