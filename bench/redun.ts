// Facts of a redun database of 200,000 jobs, against reading the same tables bare in the same process. Memory is
// measured at a tenth of that size, too: it must not grow with the number of jobs.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import redun from '../adapters/redun/index.ts'
import { openFolder } from '../core/source/folder.ts'
import { fileHasher } from '../core/source/hasher.ts'
import { generateRedun } from './generate-redun.ts'
import { peakRssMb, report, timed } from './measure.ts'

const TABLES = ['execution', 'job', 'call_node', 'argument', 'argument_result', 'value', 'subvalue', 'file', 'task', 'tag'] // prettier-ignore

const folder = mkdtempSync(join(tmpdir(), 'bench-redun-'))
try {
  for (const executions of [10, 100]) {
    const path = join(folder, `redun-${executions}.db`)
    const jobs = generateRedun(path, executions)
    const bare = await timed(() => readBare(path))
    const facts = await timed(() => countFacts(path))
    report({
      bench: 'redun.read',
      ratio: bare.ms / facts.ms,
      jobs,
      rows: bare.value,
      facts: facts.value,
      jobsPerSecond: (jobs / facts.ms) * 1000,
      ms: facts.ms,
      bareMs: bare.ms,
      rssMb: peakRssMb(),
    })
  }
} finally {
  rmSync(folder, { recursive: true })
}

function readBare(path: string): number {
  const database = new Database(path, { readonly: true })
  let rows = 0
  for (const table of TABLES) {
    for (const row of database.prepare(`select * from ${table}`).iterate()) if (row !== undefined) rows += 1
  }
  database.close()
  return rows
}

async function countFacts(path: string): Promise<number> {
  const source = await openFolder(path, fileHasher('none'))
  let count = 0
  for await (const fact of redun.read([source], { own: {} })) if (fact.kind !== 'stream') count += 1
  return count
}
