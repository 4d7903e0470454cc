import { toRunFact } from '../db/fact-of-row.ts'
import type { Sql } from '../db/sql.ts'
import type { RunFact } from '../fact/fact.ts'
import { Conditions } from './conditions.ts'
import { addLabel } from './labels.ts'
import { afterPrefix } from './statement.ts'
import { hasTransformName, transformName } from './transform-name.ts'
import type { Page, RunFilter } from './view.ts'

/** A page of runs, the latest started first; those without a time come last, by uid. */
export async function listRuns(sql: Sql, filter: RunFilter, page: Page): Promise<RunFact[]> {
  const after = page.after === undefined ? undefined : await findPlace(sql, page.after)
  const dated = after?.startedAt === null ? [] : await listDated(sql, filter, page.limit, after)
  const left = page.limit - dated.length
  const hasUndated = filter.since === undefined && filter.until === undefined
  const undated = left > 0 && hasUndated ? await listUndated(sql, filter, left, after) : []
  return [...dated, ...undated]
}

/** Where a page goes on. */
interface Place {
  readonly uid: string
  readonly startedAt: number | null
}

async function findPlace(sql: Sql, uid: string): Promise<Place | undefined> {
  const [row] = await sql.all('SELECT started_at FROM run WHERE uid = ?', [uid])
  if (row === undefined) return undefined
  return { uid, startedAt: row.started_at === null ? null : Number(row.started_at) }
}

async function listDated(sql: Sql, filter: RunFilter, limit: number, after: Place | undefined): Promise<RunFact[]> {
  const conditions = (await toConditions(sql, filter))
    .add('started_at IS NOT NULL')
    .addFor(filter.since?.getTime(), 'started_at >= ?')
    .addFor(filter.until?.getTime(), 'started_at < ?')
  if (after !== undefined) {
    conditions.add('started_at <= ? AND (started_at < ? OR uid > ?)', after.startedAt, after.startedAt, after.uid)
  }
  const rows = await sql.all(`SELECT * FROM run ${conditions.where} ORDER BY started_at DESC, uid LIMIT ?`, [
    ...conditions.params,
    limit,
  ])
  return rows.map(toRunFact)
}

async function listUndated(sql: Sql, filter: RunFilter, limit: number, after: Place | undefined): Promise<RunFact[]> {
  const conditions = (await toConditions(sql, filter)).add('started_at IS NULL')
  if (after?.startedAt === null) conditions.add('uid > ?', after.uid)
  const rows = await sql.all(`SELECT * FROM run ${conditions.where} ORDER BY uid LIMIT ?`, [
    ...conditions.params,
    limit,
  ])
  return rows.map(toRunFact)
}

async function toConditions(sql: Sql, filter: RunFilter): Promise<Conditions> {
  const conditions = new Conditions()
    .addFor(filter.engine, 'engine = ?')
    .addFor(filter.outcome, 'outcome = ?')
    .addFor(filter.parent, 'parent_uid = ?')
  if (filter.top === true) conditions.add('parent_uid IS NULL')
  if (filter.transform !== undefined) {
    const { transform } = filter
    conditions.add(
      `transform_uid IN (SELECT t.uid FROM transform t WHERE ${hasTransformName(sql)} OR t.uid >= ? AND t.uid < ?)`,
      ...transformName(transform),
      ...uidRange(transform),
    )
  }
  if (filter.param !== undefined) conditions.add(paramIs(sql), filter.param.name, filter.param.value)
  for (const label of filter.labels ?? []) await addLabel(sql, conditions, label)
  return conditions
}

/** The uids that start with a text, if it can be the start of one: lists show eight characters. */
function uidRange(text: string): [string, string] {
  return /^[0-9A-Za-z]{8,16}$/.test(text) ? [text, afterPrefix(text)] : ['', '']
}

/** A parameter of this name whose value reads like this text. */
function paramIs(sql: Sql): string {
  if (sql.provider === 'postgres') return 'params IS NOT NULL AND params::jsonb ->> ? = ?'
  return `params IS NOT NULL AND EXISTS (SELECT 1 FROM json_each(params) j WHERE j.key = ? AND
    CASE j.type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE CAST(j.value AS TEXT) END = ?)`
}
