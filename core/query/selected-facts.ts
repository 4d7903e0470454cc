import { toAmbiguousFact, toConsumedFact, toCopiedFact, toProducedFact } from '../db/fact-of-row.ts'
import type { Sql, SqlRow } from '../db/sql.ts'
import { type Fact, FACTS_VERSION } from '../fact/fact.ts'
import { loadArtifacts, loadRuns, loadTransforms } from './load.ts'
import { mergeEdges } from './merge-edges.ts'
import { orderSomeRuns } from './run-order.ts'
import type { Selection } from './selection.ts'
import { chunks, isOneOf, list } from './statement.ts'

/** uids asked for in one statement. */
const CHUNK = 1000

/**
 * The facts of a selection, in the order of `readFacts`. Gaps are left out: they tell of an import as a whole, not of
 * chosen things. Edges only between chosen things.
 */
export async function* readSelectedFacts(sql: Sql, selection: Selection): AsyncGenerator<Fact> {
  yield { kind: 'stream', format: 'stemma-facts', version: FACTS_VERSION }
  const runs = [...selection.runs].sort()
  const artifacts = [...selection.artifacts].sort()
  const found = await loadRuns(sql, runs)
  const transforms = new Set([...found.values()].map((run): string => run.transform))
  yield* (await loadTransforms(sql, [...transforms].sort())).values()
  for (const uid of await orderSomeRuns(sql, selection.runs)) {
    const run = found.get(uid)
    if (run !== undefined) yield run
  }
  for (const some of chunks(artifacts, CHUNK)) yield* (await loadArtifacts(sql, some)).values()
  yield* readEdges(sql, selection, runs, artifacts)
  const has = (uid: string): boolean => selection.runs.has(uid) || selection.artifacts.has(uid)
  const subjects = [...runs, ...artifacts].sort()
  const order = 'ORDER BY subject_uid, relation, candidates, why'
  for await (const row of rowsOf(sql, 'ambiguous', 'subject_uid', subjects, order)) {
    const fact = toAmbiguousFact(row)
    if (fact.candidates.every(has)) yield fact
  }
}

async function* readEdges(
  sql: Sql,
  selection: Selection,
  runs: readonly string[],
  artifacts: readonly string[],
): AsyncGenerator<Fact> {
  const consumed = rowsOf(sql, 'consumed', 'run_uid', runs, 'ORDER BY run_uid, artifact_uid, role, stated_uid')
  for await (const edge of mergeEdges(mapped(consumed, toConsumedFact))) {
    if (selection.artifacts.has(edge.artifact)) yield edge
  }
  const produced = rowsOf(sql, 'produced', 'run_uid', runs, 'ORDER BY run_uid, artifact_uid, role')
  for await (const row of produced) {
    const edge = toProducedFact(row)
    if (selection.artifacts.has(edge.artifact)) yield edge
  }
  const copied = rowsOf(sql, 'copied', 'from_uid', artifacts, 'ORDER BY from_uid, to_uid, method, stated_uid')
  for await (const edge of mergeEdges(mapped(copied, toCopiedFact))) {
    if (selection.artifacts.has(edge.to)) yield edge
  }
}

/** `table`, `column` and `order` are ours; the uids are sorted, so the parts follow each other in order. */
async function* rowsOf(
  sql: Sql,
  table: 'consumed' | 'produced' | 'copied' | 'ambiguous',
  column: 'run_uid' | 'from_uid' | 'subject_uid',
  uids: readonly string[],
  order: string,
): AsyncGenerator<SqlRow> {
  for (const some of chunks(uids, CHUNK)) {
    yield* await sql.all(`SELECT * FROM ${table} WHERE ${isOneOf(sql, column)} ${order}`, [list(some)])
  }
}

async function* mapped<T>(rows: AsyncIterable<SqlRow>, toFact: (row: SqlRow) => T): AsyncGenerator<T> {
  for await (const row of rows) yield toFact(row)
}
