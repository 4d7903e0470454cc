import { toConsumedFact, toCopiedFact, toProducedFact } from '../db/fact-of-row.ts'
import type { Sql, SqlRow } from '../db/sql.ts'
import type { ArtifactFact, RunFact } from '../fact/fact.ts'
import { outcomes, type Outcome } from '../fact/outcome.ts'
import { loadArtifacts, loadRuns } from './load.ts'
import type {
  ConsumedArtifact, ConsumingRun, CopiedArtifact, ProducedArtifact, ProducingRun, Some,
} from './view.ts' // prettier-ignore

export async function someConsumed(sql: Sql, run: string, most: number): Promise<Some<ConsumedArtifact>> {
  const edges = await readEdges(sql, { table: 'consumed', column: 'run_uid', uid: run, most }, toConsumedFact)
  return await withArtifacts(sql, edges, (edge) => edge.artifact)
}

export async function someProduced(sql: Sql, run: string, most: number): Promise<Some<ProducedArtifact>> {
  const edges = await readEdges(sql, { table: 'produced', column: 'run_uid', uid: run, most }, toProducedFact)
  return await withArtifacts(sql, edges, (edge) => edge.artifact)
}

export async function someConsumers(sql: Sql, artifact: string, most: number): Promise<Some<ConsumingRun>> {
  const question = { table: 'consumed', column: 'artifact_uid', uid: artifact, most } as const
  return await withRuns(sql, await readEdges(sql, question, toConsumedFact))
}

export async function someProducers(sql: Sql, artifact: string, most: number): Promise<Some<ProducingRun>> {
  const question = { table: 'produced', column: 'artifact_uid', uid: artifact, most } as const
  return await withRuns(sql, await readEdges(sql, question, toProducedFact))
}

/** `by`: which end the artifact is. */
export async function someCopies(
  sql: Sql,
  by: 'from_uid' | 'to_uid',
  artifact: string,
  most: number,
): Promise<Some<CopiedArtifact>> {
  const edges = await readEdges(sql, { table: 'copied', column: by, uid: artifact, most }, toCopiedFact)
  return await withArtifacts(sql, edges, (edge) => (by === 'from_uid' ? edge.to : edge.from))
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

/** Which edges of one thing. */
interface EdgeQuestion {
  readonly table: 'consumed' | 'produced' | 'copied'
  /** Which end of them the thing is. */
  readonly column: 'run_uid' | 'artifact_uid' | 'from_uid' | 'to_uid'
  readonly uid: string
  readonly most: number
}

async function readEdges<Edge>(
  sql: Sql,
  { table, column, uid, most }: EdgeQuestion,
  toEdge: (row: SqlRow) => Edge,
): Promise<Some<Edge>> {
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
  return { total: Number(all?.total), items: unique.map(toEdge) }
}

async function withArtifacts<Edge>(
  sql: Sql,
  { total, items }: Some<Edge>,
  endOf: (edge: Edge) => string,
): Promise<Some<{ readonly edge: Edge; readonly artifact: ArtifactFact }>> {
  const artifacts = await loadArtifacts(sql, items.map(endOf))
  return {
    total,
    items: items.flatMap((edge) => joined(artifacts.get(endOf(edge)), (artifact) => ({ edge, artifact }))),
  }
}

async function withRuns<Edge extends { readonly run: string }>(
  sql: Sql,
  { total, items }: Some<Edge>,
): Promise<Some<{ readonly edge: Edge; readonly run: RunFact }>> {
  const uids = items.map((edge) => edge.run)
  const runs = await loadRuns(sql, uids)
  return { total, items: items.flatMap((edge) => joined(runs.get(edge.run), (run) => ({ edge, run }))) }
}

function joined<End, Joined>(end: End | undefined, join: (end: End) => Joined): Joined[] {
  return end === undefined ? [] : [join(end)]
}
