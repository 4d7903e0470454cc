import { toEpochMs, type Zone } from '../zone.ts'

const MAX_MS = 8.64e15

/** An ISO time with milliseconds; `undefined` when it is no time. */
export function toIso(ms: number | undefined): string | undefined {
  if (ms === undefined || !Number.isFinite(ms) || Math.abs(ms) > MAX_MS) return undefined
  // Cut as every other reader cuts file times: core hashes a file only when size and time are those that were stated.
  const text = new Date(Math.floor(ms)).toISOString()
  return text.length === 24 ? text : undefined // years beyond 9999 have another form
}

/** Milliseconds since 1970 of a time that may be local; `undefined` when its zone is unknown. */
export function absoluteMs(
  ms: number | undefined,
  isLocal: boolean | undefined,
  zone: Zone | undefined,
): number | undefined {
  if (ms === undefined || isLocal !== true) return ms
  return zone === undefined ? undefined : toEpochMs(ms, zone)
}
