import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Sql } from '../db/sql.ts'
import { HAS_EDGE } from './edgeless.ts'
import { hashSmallFile } from './on-disk.ts'
import { isOneOf, list } from './statement.ts'

/** More places than these with the same bytes say nothing. */
const MOST_PLACES = 1000

/**
 * Artifacts with the bytes of a file that is not known by its path: somebody took a copy. Those of its name where there
 * are any, and of copies of copies the last.
 * @param path absolute, on this machine
 */
export async function findByContent(sql: Sql, path: string): Promise<string[]> {
  const seen = await stat(path).catch(() => undefined) // not there, or not for us to see: the same to the caller
  if (seen?.isFile() !== true || seen.size === 0) return []
  const value = await hashSmallFile(path, seen.size)
  if (value === undefined) return []
  const rows = await sql.all(
    `SELECT DISTINCT a.uid, a.name FROM digest d JOIN artifact a ON a.uid = d.artifact_uid
     WHERE d.value = ? AND d.algorithm = 'sha256' AND d.scope = 'full' AND (${HAS_EDGE}) ORDER BY a.uid LIMIT ?`,
    [value, MOST_PLACES],
  )
  const namesakes = rows.filter(({ name }) => name === basename(path))
  return await lastCopies(
    sql,
    (namesakes.length > 0 ? namesakes : rows).map(({ uid }) => String(uid)),
  )
}

async function lastCopies(sql: Sql, uids: readonly string[]): Promise<string[]> {
  if (uids.length < 2) return [...uids]
  const edges = await sql.all(`SELECT from_uid, to_uid FROM copied WHERE ${isOneOf(sql, 'from_uid')}`, [list(uids)])
  const known = new Set(uids)
  const copied = new Set(
    edges.filter(({ to_uid }) => known.has(String(to_uid))).map(({ from_uid }) => String(from_uid)),
  )
  const last = uids.filter((uid) => !copied.has(uid))
  return last.length > 0 ? last : [...uids]
}
