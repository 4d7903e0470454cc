import type { LogBuild } from './log-event.ts'

/** The block `Version … Created … System … Process …` that the engine prints once. */
export function parseBuild(text: string): LogBuild {
  const [, version, build] = /\n {2}Version: (\S{1,64})(?: build (\S{1,64}))?/.exec(text) ?? []
  const [, processId, host] = /\n {2}Process: (\d{1,10})@(\S{1,256})/.exec(text) ?? []
  return {
    event: 'build',
    ...(version === undefined ? {} : { version }),
    ...(build === undefined ? {} : { build }),
    ...(processId === undefined ? {} : { processId: Number(processId) }),
    ...(host === undefined ? {} : { host }),
    ...zoneOf(text),
  }
}

/**
 * `Created: 09-07-2024 19:35 UTC (10-07-2024 02:35 ICST)`. The parentheses are left out when both read the same, so
 * their absence says that the machine is at UTC.
 */
function zoneOf(text: string): Pick<LogBuild, 'utcOffsetMinutes' | 'zoneAbbreviation'> {
  const found =
    /\n {2}Created: (\d\d-\d\d-\d{4} \d\d:\d\d) UTC ?(?:\((\d\d-\d\d-\d{4} \d\d:\d\d) ([^)]{1,32})\))?/.exec(text)
  if (found === null) return {}
  const [, utc = '', local, zoneAbbreviation] = found
  if (local === undefined) return { utcOffsetMinutes: 0, zoneAbbreviation: 'UTC' }
  const utcOffsetMinutes = (toMs(local) - toMs(utc)) / 60_000
  return { utcOffsetMinutes, ...(zoneAbbreviation === undefined ? {} : { zoneAbbreviation }) }
}

function toMs(text: string): number {
  const [day = 1, month = 1, year = 0, hour = 0, minute = 0] = text.split(/\D/).map(Number)
  return Date.UTC(year, month - 1, day, hour, minute)
}
