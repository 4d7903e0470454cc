import type { Sql } from '../db/sql.ts'
import { isOneOf, list } from './statement.ts'

/** No engine nests runs this deep; it ends the count should damaged rows name each other as parents. */
const DEEPEST = 100_000

/**
 * The uids of all runs, each after the run that started it and the run that it reused: by the length of the longest
 * chain of such references, then by uid. The order depends on the content alone. The database sorts (on disk, where
 * it has to), so memory here stays flat.
 */
export async function* orderRuns(sql: Sql): AsyncGenerator<string> {
  let count = 0
  for await (const row of sql.iterate(`${levels(sql)} SELECT uid, MAX(n) AS n FROM level GROUP BY uid ORDER BY 2, 1`, [
    DEEPEST,
  ])) {
    count++
    yield String(row.uid)
  }
  const [all] = await sql.all('SELECT COUNT(*) AS total FROM run')
  if (count === Number(all?.total)) return
  // Runs that refer to each other in a ring, or to a run that is not there: no order would help.
  const rest = sql.iterate(`${levels(sql)} SELECT uid FROM run WHERE uid NOT IN (SELECT uid FROM level) ORDER BY uid`, [
    DEEPEST,
  ])
  for await (const row of rest) yield String(row.uid)
}

/** The same order for some runs only. */
export async function orderSomeRuns(sql: Sql, uids: ReadonlySet<string>): Promise<string[]> {
  const rows = await sql.all(`SELECT uid, parent_uid, reuses_uid FROM run WHERE ${isOneOf(sql, 'uid')} ORDER BY uid`, [
    list(uids),
  ])
  const references = new Map(
    rows.map((row) => [String(row.uid), [row.parent_uid, row.reuses_uid].filter((uid) => typeof uid === 'string')]),
  )
  const levels = new Map<string, number>()
  for (const uid of references.keys()) findLevel(uid, references, levels)
  return [...levels].sort(([a, n], [b, m]) => n - m || (a < b ? -1 : 1)).map(([uid]) => uid)
}

/** By hand instead of by recursion: chains of retries and children may be long. */
function findLevel(
  start: string,
  references: ReadonlyMap<string, readonly string[]>,
  levels: Map<string, number>,
): void {
  const open = [start]
  const entered = new Set<string>()
  for (let uid = open.at(-1); uid !== undefined; uid = open.at(-1)) {
    const known = (references.get(uid) ?? []).filter((other) => references.has(other))
    const missing = known.filter((other) => !levels.has(other) && !entered.has(other))
    entered.add(uid)
    if (missing.length > 0) open.push(...missing)
    else {
      open.pop()
      levels.set(uid, Math.max(-1, ...known.map((other) => levels.get(other) ?? -1)) + 1)
    }
  }
}

function levels(sql: Sql): string {
  // Postgres allows one reference to the walk and needs LATERAL to go by both indexes; SQLite knows no LATERAL.
  const next =
    sql.provider === 'sqlite'
      ? `SELECT r.uid, l.n + 1 FROM level l JOIN run r ON r.parent_uid = l.uid OR r.reuses_uid = l.uid WHERE l.n < ?`
      : `SELECT r.uid, l.n + 1 FROM level l CROSS JOIN LATERAL (
           SELECT uid FROM run WHERE parent_uid = l.uid UNION ALL SELECT uid FROM run WHERE reuses_uid = l.uid
         ) r WHERE l.n < ?`
  return `WITH RECURSIVE level(uid, n) AS (
    SELECT uid, 0 FROM run WHERE parent_uid IS NULL AND reuses_uid IS NULL UNION ${next})`
}
