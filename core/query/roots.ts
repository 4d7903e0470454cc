import type { Sql } from '../db/sql.ts'
import { enclosing } from './places.ts'
import { isOneOf, list } from './statement.ts'

/** The uris under which a place of today was known to the engines: itself, and with each moved folder's former name. */
export async function findFormerUris(sql: Sql, uri: string): Promise<string[]> {
  return [uri, ...(await mapped(sql, uri, 'now', 'was'))]
}

/** Where a place that an engine wrote down may lie today: in each folder's present place, then where it was. */
export async function findPresentUris(sql: Sql, uri: string): Promise<string[]> {
  return [...(await mapped(sql, uri, 'was', 'now')), uri]
}

async function mapped(sql: Sql, uri: string, from: 'was' | 'now', to: 'was' | 'now'): Promise<string[]> {
  const folders = [uri, ...enclosing(uri)]
  const rows = await sql.all(`SELECT was, now FROM root WHERE ${isOneOf(sql, from)} ORDER BY was, now`, [list(folders)])
  const found = rows.map((row) => String(row[to]) + uri.slice(String(row[from]).length))
  return [...new Set(found)].filter((other) => other !== uri)
}
