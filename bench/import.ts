// Imports of Nextflow runs against the bare limit: inserts of the same rows (SQLite), COPY of the same rows (Postgres).
// `npm run bench -- import` takes traces of 10,000 and 100,000 tasks and a work tree of 5,000; with `full` behind it
// also a trace of a million tasks, and work trees of 10,000 and 100,000. A tree is told against two limits: bare inserts,
// and bare reading of the same files with bare inserts.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { canStartPostgres, startPostgres } from '../test/tools/postgres.ts'
import { generateLaunchFolder, generateTrace } from './generate-nextflow.ts'

const full = process.argv.includes('full')
const traces = full ? [10_000, 100_000, 1_000_000] : [10_000, 100_000]
const trees = full ? [10_000, 100_000] : [5_000]

const folder = mkdtempSync(join(tmpdir(), 'bench-import-'))
try {
  for (const tasks of traces) generateTrace(traceOf(tasks), tasks)
  for (const tasks of traces) measure('import.sqlite', traceOf(tasks), tasks)
  await onPostgres()
  for (const tasks of trees) {
    const launch = join(folder, `launch-${tasks}`)
    generateLaunchFolder(launch, tasks)
    measure('import.tree', launch, tasks)
    rmSync(launch, { recursive: true })
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function onPostgres(): Promise<void> {
  if (!canStartPostgres()) {
    process.stderr.write('import.postgres: left out: no Docker engine and no Postgres programs here\n')
    return
  }
  for (const tasks of traces) {
    // A server each: what one size left behind (buffers, files of the log) must not meet the next.
    const server = await startPostgres()
    if (server === undefined) return
    try {
      measure('import.postgres', traceOf(tasks), tasks, `${server.url}?schema=stemma`)
    } finally {
      await server.stop()
    }
  }
}

function traceOf(tasks: number): string {
  return join(folder, `trace-${tasks}.txt`)
}

/** A process each: its peak of memory is that of one import. */
function measure(bench: string, source: string, tasks: number, url?: string): void {
  const scratch = join(folder, 'scratch')
  mkdirSync(scratch)
  const database = url ?? `file:${join(scratch, 'stemma.db')}`
  const script = join(import.meta.dirname, 'measure-import.ts')
  const done = spawnSync(
    process.execPath,
    ['--import', 'tsx', script, bench, source, String(tasks), database, scratch],
    {
      stdio: 'inherit',
    },
  )
  rmSync(scratch, { recursive: true })
  if (done.status !== 0) throw new Error(`${bench} of ${tasks} tasks failed`)
}
