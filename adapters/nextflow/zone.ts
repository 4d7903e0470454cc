/** An IANA name (`Europe/Berlin`), or minutes east of UTC. */
export type Zone = string | number

const QUARTER_HOUR_MS = 900_000
const MAX_CACHED = 50_000
const formats = new Map<string, Intl.DateTimeFormat>()
const offsets = new Map<string, Map<number, number>>()

/** `true` when the name is one that this platform knows. */
export function isZone(name: string): boolean {
  try {
    formatOf(name)
    return true
  } catch {
    return false // Intl throws a RangeError: that is how it says that it does not know the name
  }
}

/**
 * Moves a wall-clock time (counted as though it were UTC) to milliseconds since 1970. An hour that occurs twice in
 * autumn is read as its first occurrence; one that is left out in spring moves on by the gap.
 */
export function toEpochMs(localMs: number, zone: Zone): number {
  if (typeof zone === 'number') return localMs - zone * 60_000
  // Offsets change at quarter hours only, so the answer of one quarter holds for all its milliseconds.
  const quarter = Math.floor(localMs / QUARTER_HOUR_MS)
  let known = offsets.get(zone)
  if (known === undefined) offsets.set(zone, (known = new Map<number, number>()))
  let offset = known.get(quarter)
  if (offset === undefined) {
    if (known.size > MAX_CACHED) known.clear()
    known.set(quarter, (offset = findOffset(quarter * QUARTER_HOUR_MS, zone)))
  }
  return localMs - offset
}

/** Minutes east of UTC, where the difference is whole quarters of an hour up to the slack. */
export function quarterMinutes(differenceMs: number, slackMs: number): number | undefined {
  const quarters = Math.round(differenceMs / QUARTER_HOUR_MS)
  return Math.abs(differenceMs - quarters * QUARTER_HOUR_MS) <= slackMs && Math.abs(quarters) <= 64
    ? quarters * 15
    : undefined
}

function findOffset(localMs: number, zone: string): number {
  const before = offsetAt(localMs - 86_400_000, zone)
  if (offsetAt(localMs - before, zone) === before) return before
  const after = offsetAt(localMs + 86_400_000, zone)
  return offsetAt(localMs - after, zone) === after ? after : before
}

/** Milliseconds east of UTC at a moment. */
function offsetAt(epochMs: number, zone: string): number {
  const parts: Record<string, number> = {}
  for (const { type, value } of formatOf(zone).formatToParts(epochMs)) parts[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(epochMs / 1000) * 1000
}

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone)
  if (format === undefined) {
    const two = '2-digit'
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: two,
      day: two,
      hour: two,
      minute: two,
      second: two,
    })
    formats.set(zone, format)
  }
  return format
}
