// What a walk costs: the closure of a million artifacts against the bare recursive query, a ladder of diamonds, lists.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from '../core/db/database.ts'
import { openDatabase } from '../core/db/open-database.ts'
import { readClosure } from '../core/query/closure.ts'
import { readLineage } from '../core/query/lineage.ts'
import { listRuns } from '../core/query/list-runs.ts'
import { artifactAt, generateGraph, type GraphSize } from './generate-graph.ts'
import { writeLadder } from './generate-ladder.ts'
import { median, peakRssMb, report, timed } from './measure.ts'

/** A million artifacts. */
const SIZE: GraphSize = { layers: 100, width: 10_000 }
const LADDER = 24
const ROUNDS = 3
const WALKS = 50
const program = join(import.meta.dirname, '../dist/bin.js')

const folder = mkdtempSync(join(tmpdir(), 'stemma-bench-walk-'))
try {
  const big = await openDatabase(`file:${join(folder, 'big.db')}`, { create: true })
  await generateGraph(big, SIZE)
  await measureClosure(big)
  await measureLists(big)
  await big.close()
  measureCommand(`file:${join(folder, 'big.db')}`)
  const small = await openDatabase(`file:${join(folder, 'ladder.db')}`, { create: true })
  await measureLadder(small)
  await small.close()
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** The bare limit gives the same uids: all runs and artifacts above, by the two tables that this graph has. */
async function measureClosure(database: Database): Promise<void> {
  const root = artifactAt(SIZE.layers - 1, 0).uid
  const bare = `WITH RECURSIVE walk(id) AS (SELECT ? UNION
    SELECT p.run_uid FROM walk w JOIN produced p ON p.artifact_uid = w.id UNION
    SELECT c.artifact_uid FROM walk w JOIN consumed c ON c.run_uid = w.id) SELECT id FROM walk`
  const countBare = async (): Promise<number> => await count(database.sql.iterate(bare, [root]))
  const countOurs = async (): Promise<number> => await count(readClosure(database.sql, [root], 'up'))
  await countBare() // once before, so that both find the file in memory
  const [bareMs, oursMs]: [number[], number[]] = [[], []]
  let found = 0
  for (let round = 0; round < ROUNDS; round++) {
    const limit = await timed(countBare)
    const ours = await timed(countOurs)
    if (limit.value !== ours.value) throw new Error(`${String(ours.value)} uids, the bare query ${String(limit.value)}`)
    found = ours.value
    bareMs.push(limit.ms)
    oursMs.push(ours.ms)
  }
  report({
    bench: 'walk.closure.sqlite',
    ratio: median(oursMs) / median(bareMs),
    target: 1.2,
    ms: median(oursMs),
    bareMs: median(bareMs),
    nodes: found,
    rssMb: peakRssMb(),
  })
}

async function measureLists(database: Database): Promise<void> {
  const first: number[] = []
  for (let round = 0; round < WALKS; round++)
    first.push((await timed(() => listRuns(database.sql, {}, { limit: 50 }))).ms)
  report({ bench: 'walk.runs-page.sqlite', ms: median(first), runs: (SIZE.layers - 1) * SIZE.width })
  const { nodes, ms } = await nearLineage(database)
  report({ bench: 'walk.lineage-10000.sqlite', ms, nodes })
}

async function nearLineage(database: Database): Promise<{ readonly nodes: number; readonly ms: number }> {
  const root = artifactAt(SIZE.layers - 1, 0).uid
  const { ms, value } = await timed(() => readLineage(database.sql, root, [root], { direction: 'up', limit: 10_000 }))
  return { nodes: value.nodes.length, ms }
}

/** `stemma runs` with its start, on a million runs. Needs `npm run build`. */
function measureCommand(database: string): void {
  if (!existsSync(program)) throw new Error('no dist/bin.js: run `npm run build` first')
  const times: number[] = []
  for (let round = 0; round < 7; round++) {
    const began = performance.now()
    const done = spawnSync(process.execPath, [program, 'runs', '--database', database], { encoding: 'utf8' })
    times.push(performance.now() - began)
    if (done.status !== 0) throw new Error(`stemma runs: exit ${String(done.status)}: ${done.stderr}`)
  }
  report({ bench: 'walk.command-runs.sqlite', ms: median(times), targetMs: 400 })
}

async function measureLadder(database: Database): Promise<void> {
  const { top, nodes } = await writeLadder(database, LADDER)
  const times: number[] = []
  for (let walked = 0; walked < WALKS; walked++) {
    const { ms, value } = await timed(() => readLineage(database.sql, top, [top], { direction: 'up', limit: 10_000 }))
    if (value.nodes.length !== nodes) throw new Error(`${String(value.nodes.length)} nodes, not ${String(nodes)}`)
    times.push(ms)
  }
  report({ bench: 'walk.ladder.sqlite', ms: median(times), targetMs: 5, diamonds: LADDER, nodes })
}

async function count(uids: AsyncIterable<unknown>): Promise<number> {
  const each = uids[Symbol.asyncIterator]()
  let found = 0
  while ((await each.next()).done !== true) found++
  return found
}
