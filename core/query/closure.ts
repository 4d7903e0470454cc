import type { Sql } from '../db/sql.ts'
import { containmentSteps } from './containment.ts'
import { isArtifactUid } from './load.ts'
import { chunks, isOneOf, list, tableOf } from './statement.ts'

/** uids whose folders are looked at together. */
const CHUNK = 1000

/**
 * The uids of everything above (or below) the roots, themselves among them, each once. The database walks, by uid
 * alone, so a million take seconds; for distances, edges and limits see `readLineage`.
 */
export async function* readClosure(
  sql: Sql,
  roots: readonly string[],
  direction: 'up' | 'down',
): AsyncGenerator<string> {
  const text = closureStatement(sql, direction, await findUsed(sql))
  if (!(await hasFolders(sql))) {
    for await (const row of sql.iterate(text, [list(roots)])) yield String(row.id)
    return
  }
  // Folders and their files are joined by paths, which the walk inside the database does not compare: it goes on from
  // wherever such a step leads, until there is none.
  const seen = new Set<string>()
  for (let starts = roots; starts.length > 0;) {
    const fresh: string[] = []
    for await (const row of sql.iterate(text, [list(starts)])) {
      const uid = String(row.id)
      if (seen.has(uid)) continue
      seen.add(uid)
      fresh.push(uid)
      yield uid
    }
    starts = (await containedIn(sql, direction, fresh.filter(isArtifactUid))).filter((uid) => !seen.has(uid))
  }
}

/** Kinds of edges that there are at all: one that nobody has need not be asked for at every step. */
interface Used {
  readonly copies: boolean
  readonly reuses: boolean
}

async function findUsed(sql: Sql): Promise<Used> {
  const [copies] = await sql.all('SELECT 1 AS one FROM copied LIMIT 1')
  const [reuses] = await sql.all('SELECT 1 AS one FROM run WHERE reuses_uid IS NOT NULL LIMIT 1')
  return { copies: copies !== undefined, reuses: reuses !== undefined }
}

async function hasFolders(sql: Sql): Promise<boolean> {
  return (await sql.all(`SELECT 1 AS one FROM artifact WHERE type = 'folder' LIMIT 1`)).length > 0
}

/**
 * A walk by UNION on the uid alone: each is met once, however many ways lead there. The length of a uid tells a run
 * from an artifact, which spares the lookups that cannot find anything.
 */
function closureStatement(sql: Sql, direction: 'up' | 'down', used: Used): string {
  const steps = direction === 'up' ? UP : DOWN
  const chosen = steps.filter(({ kind }) => kind === 'made' || used[kind]).map(({ step }) => step)
  if (sql.provider === 'sqlite') {
    const walks = chosen.map(([select, from, where]) => `SELECT ${select} FROM walk w JOIN ${from} ON ${where}`)
    return `WITH RECURSIVE walk(id) AS (SELECT value FROM ${tableOf(sql, 'root')}
      UNION ${walks.join(' UNION ')}) SELECT id FROM walk`
  }
  // Postgres allows one recursive part; LATERAL makes it go by the indexes.
  const walks = chosen.map(([select, from, where]) => `SELECT ${select} AS id FROM ${from} WHERE ${where}`)
  return `WITH RECURSIVE walk(id) AS (SELECT value COLLATE "C" FROM ${tableOf(sql, 'root')}
    UNION SELECT n.id FROM walk w CROSS JOIN LATERAL (${walks.join(' UNION ALL ')}) n) SELECT id FROM walk`
}

interface ClosureStep {
  readonly kind: 'made' | keyof Used
  readonly step: readonly [select: string, from: string, where: string]
}

const IS_ARTIFACT = 'length(w.id) = 20'
const IS_RUN = 'length(w.id) = 16'

const UP: readonly ClosureStep[] = [
  { kind: 'made', step: ['p.run_uid', 'produced p', `${IS_ARTIFACT} AND p.artifact_uid = w.id`] },
  { kind: 'made', step: ['c.artifact_uid', 'consumed c', `${IS_RUN} AND c.run_uid = w.id`] },
  { kind: 'copies', step: ['o.from_uid', 'copied o', `${IS_ARTIFACT} AND o.to_uid = w.id`] },
  { kind: 'reuses', step: ['r.reuses_uid', 'run r', `${IS_RUN} AND r.uid = w.id AND r.reuses_uid IS NOT NULL`] },
]

const DOWN: readonly ClosureStep[] = [
  { kind: 'made', step: ['p.artifact_uid', 'produced p', `${IS_RUN} AND p.run_uid = w.id`] },
  { kind: 'made', step: ['c.run_uid', 'consumed c', `${IS_ARTIFACT} AND c.artifact_uid = w.id`] },
  { kind: 'copies', step: ['o.to_uid', 'copied o', `${IS_ARTIFACT} AND o.from_uid = w.id`] },
  { kind: 'reuses', step: ['r.uid', 'run r', `${IS_RUN} AND r.reuses_uid = w.id`] },
]

/** Where folders and files lead from these artifacts. */
async function containedIn(sql: Sql, direction: 'up' | 'down', uids: readonly string[]): Promise<string[]> {
  const found = new Set<string>()
  for (const some of chunks(uids, CHUNK)) {
    const made = direction === 'up' ? await findMade(sql, some) : new Set<string>()
    for (const step of await containmentSteps(sql, direction, some, made, ignore)) found.add(step.to)
  }
  return [...found].sort()
}

async function findMade(sql: Sql, uids: readonly string[]): Promise<Set<string>> {
  const rows = await sql.all(
    `SELECT artifact_uid AS uid FROM produced WHERE ${isOneOf(sql, 'artifact_uid')}
     UNION SELECT to_uid FROM copied WHERE ${isOneOf(sql, 'to_uid')}`,
    [list(uids), list(uids)],
  )
  return new Set(rows.map((row) => String(row.uid)))
}

function ignore(): void {
  // What cannot be decided leads nowhere.
}
