import type { Sql } from '../db/sql.ts'
import type { ArtifactFact } from '../fact/fact.ts'
import { artifactStem, artifactUid } from '../fact/uid.ts'
import { HAS_EDGE } from './edgeless.ts'
import { withDigests } from './load.ts'
import { list, tableOf } from './statement.ts'

/** What the uids of all versions at a place begin with. */
export function stemOf(uri: string): string {
  return artifactStem(artifactUid(uri))
}

/** The uris of the folders around a place, nearest first. */
export function enclosing(uri: string): string[] {
  const start = /^[a-z][a-z0-9+.-]*:\/\/[^/]*\//i.exec(uri)?.[0].length
  if (start === undefined) return []
  const folders: string[] = []
  for (let at = uri.lastIndexOf('/'); at >= start; at = uri.lastIndexOf('/', at - 1)) folders.push(uri.slice(0, at))
  return folders
}

/** Every version at these places, by uid. */
export async function findVersions(sql: Sql, stems: readonly string[]): Promise<ArtifactFact[]> {
  const rows = await sql.all(
    `SELECT a.* FROM ${tableOf(sql, 'stem')} CROSS JOIN artifact a
     WHERE a.uid >= stem.value || '0000' AND a.uid <= stem.value || 'zzzz' AND (${HAS_EDGE}) ORDER BY a.uid`,
    [list(new Set(stems))],
  )
  return await withDigests(sql, rows)
}
