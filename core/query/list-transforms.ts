import { toTransformFact } from '../db/fact-of-row.ts'
import type { Sql } from '../db/sql.ts'
import type { TransformFact } from '../fact/fact.ts'
import { Conditions } from './conditions.ts'
import { hasTransformName, transformName } from './transform-name.ts'
import type { Page, TransformFilter } from './view.ts'

/** A page of transforms, by name, then by uid. */
export async function listTransforms(sql: Sql, filter: TransformFilter, page: Page): Promise<TransformFact[]> {
  const conditions = new Conditions().addFor(filter.engine, 'engine = ?').addFor(filter.type, 'type = ?')
  if (filter.name !== undefined) conditions.add(hasTransformName(sql), ...transformName(filter.name))
  if (page.after !== undefined) {
    const [last] = await sql.all('SELECT name FROM transform WHERE uid = ?', [page.after])
    const name = String(last?.name ?? '')
    conditions.add('name >= ? AND (name > ? OR uid > ?)', name, name, page.after)
  }
  const rows = await sql.all(`SELECT * FROM transform t ${conditions.where} ORDER BY name, uid LIMIT ?`, [
    ...conditions.params,
    page.limit,
  ])
  return rows.map(toTransformFact)
}
