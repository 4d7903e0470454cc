import { resolve } from 'node:path'
import { nameOf } from '../db/row.ts'
import type { Sql, SqlRow } from '../db/sql.ts'
import { fileUri, toUri } from '../fact/uri.ts'
import { HAS_EDGE } from './edgeless.ts'
import { findFormerUris } from './roots.ts'

/** What stands for the part of a path that was left out when it was shown: `work/ab/cdef12…/s1.bam`. */
const LEFT_OUT = '…'
const ENCODED = encodeURIComponent(LEFT_OUT)
/** Fewer characters that were not left out would fit nearly everything. */
const FEWEST_LEFT = 3

/** Artifacts at paths that were copied from a tree or a table, which shorten them. */
export async function findAtShortenedPath(
  sql: Sql,
  text: string,
  workingFolder: string,
  limit: number,
): Promise<readonly string[]> {
  const name = nameOf(text)
  const isWhole = name !== '' && !name.includes(LEFT_OUT)
  for (const pattern of await toPatterns(sql, text, workingFolder)) {
    const rows = await sql.all(
      `SELECT uid FROM artifact a WHERE ${isWhole ? 'name = ? AND' : ''} uri LIKE ? ESCAPE '!' AND (${HAS_EDGE}) ORDER BY uid LIMIT ?`,
      [...(isWhole ? [name] : []), pattern, limit],
    )
    if (rows.length > 0) return toUids(rows)
  }
  return []
}

/** Runs whose work folder was copied so. */
export async function findInShortenedFolder(
  sql: Sql,
  text: string,
  workingFolder: string,
  limit: number,
): Promise<readonly string[]> {
  for (const pattern of await toPatterns(sql, text, workingFolder)) {
    const rows = await sql.all(`SELECT uid FROM run WHERE work_dir LIKE ? ESCAPE '!' LIMIT ?`, [pattern, limit])
    if (rows.length > 0) return toUids(rows)
  }
  return []
}

/** The path from the working folder, under all names of the folders around it, then as the end of any path. */
async function toPatterns(sql: Sql, text: string, workingFolder: string): Promise<string[]> {
  if (!text.includes(LEFT_OUT) || text.replace(/[./…]/g, '').length < FEWEST_LEFT) return []
  const uri = toUri(text) ?? fileUri(resolve(workingFolder, text))
  const end = fileUri(`/${text}`).slice('file://'.length)
  return [...(await findFormerUris(sql, uri)).map(toPattern), `%${toPattern(end)}`]
}

/** For LIKE: anything may stand for what was left out, and nothing else means anything. */
function toPattern(uri: string): string {
  return uri
    .split(ENCODED)
    .map((part) => part.replace(/[!%_]/g, '!$&'))
    .join('%')
}

function toUids(rows: readonly SqlRow[]): string[] {
  return rows.map((row) => String(row.uid))
}
