import { toConsumedFact, toCopiedFact, toProducedFact } from '../db/fact-of-row.ts'
import type { Sql, SqlRow } from '../db/sql.ts'
import type { RunFact } from '../fact/fact.ts'
import { outcomes, type Outcome } from '../fact/outcome.ts'
import { loadArtifacts, loadRuns } from './load.ts'
import type {
  ConsumedArtifact, ConsumingRun, CopiedArtifact, ProducedArtifact, ProducingRun, Some,
} from './view.ts' // prettier-ignore

/** The edges of one thing, each with what is at its other end. */
type EdgeTable = 'consumed' | 'produced' | 'copied'
type EdgeColumn = 'run_uid' | 'artifact_uid' | 'from_uid' | 'to_uid'

export async function someConsumed(sql: Sql, run: string, most: number): Promise<Some<ConsumedArtifact>> {
  const { rows, total } = await edgeRows(sql, 'consumed', 'run_uid', run, most)
  const edges = rows.map(toConsumedFact)
  const artifacts = await loadArtifacts(
    sql,
    edges.map((edge) => edge.artifact),
  )
  return {
    total,
    items: edges.flatMap((edge) => withEnd(artifacts.get(edge.artifact), (artifact) => ({ edge, artifact }))),
  }
}

export async function someProduced(sql: Sql, run: string, most: number): Promise<Some<ProducedArtifact>> {
  const { rows, total } = await edgeRows(sql, 'produced', 'run_uid', run, most)
  const edges = rows.map(toProducedFact)
  const artifacts = await loadArtifacts(
    sql,
    edges.map((edge) => edge.artifact),
  )
  return {
    total,
    items: edges.flatMap((edge) => withEnd(artifacts.get(edge.artifact), (artifact) => ({ edge, artifact }))),
  }
}

export async function someConsumers(sql: Sql, artifact: string, most: number): Promise<Some<ConsumingRun>> {
  const { rows, total } = await edgeRows(sql, 'consumed', 'artifact_uid', artifact, most)
  const edges = rows.map(toConsumedFact)
  const runs = await loadRuns(
    sql,
    edges.map((edge) => edge.run),
  )
  return { total, items: edges.flatMap((edge) => withEnd(runs.get(edge.run), (run) => ({ edge, run }))) }
}

export async function someProducers(sql: Sql, artifact: string, most: number): Promise<Some<ProducingRun>> {
  const { rows, total } = await edgeRows(sql, 'produced', 'artifact_uid', artifact, most)
  const edges = rows.map(toProducedFact)
  const runs = await loadRuns(
    sql,
    edges.map((edge) => edge.run),
  )
  return { total, items: edges.flatMap((edge) => withEnd(runs.get(edge.run), (run) => ({ edge, run }))) }
}

/** `by`: which end the artifact is. */
export async function someCopies(
  sql: Sql,
  by: 'from_uid' | 'to_uid',
  artifact: string,
  most: number,
): Promise<Some<CopiedArtifact>> {
  const { rows, total } = await edgeRows(sql, 'copied', by, artifact, most)
  const edges = rows.map(toCopiedFact)
  const otherOf = (edge: (typeof edges)[number]): string => (by === 'from_uid' ? edge.to : edge.from)
  const artifacts = await loadArtifacts(sql, edges.map(otherOf))
  return {
    total,
    items: edges.flatMap((edge) => withEnd(artifacts.get(otherOf(edge)), (other) => ({ edge, artifact: other }))),
  }
}

/** Runs by one of their references, newest first. */
export async function someRuns(
  sql: Sql,
  by: 'transform_uid' | 'reuses_uid',
  uid: string,
  most: number,
): Promise<Some<RunFact>> {
  const [all] = await sql.all(`SELECT COUNT(*) AS total FROM run WHERE ${by} = ?`, [uid])
  const rows = await sql.all(
    `SELECT uid FROM run WHERE ${by} = ? ORDER BY COALESCE(started_at, -1) DESC, uid LIMIT ?`,
    [uid, most],
  )
  const uids = rows.map((row) => String(row.uid))
  const runs = await loadRuns(sql, uids)
  return { total: Number(all?.total), items: uids.flatMap((one) => runs.get(one) ?? []) }
}

/** How the runs of a reference ended. */
export async function countOutcomes(
  sql: Sql,
  by: 'transform_uid' | 'parent_uid',
  uid: string,
): Promise<Partial<Record<Outcome, number>>> {
  const rows = await sql.all(`SELECT outcome, COUNT(*) AS total FROM run WHERE ${by} = ? GROUP BY outcome`, [uid])
  const counts = new Map(rows.map((row) => [row.outcome, Number(row.total)]))
  const found: Partial<Record<Outcome, number>> = {}
  for (const outcome of outcomes) {
    const count = counts.get(outcome)
    if (count !== undefined) found[outcome] = count
  }
  return found
}

async function edgeRows(
  sql: Sql,
  table: EdgeTable,
  column: EdgeColumn,
  uid: string,
  most: number,
): Promise<{ readonly rows: readonly SqlRow[]; readonly total: number }> {
  const order = table === 'copied' ? 'from_uid, to_uid, method' : 'run_uid, artifact_uid, role'
  // Two statements may be one edge since reconciling; the first by evidence stands for both.
  const [all] = await sql.all(
    `SELECT COUNT(*) AS total FROM (SELECT DISTINCT ${order} FROM ${table} WHERE ${column} = ?) AS edges`,
    [uid],
  )
  const rows = await sql.all(`SELECT * FROM ${table} WHERE ${column} = ? ORDER BY ${order}, evidence DESC LIMIT ?`, [
    uid,
    most,
  ])
  const columns = order.split(', ')
  const seen = new Set<string>()
  const unique = rows.filter((row) => {
    const key = JSON.stringify(columns.map((name) => row[name]))
    return !seen.has(key) && seen.add(key)
  })
  return { rows: unique, total: Number(all?.total) }
}

function withEnd<End, Joined>(end: End | undefined, join: (end: End) => Joined): Joined[] {
  return end === undefined ? [] : [join(end)]
}
