// One import of Nextflow leftovers, as the command line does it, then the same rows bare: in a process of its own, so
// that its peak of memory is that of this import alone. Arguments: bench, source, tasks, database url, scratch folder.
import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import nextflow from '../adapters/nextflow/index.ts'
import { keepHeapLean } from '../core/cli/lean-heap.ts'
import { openDatabase } from '../core/db/open-database.ts'
import { parseDatabaseUrl } from '../core/db/url.ts'
import { importLeftovers, type ImportOutcome } from '../core/ingest/import-leftovers.ts'
import { DigestLog } from '../core/source/digest-log.ts'
import { fileHasher } from '../core/source/hasher.ts'
import { openSource } from '../core/source/open-source.ts'
import { bareCopy } from './bare-copy.ts'
import { bareInserts } from './bare-inserts.ts'
import { bareReads } from './bare-reads.ts'
import { peakRssMb, report, timed } from './measure.ts'

const [bench, place, count, url, scratch] = process.argv.slice(2)
if (bench === undefined || place === undefined || url === undefined || scratch === undefined)
  throw new Error('import.ts starts this with its arguments')
const tasks = Number(count)

keepHeapLean()
await (await openDatabase(url, { create: true })).close() // making the tables is no part of an import
const before = process.cpuUsage()
const first = await timed(() => importOnce(url, place, scratch))
const { user, system } = process.cpuUsage(before)
const cpuMs = (user + system) / 1000
const rssMb = peakRssMb()
if (first.value.kind !== 'imported') throw new Error('nothing was imported')
const { executions, counts } = first.value.tally
if ((counts.run ?? 0) !== tasks + executions) throw new Error(`${String(counts.run)} runs of ${tasks} tasks`)
const again = await timed(() => importOnce(url, place, scratch))
rmSync(join(scratch, 'reads'), { recursive: true }) // as on another machine: everything is read, and is there already
const reread = await timed(() => importOnce(url, place, scratch))
const bare = await bareLimit(url, scratch)

/** Of a folder: what the same files cost to be read bare. No import can be faster than both together on one thread. */
const reads = statSync(place).isDirectory() ? await timed(() => bareReads(place)) : undefined

report({
  bench,
  ratio: bare.ms / first.ms,
  target: 0.5,
  ratioToReadsAndInserts: reads && (bare.ms + reads.ms) / first.ms,
  tasks,
  rows: bare.rows,
  tasksPerSecond: (tasks / first.ms) * 1000,
  ms: first.ms,
  bareMs: bare.ms,
  bareReadsMs: reads?.ms,
  cpuMs,
  rssMb,
  targetRssMb: 300,
})
// Against the first import, not against a bare limit: smaller is better.
report({
  bench: 'import.again',
  of: bench,
  tasks,
  ms: again.ms,
  ofFirst: again.ms / first.ms,
  targetOfFirst: 0.1,
  outcome: again.value.kind,
})
report({ bench: 'import.reread', of: bench, tasks, ms: reread.ms, ofFirst: reread.ms / first.ms })

/** Opens and closes the database, too: what waits in SQLite's log is written into the file then, as with the limit. */
async function importOnce(url: string, from: string, folder: string): Promise<ImportOutcome> {
  const memory = new DigestLog(join(folder, 'hashes'))
  const hasher = fileHasher('small', { memory })
  const source = await openSource(from, process.cwd(), { hash: 'small', hasher })
  const database = await openDatabase(url)
  try {
    return await importLeftovers(database, {
      adapter: nextflow,
      sources: [source],
      hasher,
      hash: 'small',
      timezone: 'UTC',
      own: {},
      stemmaFolder: folder,
      ingest: {},
    })
  } finally {
    memory.flush()
    await database.close()
  }
}

async function bareLimit(filled: string, folder: string): Promise<{ readonly rows: number; readonly ms: number }> {
  const address = parseDatabaseUrl(filled)
  if (address.provider === 'postgres') return bareCopy(address.connection, address.schema, folder)
  const { ms, value } = await timed(() => bareInserts(address.path, join(folder, 'bare.db')))
  return { rows: value, ms }
}
