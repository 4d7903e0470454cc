import type { FileSource, RunFact } from '../../../core/adapter.ts'

type Used = NonNullable<RunFact['used']>

const MOST_BYTES = 1024 * 1024
const MEBIBYTE = 1_048_576

/**
 * What a job's benchmark file measured: the longest and largest of its repeats. Memory and transfer are in MiB, load in
 * percent of one core. A job too short to be looked at shows `0`, `-` or `NA`.
 */
export async function readBenchmark(source: FileSource, path: string): Promise<Used | undefined> {
  const text = await source.readText(path, MOST_BYTES).catch(() => undefined)
  if (text === undefined) return undefined
  const [head = '', ...lines] = text.split('\n')
  const columns = head.split('\t')
  if (columns[0] !== 's') return undefined
  const rows = lines.filter((line) => line !== '').map((line) => line.split('\t'))
  const most = (name: string, unit: number): number | undefined => {
    const at = columns.indexOf(name)
    const numbers = rows.flatMap((row) => toNumber(row[at]) ?? [])
    return at < 0 || numbers.length === 0 ? undefined : Math.max(...numbers) * unit
  }
  const found: [keyof Used, number | undefined][] = [
    ['realtimeMs', most('s', 1000)],
    ['peakRssBytes', most('max_rss', MEBIBYTE)],
    ['peakVmemBytes', most('max_vms', MEBIBYTE)],
    ['readBytes', most('io_in', MEBIBYTE)],
    ['writeBytes', most('io_out', MEBIBYTE)],
    ['cpuPercent', most('mean_load', 1)],
  ]
  return Object.fromEntries(found.filter(([, value]) => value !== undefined))
}

function toNumber(text: string | undefined): number | undefined {
  if (text === undefined || text.trim() === '') return undefined
  const number = Number(text)
  return Number.isFinite(number) && number >= 0 ? number : undefined
}
