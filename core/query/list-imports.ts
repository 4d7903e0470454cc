import { z } from 'zod'
import type { Sql } from '../db/sql.ts'
import { isOneOf, list } from './statement.ts'
import type { ImportView } from './view.ts'

/** These imports, the latest first. */
export async function listImports(sql: Sql, uids: readonly string[]): Promise<ImportView[]> {
  const rows = await sql.all(
    `SELECT i.*, (SELECT COUNT(*) FROM gap g WHERE g.import_uid = i.uid) AS gaps FROM import i
     WHERE ${isOneOf(sql, 'i.uid')} ORDER BY i.started_at DESC, i.uid`,
    [list(uids)],
  )
  const places = await findPlaces(sql, uids)
  return rows.map((row) => ({
    uid: String(row.uid),
    adapter: String(row.adapter),
    adapterVersion: Number(row.adapter_version),
    ...(typeof row.engine_version === 'string' ? { engineVersion: row.engine_version } : {}),
    places: places.get(String(row.uid)) ?? [],
    startedAt: new Date(Number(row.started_at)).toISOString(),
    endedAt: new Date(Number(row.ended_at)).toISOString(),
    counts: Counts.parse(JSON.parse(String(row.counts))),
    gaps: Number(row.gaps),
  }))
}

const Counts = z.record(z.string(), z.number())

async function findPlaces(sql: Sql, uids: readonly string[]): Promise<Map<string, string[]>> {
  const rows = await sql.all(
    `SELECT import_uid, place FROM reading WHERE ${isOneOf(sql, 'import_uid')} ORDER BY import_uid, place`,
    [list(uids)],
  )
  const places = new Map<string, string[]>()
  for (const row of rows) {
    const uid = String(row.import_uid)
    places.set(uid, [...(places.get(uid) ?? []), String(row.place)])
  }
  return places
}
