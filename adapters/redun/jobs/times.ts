/** Milliseconds since 1970 of a time as a database or an export holds it; without a zone it counts as UTC. */
export function parseTime(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const parts = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d+)?\s*(Z|[+-]\d\d:?\d\d(?::?\d\d)?)?$/.exec(text)
  if (parts === null) return undefined
  const [, day = '', clock = '', fraction = '', zone = 'Z'] = parts
  const whole = Date.parse(`${day}T${clock}Z`)
  if (Number.isNaN(whole)) return undefined
  return whole + Math.floor(Number(`0${fraction}`) * 1000 + 1e-6) - zoneOffset(zone)
}

function zoneOffset(zone: string): number {
  if (zone === 'Z') return 0
  const parts = /^([+-])(\d\d):?(\d\d)/.exec(zone)
  const minutes = Number(parts?.[2] ?? 0) * 60 + Number(parts?.[3] ?? 0)
  return (parts?.[1] === '-' ? -minutes : minutes) * 60_000
}

const QUARTER_HOUR_MS = 15 * 60_000
const WIDEST_OFFSET_MS = 14 * 60 * 60_000
/** Between the end of a job and the moment when its call was written down. */
const SLOWEST_RECORD_MS = 5 * 60_000

/**
 * Before schema 3.4 job times are local times of the host while calls are stamped in UTC: how many milliseconds to
 * add to job times, from pairs of (job time, call time). `undefined` when no pair can tell.
 */
export function inferShift(pairs: readonly (readonly [jobTime: number, recorded: number])[]): number | undefined {
  const votes = new Map<number, number>()
  for (const [jobTime, recorded] of pairs) {
    const difference = recorded - jobTime
    const shift = Math.round(difference / QUARTER_HOUR_MS) * QUARTER_HOUR_MS
    if (Math.abs(shift) > WIDEST_OFFSET_MS || Math.abs(difference - shift) > SLOWEST_RECORD_MS) continue
    votes.set(shift, (votes.get(shift) ?? 0) + 1)
  }
  let best: number | undefined
  for (const [shift, count] of votes) if (best === undefined || count > (votes.get(best) ?? 0)) best = shift
  return best
}

/** Milliseconds to add to a local time of an IANA zone to have it in UTC. */
export function zoneShift(timezone: string, localMs: number): number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: timezone, timeZoneName: 'longOffset' })
  const name = format.formatToParts(new Date(localMs)).find((part) => part.type === 'timeZoneName')?.value ?? 'GMT'
  const parts = /GMT([+-]\d\d):(\d\d)/.exec(name)
  return parts === null ? 0 : -zoneOffset(`${parts[1] ?? '+00'}:${parts[2] ?? '00'}`)
}
