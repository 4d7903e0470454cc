import {
  toAmbiguousFact, toConsumedFact, toCopiedFact, toGapFact, toProducedFact, toTransformFact,
} from '../db/fact-of-row.ts' // prettier-ignore
import type { Sql, SqlRow } from '../db/sql.ts'
import { type Fact, FACTS_VERSION } from '../fact/fact.ts'
import { batches } from './batches.ts'
import { IS_EXPORTED } from './edgeless.ts'
import { loadRuns, withDigests } from './load.ts'
import { mergeEdges } from './merge-edges.ts'
import { orderRuns } from './run-order.ts'

/**
 * Leaves out code of unknown version that no run is of any more: it was told of before its version was, and what was
 * meant stands beside it.
 */
const IS_MEANT = `substr(t.uid, 13) <> '0000' OR EXISTS (SELECT 1 FROM run r WHERE r.transform_uid = t.uid)
  OR NOT EXISTS (SELECT 1 FROM transform o WHERE o.uid > t.uid AND o.uid <= substr(t.uid, 1, 12) || 'zzzz')`

/** Rows whose details are fetched together. */
const BATCH = 1000

/**
 * All facts, definitions before uses, in an order that follows from the content alone: by kind, then by uid, a run
 * after the runs that it names. Equal content gives equal facts in equal order, whoever imported it when.
 */
export async function* readFacts(sql: Sql): AsyncGenerator<Fact> {
  yield { kind: 'stream', format: 'stemma-facts', version: FACTS_VERSION }
  yield* toFacts(sql.iterate(`SELECT * FROM transform t WHERE ${IS_MEANT} ORDER BY uid`), toTransformFact)
  for await (const uids of batches(orderRuns(sql), BATCH)) {
    const runs = await loadRuns(sql, uids)
    for (const uid of uids) {
      const run = runs.get(uid)
      if (run !== undefined) yield run
    }
  }
  yield* readArtifacts(sql)
  const consumed = sql.iterate('SELECT * FROM consumed ORDER BY run_uid, artifact_uid, role, stated_uid')
  yield* mergeEdges(toFacts(consumed, toConsumedFact))
  yield* toFacts(sql.iterate('SELECT * FROM produced ORDER BY run_uid, artifact_uid, role'), toProducedFact)
  const copied = sql.iterate('SELECT * FROM copied ORDER BY from_uid, to_uid, method, stated_uid')
  yield* mergeEdges(toFacts(copied, toCopiedFact))
  const ambiguous = sql.iterate('SELECT * FROM ambiguous ORDER BY subject_uid, relation, candidates, why')
  yield* toFacts(ambiguous, toAmbiguousFact)
  yield* toFacts(sql.iterate('SELECT * FROM gap ORDER BY import_uid, code, place, message'), toGapFact)
}

async function* readArtifacts(sql: Sql): AsyncGenerator<Fact> {
  const named = await ambiguousCandidates(sql)
  const rows = sql.iterate(
    `SELECT a.*, CASE WHEN ${IS_EXPORTED} THEN 1 ELSE 0 END AS is_exported FROM artifact a ORDER BY uid`,
  )
  for await (const some of batches(rows, BATCH)) {
    const kept = some.filter((row) => Number(row.is_exported) === 1 || named.has(String(row.uid)))
    yield* await withDigests(sql, kept)
  }
}

/** What an ambiguity names is kept even when nothing else does; they are few. */
async function ambiguousCandidates(sql: Sql): Promise<Set<string>> {
  const named = new Set<string>()
  for await (const row of sql.iterate('SELECT * FROM ambiguous')) {
    for (const uid of toAmbiguousFact(row).candidates) named.add(uid)
  }
  return named
}

async function* toFacts<T>(rows: AsyncIterable<SqlRow>, toFact: (row: SqlRow) => T): AsyncGenerator<T> {
  for await (const row of rows) yield toFact(row)
}
