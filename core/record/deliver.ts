import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { chooseDatabase } from '../config/database-url.ts'
import { openDatabase } from '../db/open-database.ts'
import type { Database } from '../db/database.ts'
import { Fact } from '../fact/fact.ts'
import type { RunFact } from '../fact/fact.ts'
import { fileUri } from '../fact/uri.ts'
import { ingest } from '../ingest/ingest.ts'
import { CLOSED_SUFFIX, OPEN_SUFFIX } from './spool.ts'
import { processOf, sweepSpool } from './sweep.ts'

/** What a delivery brought in. */
export interface Delivery {
  readonly segments: number
  readonly added: number
  /** Lines that were no facts: the last one of a process that was killed while it wrote. */
  readonly damaged: number
}

const ADAPTER = 'recorder'
const ADAPTER_VERSION = 1

/** Delivers to the database that is configured for a folder; does nothing when there is none. */
export async function deliverToProject(
  spool: string,
  workingFolder: string,
  environment: string | undefined,
): Promise<Delivery | undefined> {
  const choice = await chooseDatabase(workingFolder, undefined, environment)
  if (choice === undefined || (await segmentsIn(spool)).length === 0) return undefined
  const database = await openDatabase(choice.url, { create: true })
  try {
    return await deliverSpool(database, spool)
  } finally {
    await database.close()
  }
}

/**
 * Takes the segments of a spool into a database. Segments of processes that are done are removed afterwards; those
 * still written to are read and stay. Facts are idempotent: two deliveries at once, or one that was killed, do no harm.
 */
export async function deliverSpool(database: Database, spool: string): Promise<Delivery> {
  const dead = await sweepSpool(spool, new Date())
  const segments = await segmentsIn(spool)
  const stale = new Map<string, RunFact>()
  const total = { segments: 0, added: 0, damaged: 0 }
  for (const name of segments) {
    const read = await readSegment(join(spool, name))
    if (read === undefined) continue // another delivery was faster
    if (dead.has(processOf(name))) noteRunning(read.facts, stale)
    const meta = { adapter: ADAPTER, adapterVersion: ADAPTER_VERSION, place: fileUri(spool) }
    total.added += (await ingest(database, each(read.facts), meta)).added
    total.segments++
    total.damaged += read.damaged
    if (!name.endsWith(OPEN_SUFFIX) && !dead.has(processOf(name))) await rm(join(spool, name), { force: true })
  }
  await abortStale(database, spool, stale)
  for (const name of segments) if (dead.has(processOf(name))) await rm(join(spool, name), { force: true })
  return total
}

async function segmentsIn(spool: string): Promise<string[]> {
  const names = await readdir(spool).catch(() => [])
  return names.filter((name) => name.endsWith(CLOSED_SUFFIX)).sort()
}

async function readSegment(path: string): Promise<{ facts: Fact[]; damaged: number } | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const facts: Fact[] = []
  let damaged = 0
  const lines = text.split('\n')
  // A line without its end is still being written, or never will be.
  if (lines.pop() !== '') damaged++
  for (const line of lines) {
    const fact = parseLine(line)
    if (fact === undefined) damaged++
    else if (fact.kind !== 'stream') facts.push(fact)
  }
  return { facts, damaged }
}

function parseLine(line: string): Fact | undefined {
  try {
    const parsed = Fact.safeParse(JSON.parse(line))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined // counted as damaged
  }
}

/** What a dead process last said of its runs. */
function noteRunning(facts: readonly Fact[], stale: Map<string, RunFact>): void {
  for (const fact of facts) {
    if (fact.kind !== 'run' || fact.evidence === 'inferred') continue
    if (fact.outcome === 'running' || fact.outcome === 'scheduled') stale.set(fact.uid, fact)
    else stale.delete(fact.uid)
  }
}

/** Runs that nobody will end any more. Of those that an engine also records, the engine has the last word. */
async function abortStale(database: Database, spool: string, stale: ReadonlyMap<string, RunFact>): Promise<void> {
  if (stale.size === 0) return
  const facts = [...stale.values()].map((run): RunFact => {
    if (run.evidence === 'observed') return { ...run, outcome: 'unknown' }
    return { ...run, outcome: 'aborted', error: { message: 'the process died before the run ended' } }
  })
  await ingest(database, each(facts), { adapter: ADAPTER, adapterVersion: ADAPTER_VERSION, place: fileUri(spool) })
}

async function* each(facts: readonly Fact[]): AsyncIterable<Fact> {
  for (const fact of facts) yield await Promise.resolve(fact)
}
