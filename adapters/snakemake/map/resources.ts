import type { RunFact } from '../../../core/adapter.ts'

type Requested = NonNullable<RunFact['requested']>

const MEGABYTE = 1_000_000
const MEBIBYTE = 1_048_576
const MINUTE_MS = 60_000

/** What a job asked for: Snakemake counts memory and disk in megabytes and time in minutes. */
export function toRequested(
  threads: number | undefined,
  resources: Readonly<Record<string, string>> = {},
): Requested | undefined {
  const amount = (name: string, unit: number): number | undefined => {
    const text = resources[name]
    const number = text === undefined || text.trim() === '' ? Number.NaN : Number(text)
    return Number.isFinite(number) && number >= 0 ? number * unit : undefined
  }
  const found: [keyof Requested, number | undefined][] = [
    ['cpus', threads],
    ['memoryBytes', amount('mem_mb', MEGABYTE) ?? amount('mem_mib', MEBIBYTE)],
    ['diskBytes', amount('disk_mb', MEGABYTE) ?? amount('disk_mib', MEBIBYTE)],
    ['timeMs', amount('runtime', MINUTE_MS)],
    ['accelerators', amount('gpu', 1)],
  ]
  const known = found.filter(([, value]) => value !== undefined)
  return known.length === 0 ? undefined : Object.fromEntries(known)
}
