import { toGapFact } from '../db/fact-of-row.ts'
import type { Sql } from '../db/sql.ts'
import { StemmaError } from '../errors.ts'
import type { GapFact, RunFact } from '../fact/fact.ts'
import { loadAmbiguous } from './lineage.ts'
import { listImports } from './list-imports.ts'
import { loadRuns, loadTransforms } from './load.ts'
import { countOutcomes, someConsumed, someProduced, someRuns } from './some.ts'
import { isOneOf, list } from './statement.ts'
import type { RunDetail, Some } from './view.ts'

/** No engine nests runs this deep. */
const DEEPEST = 1000

/** A run with what started it, what it read and wrote, and what the import that brought it could not tell. */
export async function describeRun(sql: Sql, run: RunFact, most: number): Promise<RunDetail> {
  const transform = (await loadTransforms(sql, [run.transform])).get(run.transform)
  if (transform === undefined) {
    throw new StemmaError('database.damaged', `a run without its transform: "${run.uid}"`, { detail: { uid: run.uid } })
  }
  const others = await loadRuns(
    sql,
    [run.parent, run.reuses].filter((uid) => uid !== undefined),
  )
  const parent = run.parent === undefined ? undefined : others.get(run.parent)
  const reuses = run.reuses === undefined ? undefined : others.get(run.reuses)
  const byOutcome = await countOutcomes(sql, 'parent_uid', run.uid)
  const imports = await findImports(sql, run)
  return {
    kind: 'run',
    thing: run,
    transform,
    ...(parent === undefined ? {} : { parent }),
    ...(reuses === undefined ? {} : { reuses }),
    reusedBy: await someRuns(sql, 'reuses_uid', run.uid, most),
    consumed: await someConsumed(sql, run.uid, most),
    produced: await someProduced(sql, run.uid, most),
    children: { total: Object.values(byOutcome).reduce((sum, count) => sum + count, 0), byOutcome },
    ambiguous: await loadAmbiguous(sql, [run.uid]),
    imports: await listImports(sql, imports),
    gaps: await someGaps(sql, imports, most),
  }
}

/** The imports that told of the execution that this run belongs to. */
async function findImports(sql: Sql, run: RunFact): Promise<string[]> {
  let top: string = run.uid
  for (let parent: string | undefined = run.parent, depth = 0; parent !== undefined && depth < DEEPEST; depth++) {
    top = parent
    const [row] = await sql.all('SELECT parent_uid FROM run WHERE uid = ?', [parent])
    parent = typeof row?.parent_uid === 'string' ? row.parent_uid : undefined
  }
  const rows = await sql.all('SELECT import_uid FROM import_run WHERE run_uid = ? ORDER BY import_uid', [top])
  return rows.map((row) => String(row.import_uid))
}

/** One of each kind before a second of any: many of one kind hide no other. */
async function someGaps(sql: Sql, imports: readonly string[], most: number): Promise<Some<GapFact>> {
  const where = `FROM gap WHERE ${isOneOf(sql, 'import_uid')}`
  const [all] = await sql.all(`SELECT COUNT(*) AS total ${where}`, [list(imports)])
  const numbered = `SELECT gap.*, ROW_NUMBER() OVER (PARTITION BY code ORDER BY place, message) AS nth ${where}`
  const rows = await sql.all(`SELECT * FROM (${numbered}) AS kinds ORDER BY nth, code LIMIT ?`, [list(imports), most])
  return { total: Number(all?.total), items: rows.map(toGapFact) }
}
