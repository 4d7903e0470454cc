// Facts of one redun database, then the same tables bare: in a process of its own, so that its peak of memory is that of
// this reading alone, with the heap as the command line keeps it. Arguments: bench, database, jobs.
import Database from 'better-sqlite3'
import redun from '../adapters/redun/index.ts'
import { keepHeapLean } from '../core/cli/lean-heap.ts'
import { portionsOf } from '../core/fact/fact-stream.ts'
import { openFolder } from '../core/source/folder.ts'
import { fileHasher } from '../core/source/hasher.ts'
import { peakRssMb, report, timed } from './measure.ts'

const TABLES = ['execution', 'job', 'call_node', 'argument', 'argument_result', 'value', 'subvalue', 'file', 'task', 'tag'] // prettier-ignore

const [bench, path, count] = process.argv.slice(2)
if (bench === undefined || path === undefined) throw new Error('redun.ts starts this with its arguments')
const jobs = Number(count)

keepHeapLean()
const startMb = process.memoryUsage().rss / 1024 / 1024
const facts = await timed(() => countFacts(path))
const rssMb = peakRssMb()
const bare = await timed(() => readBare(path))

report({
  bench,
  ratio: bare.ms / facts.ms,
  jobs,
  rows: bare.value,
  facts: facts.value,
  jobsPerSecond: (jobs / facts.ms) * 1000,
  ms: facts.ms,
  bareMs: bare.ms,
  rssMb,
  /** Of it before the first row was read: the program itself. */
  startMb,
})

async function countFacts(from: string): Promise<number> {
  const source = await openFolder(from, fileHasher('none'))
  let facts = 0
  for await (const portion of portionsOf(redun.read([source], { own: {} }))) facts += portion.length
  return facts
}

/** Every row of the same tables as the driver gives it, one by one. */
function readBare(from: string): number {
  const database = new Database(from, { readonly: true })
  let rows = 0
  for (const table of TABLES) {
    for (const row of database.prepare(`select * from ${table}`).iterate()) if (row !== undefined) rows += 1
  }
  database.close()
  return rows
}
