import type { OutputRecord } from './record.ts'

/** Outputs that one job wrote, as their records tell. */
export interface RecordedJob {
  /** By code point. */
  readonly outputs: readonly string[]
  /** What is the same in all its records, of the last one written. */
  readonly record: OutputRecord
  readonly startMs?: number
  readonly endMs?: number
}

/** Records of one job end within this: they take the times of the outputs, which are touched one after another. */
const WINDOW_MS = 2000
/** Objects in a store carry the store's own times, in whole seconds and after an upload. */
const STORAGE_WINDOW_MS = 600_000

/**
 * Puts together the records of one job: everything that is computed once a job is equal in them, and they end
 * together. Inputs alone never suffice: jobs that differ by a wildcard only differ in the hash of the job alone.
 */
export function groupRecords(records: Iterable<OutputRecord>): RecordedJob[] {
  // By the hash first: comparing is cheaper than making a key of long lists.
  const byHash = new Map<string, OutputRecord[][]>()
  for (const record of records) {
    // Without a hash (before 5.1) only an equal command, which names the outputs, shows that two records are of one job.
    const hash = record.jobHash ?? `command ${record.shellcmd ?? `of ${record.target}`}`
    const groups = byHash.get(hash)
    const group = groups?.find(([first]) => first !== undefined && isSameJob(first, record))
    if (group !== undefined) group.push(record)
    else if (groups !== undefined) groups.push([record])
    else byHash.set(hash, [[record]])
  }
  const jobs: RecordedJob[] = []
  for (const groups of byHash.values()) {
    for (const group of groups) for (const part of byTime(group)) jobs.push(toJob(part))
  }
  return jobs
}

/** Equal in everything that Snakemake computes once a job. */
function isSameJob(a: OutputRecord, b: OutputRecord): boolean {
  const sameText = a.rule === b.rule && a.shellcmd === b.shellcmd && a.code === b.code && a.condaEnv === b.condaEnv
  const sameSoftware = a.container === b.container && a.stackHash === b.stackHash && a.format === b.format
  return sameText && sameSoftware && isSame(a.inputs, b.inputs) && isSame(a.params, b.params) && isSame(a.logs, b.logs)
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, at) => text === b[at])
}

function byTime(group: OutputRecord[]): OutputRecord[][] {
  if (group.length === 1) return [group]
  const sorted = group.sort((a, b) => (a.endMs ?? 0) - (b.endMs ?? 0) || (a.target < b.target ? -1 : 1))
  const window = sorted.some((record) => isObject(record.target)) ? STORAGE_WINDOW_MS : WINDOW_MS
  const parts: OutputRecord[][] = []
  let last: number | undefined
  for (const record of sorted) {
    const part = parts.at(-1)
    const apart = record.endMs !== undefined && last !== undefined && record.endMs - last > window
    if (part === undefined || apart) parts.push([record])
    else part.push(record)
    last = record.endMs ?? last
  }
  return parts
}

function isObject(target: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(target) || target.startsWith('/')
}

function toJob(part: readonly OutputRecord[]): RecordedJob {
  const outputs = [...new Set(part.map((record) => record.target))].sort(byCodePoint)
  const starts = part.flatMap((record) => record.startMs ?? [])
  const ends = part.flatMap((record) => record.endMs ?? [])
  const [record] = part.slice(-1)
  if (record === undefined) throw new RangeError('a group of records has a member')
  return {
    outputs,
    record,
    ...(starts.length === 0 ? {} : { startMs: starts.reduce((a, b) => Math.min(a, b)) }),
    ...(ends.length === 0 ? {} : { endMs: ends.reduce((a, b) => Math.max(a, b)) }),
  }
}

/** Not `localeCompare`: the same order everywhere. */
export function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
