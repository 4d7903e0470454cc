import type { Sql } from '../db/sql.ts'
import { HAS_EDGE } from './edgeless.ts'
import { isArtifactUid, loadThings } from './load.ts'
import { searchIndex, wordsOf } from './search-index.ts'
import { isOneOf, list } from './statement.ts'
import type { Finding } from './view.ts'

/** Hits beyond the limit that are fetched for those that reconciling has emptied. */
const SPARE = 20

/** Things that hold all words in their name, path, key, parameters or labels; the best first. The last may be cut. */
export async function findThings(sql: Sql, words: string, limit: number): Promise<Finding[]> {
  const hits = await searchIndex(sql, wordsOf(words), 'all', limit + SPARE)
  const emptied = await findEmptied(
    sql,
    hits.map((hit) => hit.uid),
  )
  const things = await loadThings(
    sql,
    hits.map((hit) => hit.uid),
  )
  const scores = new Map(hits.map((hit) => [hit.uid, hit.score]))
  return things
    .filter((thing) => !emptied.has(thing.uid))
    .map((thing) => ({ thing, score: scores.get(thing.uid) ?? 0 }))
    .slice(0, limit)
}

async function findEmptied(sql: Sql, uids: readonly string[]): Promise<Set<string>> {
  const rows = await sql.all(`SELECT a.uid FROM artifact a WHERE ${isOneOf(sql, 'a.uid')} AND NOT (${HAS_EDGE})`, [
    list(uids.filter(isArtifactUid)),
  ])
  return new Set(rows.map((row) => String(row.uid)))
}
