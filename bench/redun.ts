// Facts of redun databases of 20,000 and 200,000 jobs (`full`: and of 600,000), in many executions and in a single one,
// against reading the same tables bare. Memory must not grow with the number of jobs. Then what `redun log` answers, asked of the imported database: each in less
// than a second, against reading all of its runs once.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import redun from '../adapters/redun/index.ts'
import { openDatabase } from '../core/db/open-database.ts'
import type { Database as Store } from '../core/db/database.ts'
import { importLeftovers } from '../core/ingest/import-leftovers.ts'
import { findThings } from '../core/query/find.ts'
import { listArtifacts } from '../core/query/list-artifacts.ts'
import { listRuns } from '../core/query/list-runs.ts'
import { resolveThing } from '../core/query/resolve.ts'
import type { RunFilter } from '../core/query/view.ts'
import { openFolder } from '../core/source/folder.ts'
import { fileHasher } from '../core/source/hasher.ts'
import { generateRedun } from './generate-redun.ts'
import { report, timed } from './measure.ts'

const full = process.argv.includes('full')
/** Groups of 50 jobs. */
const groups = full ? [400, 4000, 12_000] : [400, 4000]
const IN_ONE_OF_MANY = 40

const folder = mkdtempSync(join(tmpdir(), 'bench-redun-'))
try {
  for (const count of groups) {
    const [one, many] = [join(folder, `one-${count}.db`), join(folder, `many-${count}.db`)]
    measure('redun.read', many, generateRedun(many, count / IN_ONE_OF_MANY, IN_ONE_OF_MANY))
    measure('redun.read.one', one, generateRedun(one, 1, count))
    rmSync(one)
  }
  await askAll(join(folder, 'many-4000.db'), join(folder, 'stemma.db'))
} finally {
  rmSync(folder, { recursive: true })
}

/** A process each: its peak of memory is that of one reading. */
function measure(bench: string, path: string, jobs: number): void {
  const script = join(import.meta.dirname, 'measure-redun.ts')
  const words = ['--import', 'tsx', script, bench, path, String(jobs)]
  const done = spawnSync(process.execPath, words, { stdio: 'inherit' })
  if (done.status !== 0) throw new Error(`reading ${jobs} jobs failed`)
}

async function askAll(from: string, to: string): Promise<void> {
  const url = `file:${to}`
  await (await openDatabase(url, { create: true })).close()
  const hasher = fileHasher('none')
  const store = await openDatabase(url)
  try {
    await importLeftovers(store, {
      adapter: redun,
      sources: [await openFolder(from, hasher)],
      hasher,
      hash: 'none',
      own: { cwd: folder },
      stemmaFolder: folder,
      ingest: {},
    })
    const bare = await timed(() => store.sql.all('SELECT * FROM run'))
    for (const [what, ask] of await questions(store)) {
      const { ms, value } = await timed(ask)
      report({ bench: 'redun.log', what, ratio: bare.ms / ms, ms, targetMs: 1000, found: value, bareMs: bare.ms })
    }
  } finally {
    await store.close()
  }
}

/** One of each id space, and each filter; each returns how many things it found. */
async function questions(store: Store): Promise<readonly (readonly [string, () => Promise<number>])[]> {
  const { sql } = store
  const [job] = await listRuns(sql, { transform: 'bench.gather' }, { limit: 1 })
  const labels = job?.labels ?? {}
  const label = (name: string): string => {
    const value = labels[name]
    return typeof value === 'string' ? value : ''
  }
  const labelsOf = (name: string): string => {
    const value = labels[name]
    return Array.isArray(value) && typeof value[0] === 'string' ? value[0] : ''
  }
  const show = (text: string) => async (): Promise<number> => {
    const found = await resolveThing(sql, text, { workingFolder: folder })
    return found.found === 'several' ? found.candidates.length : Number(found.found === 'one')
  }
  const runs = (filter: RunFilter) => async (): Promise<number> => (await listRuns(sql, filter, { limit: 51 })).length
  return [
    ['execution', show(label('execution').slice(0, 10))],
    ['job', show((job?.key ?? '').slice(0, 10))],
    ['call', show(label('callHash').slice(0, 10))],
    ['task', show(label('taskHash').slice(0, 10))],
    ['value', show(label('valueHash').slice(0, 10))],
    ['latest', show('-')],
    ['tenth', show('~9')],
    ['path', show('out/0/all.txt')],
    ['nothing', show('0123456789')],
    ['runs.call', runs({ labels: [{ name: 'callHash', value: label('callHash') }] })],
    ['runs.tag', runs({ top: true, labels: [{ name: 'run', value: '7' }] })],
    ['runs.tag-of-none', runs({ labels: [{ name: 'owner', value: 'nobody' }] })],
    ['runs.label-of-most', runs({ labels: [{ name: 'taskHash', value: label('taskHash') }] })],
    ['runs.exec-id', runs({ labels: [{ name: 'execution', value: label('execution') }] })],
    ['runs.result', runs({ labels: [{ name: 'valueHash', value: label('valueHash') }] })],
    ['runs.arg', runs({ labels: [{ name: 'argHashes', value: labelsOf('argHashes') }] })],
    ['runs.value-type', runs({ labels: [{ name: 'valueType', value: 'redun.File' }] })],
    ['runs.value-type-of-none', runs({ labels: [{ name: 'valueType', value: 'builtins.float' }] })],
    ['runs.arg-type', runs({ labels: [{ name: 'argTypes', value: 'builtins.int' }] })],
    ['runs.failed', runs({ outcome: 'failed' })],
    ['runs.task', runs({ transform: 'bench.leaf', outcome: 'cached' })],
    ['runs.param', runs({ param: { name: 'n', value: '480' } })],
    ['artifacts.value', async () => (await listArtifacts(sql, { digest: label('valueHash') }, { limit: 51 })).length],
    ['artifacts.under', async () => (await listArtifacts(sql, { under: join(folder, 'out/4') }, { limit: 51 })).length],
    ['find', async () => (await findThings(sql, 'bench gather', 50)).length],
  ]
}
