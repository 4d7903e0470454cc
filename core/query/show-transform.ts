import { toTransformFact } from '../db/fact-of-row.ts'
import type { Sql } from '../db/sql.ts'
import type { TransformFact } from '../fact/fact.ts'
import { countOutcomes, someRuns } from './some.ts'
import type { TransformDetail } from './view.ts'

/** Other versions listed. */
const MOST_VERSIONS = 1000

/** Code with its runs and its other versions. */
export async function describeTransform(sql: Sql, transform: TransformFact, most: number): Promise<TransformDetail> {
  const stem = transform.uid.slice(0, 12)
  const rows = await sql.all('SELECT * FROM transform WHERE uid >= ? AND uid <= ? AND uid <> ? ORDER BY uid LIMIT ?', [
    `${stem}0000`,
    `${stem}zzzz`,
    transform.uid,
    MOST_VERSIONS,
  ])
  return {
    kind: 'transform',
    thing: transform,
    runs: await someRuns(sql, 'transform_uid', transform.uid, most),
    byOutcome: await countOutcomes(sql, 'transform_uid', transform.uid),
    versions: rows.map(toTransformFact),
  }
}
