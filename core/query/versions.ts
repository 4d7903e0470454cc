import type { Sql } from '../db/sql.ts'
import type { ArtifactFact } from '../fact/fact.ts'
import { isOneOf, list } from './statement.ts'

/**
 * Versions of one place, newest first, by when each was written: the end of the run that made it, else of its copying,
 * else of the run that made what it was copied from, else its own time, else when somebody last read it.
 */
export async function sortVersions(sql: Sql, versions: readonly ArtifactFact[]): Promise<ArtifactFact[]> {
  if (versions.length < 2) return [...versions]
  const times = await writingTimes(
    sql,
    versions.map((version) => version.uid),
  )
  const timeOf = (version: ArtifactFact): number => {
    const [made, read] = times.get(version.uid) ?? []
    return made ?? (version.modifiedAt === undefined ? undefined : Date.parse(version.modifiedAt)) ?? read ?? -Infinity
  }
  return [...versions].sort((a, b) => timeOf(b) - timeOf(a) || (a.uid < b.uid ? -1 : 1))
}

async function writingTimes(
  sql: Sql,
  uids: readonly string[],
): Promise<Map<string, readonly [made: number | undefined, read: number | undefined]>> {
  const ended = (of: string): string =>
    `SELECT MAX(COALESCE(r.ended_at, r.started_at)) FROM produced p JOIN run r ON r.uid = p.run_uid WHERE p.artifact_uid = ${of}`
  const rows = await sql.all(
    `SELECT a.uid,
       COALESCE((${ended('a.uid')}),
                (SELECT MAX(COALESCE(c.copied_at, (${ended('c.from_uid')}))) FROM copied c WHERE c.to_uid = a.uid)) AS made,
       (SELECT MAX(r.started_at) FROM consumed c JOIN run r ON r.uid = c.run_uid WHERE c.artifact_uid = a.uid) AS "read"
     FROM artifact a WHERE ${isOneOf(sql, 'a.uid')}`,
    [list(uids)],
  )
  return new Map(rows.map((row) => [String(row.uid), [toNumber(row.made), toNumber(row.read)]]))
}

function toNumber(value: string | number | null | undefined): number | undefined {
  return value === null || value === undefined ? undefined : Number(value)
}
