import type { Sql } from '../db/sql.ts'
import { afterPrefix } from './statement.ts'

/** Shorter starts would offer half of the database. */
const SHORTEST = 3

/** Runs, artifacts and code whose uid starts so, by uid; `name` of an artifact is its uri. */
export async function findUids(sql: Sql, start: string, limit: number): Promise<{ uid: string; name: string }[]> {
  if (start.length < SHORTEST || !/^[0-9A-Za-z]+$/.test(start)) return []
  const of = (table: string, name: string): string =>
    `SELECT uid, ${name} AS name FROM ${table} WHERE uid >= ? AND uid < ?`
  const range = [start, afterPrefix(start)]
  const rows = await sql.all(
    `${of('run', 'name')} UNION ALL ${of('artifact', 'uri')} UNION ALL ${of('transform', 'name')} ORDER BY uid LIMIT ?`,
    [...range, ...range, ...range, limit],
  )
  return rows.map((row) => ({ uid: String(row.uid), name: String(row.name) }))
}
