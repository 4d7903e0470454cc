/** Milliseconds either way of 1970 that a `Date` can tell. */
const MAX_MS = 8.64e15

/** An ISO time with milliseconds, cut and not rounded; `undefined` when it is no time. */
export function toIso(ms: number | undefined): string | undefined {
  if (ms === undefined || !Number.isFinite(ms) || Math.abs(ms) > MAX_MS) return undefined
  // Cut as every other reader cuts file times: core hashes a file only when size and time are those that were stated.
  const whole = Math.floor(ms)
  const minute = Math.floor(whole / MINUTE_MS)
  if (minute !== lastMinute) {
    lastMinute = minute
    lastText = new Date(minute * MINUTE_MS).toISOString()
  }
  if (lastText.length !== 24) return undefined // years beyond 9999 have another form
  const rest = String(whole - minute * MINUTE_MS + 100_000) // one digit before the five of seconds and milliseconds
  return `${lastText.slice(0, 17)}${rest.slice(1, 3)}.${rest.slice(3)}Z`
}

const MINUTE_MS = 60_000
/** Tasks that follow each other start in the same minute more often than not. */
let lastMinute = Number.NaN
let lastText = ''
