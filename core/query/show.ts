import type { Sql } from '../db/sql.ts'
import { isArtifactUid, loadArtifacts, loadRuns, loadTransforms } from './load.ts'
import { describeArtifact } from './show-artifact.ts'
import { describeRun } from './show-run.ts'
import { describeTransform } from './show-transform.ts'
import type { Detail } from './view.ts'

/** Everything that is known of one thing; `undefined` when there is none of this uid. `most`: items of each list. */
export async function readDetail(sql: Sql, uid: string, most: number): Promise<Detail | undefined> {
  if (isArtifactUid(uid)) {
    const artifact = (await loadArtifacts(sql, [uid])).get(uid)
    return artifact === undefined ? undefined : await describeArtifact(sql, artifact, most)
  }
  const run = (await loadRuns(sql, [uid])).get(uid)
  if (run !== undefined) return await describeRun(sql, run, most)
  const transform = (await loadTransforms(sql, [uid])).get(uid)
  return transform === undefined ? undefined : await describeTransform(sql, transform, most)
}
