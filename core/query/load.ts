import { toArtifactFact, toRunFact, toTransformFact } from '../db/fact-of-row.ts'
import type { Sql, SqlRow } from '../db/sql.ts'
import type { ArtifactFact, RunFact, TransformFact } from '../fact/fact.ts'
import { chunks, isOneOf, list } from './statement.ts'
import type { Thing } from './view.ts'

/** Rows asked for in one statement. */
const CHUNK = 1000

export async function loadTransforms(sql: Sql, uids: Iterable<string>): Promise<Map<string, TransformFact>> {
  return await load(uids, async (some) => {
    const rows = await sql.all(`SELECT * FROM transform WHERE ${isOneOf(sql, 'uid')} ORDER BY uid`, [list(some)])
    return rows.map(toTransformFact)
  })
}

export async function loadRuns(sql: Sql, uids: Iterable<string>): Promise<Map<string, RunFact>> {
  return await load(uids, async (some) => {
    const rows = await sql.all(`SELECT * FROM run WHERE ${isOneOf(sql, 'uid')} ORDER BY uid`, [list(some)])
    return rows.map(toRunFact)
  })
}

export async function loadArtifacts(sql: Sql, uids: Iterable<string>): Promise<Map<string, ArtifactFact>> {
  return await load(uids, async (some) => {
    const rows = await sql.all(`SELECT * FROM artifact WHERE ${isOneOf(sql, 'uid')} ORDER BY uid`, [list(some)])
    return await withDigests(sql, rows)
  })
}

/** Artifact rows to facts, their digests fetched along. */
export async function withDigests(sql: Sql, rows: readonly SqlRow[]): Promise<ArtifactFact[]> {
  if (rows.length === 0) return []
  const digests = new Map<string, SqlRow[]>()
  const found = await sql.all(
    `SELECT * FROM digest WHERE ${isOneOf(sql, 'artifact_uid')}
     ORDER BY artifact_uid, algorithm, scope, value`,
    [list(rows.map((row) => String(row.uid)))],
  )
  for (const row of found) {
    const uid = String(row.artifact_uid)
    const known = digests.get(uid)
    if (known === undefined) digests.set(uid, [row])
    else known.push(row)
  }
  return rows.map((row) => toArtifactFact(row, digests.get(String(row.uid)) ?? []))
}

/** Things of any kind, in the order asked for; unknown uids are left out. */
export async function loadThings(sql: Sql, uids: readonly string[]): Promise<Thing[]> {
  const artifacts = await loadArtifacts(sql, uids.filter(isArtifactUid))
  const others = uids.filter((uid) => !isArtifactUid(uid))
  const runs = await loadRuns(sql, others)
  const transforms = await loadTransforms(
    sql,
    others.filter((uid) => !runs.has(uid)),
  )
  return uids.flatMap((uid) => artifacts.get(uid) ?? runs.get(uid) ?? transforms.get(uid) ?? [])
}

/** uids of artifacts are longer than all others. */
export function isArtifactUid(uid: string): boolean {
  return uid.length === 20
}

async function load<T extends { readonly uid: string }>(
  uids: Iterable<string>,
  fetch: (uids: readonly string[]) => Promise<readonly T[]>,
): Promise<Map<string, T>> {
  const found = new Map<string, T>()
  for (const some of chunks([...new Set(uids)], CHUNK)) {
    for (const fact of await fetch(some)) found.set(fact.uid, fact)
  }
  return found
}
