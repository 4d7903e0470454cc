import { toEpochMs, type Zone } from '../zone.ts'

/** Milliseconds since 1970 of a time that may be local; `undefined` when its zone is unknown. */
export function absoluteMs(
  ms: number | undefined,
  isLocal: boolean | undefined,
  zone: Zone | undefined,
): number | undefined {
  if (ms === undefined || isLocal !== true) return ms
  return zone === undefined ? undefined : toEpochMs(ms, zone)
}
