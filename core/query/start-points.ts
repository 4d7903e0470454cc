import type { Sql } from '../db/sql.ts'
import { isArtifactUid } from './load.ts'
import { isOneOf, list } from './statement.ts'

/**
 * Where a walk from a thing begins. An artifact and a run with edges of its own: there. A run that only started
 * others (an execution): at all the runs below it. A transform: at its runs. At most `limit` of them, in the order
 * of their uids.
 */
export async function findStartPoints(sql: Sql, uid: string, limit: number): Promise<string[]> {
  if (isArtifactUid(uid)) return [uid]
  const ofTransform = await sql.all('SELECT uid FROM run WHERE transform_uid = ? ORDER BY uid LIMIT ?', [uid, limit])
  if (ofTransform.length > 0) return ofTransform.map((row) => String(row.uid))
  const [edge] = await sql.all(
    `SELECT 1 FROM run r WHERE r.uid = ? AND (r.reuses_uid IS NOT NULL
       OR EXISTS (SELECT 1 FROM consumed c WHERE c.run_uid = r.uid)
       OR EXISTS (SELECT 1 FROM produced p WHERE p.run_uid = r.uid))`,
    [uid],
  )
  return edge === undefined ? [uid, ...(await findRunsBelow(sql, [uid], limit - 1))] : [uid]
}

/** Every run that these runs started, directly or through others; at most `limit`. */
export async function findRunsBelow(sql: Sql, uids: readonly string[], limit: number): Promise<string[]> {
  const found = new Set<string>()
  for (let parents = uids; parents.length > 0 && found.size < limit;) {
    const rows = await sql.all(`SELECT uid FROM run WHERE ${isOneOf(sql, 'parent_uid')} ORDER BY uid LIMIT ?`, [
      list(parents),
      limit - found.size,
    ])
    parents = rows.map((row) => String(row.uid)).filter((uid) => !found.has(uid))
    for (const uid of parents) found.add(uid)
  }
  return [...found]
}
