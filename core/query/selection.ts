import type { Sql } from '../db/sql.ts'
import { readClosure } from './closure.ts'
import { isArtifactUid } from './load.ts'
import { findRunsBelow } from './start-points.ts'
import { chunks, isOneOf, list } from './statement.ts'
import type { Direction } from './view.ts'

/** Runs and artifacts chosen for an export, closed: every run that one of them names is among them. */
export interface Selection {
  readonly runs: ReadonlySet<string>
  readonly artifacts: ReadonlySet<string>
}

/** uids asked for in one statement. */
const CHUNK = 1000

/**
 * The things named with their lineage in the direction asked for. A run brings the runs below it and what they wrote,
 * a transform its runs. Held in memory: as large as the answer.
 */
export async function selectThings(sql: Sql, uids: readonly string[], direction: Direction): Promise<Selection> {
  const roots = await withWhatTheyMade(sql, uids)
  const nodes = new Set<string>()
  for (const way of direction === 'both' ? (['up', 'down'] as const) : [direction]) {
    for await (const uid of readClosure(sql, roots, way)) nodes.add(uid)
  }
  const artifacts = new Set([...nodes].filter(isArtifactUid))
  const runs = await withReferences(
    sql,
    [...nodes].filter((uid) => !isArtifactUid(uid)),
  )
  return { runs, artifacts }
}

async function withWhatTheyMade(sql: Sql, uids: readonly string[]): Promise<string[]> {
  const others = uids.filter((uid) => !isArtifactUid(uid))
  const ofTransforms = await column(sql, `SELECT uid FROM run WHERE ${isOneOf(sql, 'transform_uid')}`, others)
  const known = await column(sql, `SELECT uid FROM run WHERE ${isOneOf(sql, 'uid')}`, others)
  const runs = [...known, ...ofTransforms]
  const all = [...new Set([...runs, ...(await findRunsBelow(sql, runs, Number.MAX_SAFE_INTEGER))])]
  const made = await column(sql, `SELECT artifact_uid AS uid FROM produced WHERE ${isOneOf(sql, 'run_uid')}`, all)
  return [...new Set([...uids.filter(isArtifactUid), ...all, ...made])]
}

/** The runs with those that started them and those that they reused. */
async function withReferences(sql: Sql, uids: readonly string[]): Promise<Set<string>> {
  const all = new Set(uids)
  for (let open = uids; open.length > 0;) {
    const referred = await column(
      sql,
      `SELECT r.uid FROM run m JOIN run r ON r.uid = m.parent_uid OR r.uid = m.reuses_uid WHERE ${isOneOf(sql, 'm.uid')}`,
      open,
    )
    open = [...new Set(referred)].filter((uid) => !all.has(uid))
    for (const uid of open) all.add(uid)
  }
  return all
}

async function column(sql: Sql, text: string, uids: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (const some of chunks(uids, CHUNK)) {
    for (const row of await sql.all(text, [list(some)])) found.push(String(row.uid))
  }
  return found
}
