import type { Sql } from '../db/sql.ts'
import type { ArtifactFact } from '../fact/fact.ts'
import { toUri } from '../fact/uri.ts'
import { Conditions } from './conditions.ts'
import { HAS_EDGE } from './edgeless.ts'
import { withDigests } from './load.ts'
import { HAS_URI_PREFIX, uriPrefix } from './statement.ts'
import type { ArtifactFilter, Page } from './view.ts'

/** A page of artifacts, by uid. */
export async function listArtifacts(sql: Sql, filter: ArtifactFilter, page: Page): Promise<ArtifactFact[]> {
  const conditions = new Conditions()
    .add(HAS_EDGE)
    .addFor(page.after, 'uid > ?')
    .addFor(filter.extension?.replace(/^\./, '').toLowerCase(), 'extension = ?')
    .addFor(filter.type, 'type = ?')
    .addFor(filter.digest, 'uid IN (SELECT d.artifact_uid FROM digest d WHERE d.value = ?)')
    .addFor(filter.since?.getTime(), 'modified_at >= ?')
    .addFor(filter.until?.getTime(), 'modified_at < ?')
  if (filter.under !== undefined) {
    const folder = toUri(filter.under) ?? filter.under
    const prefix = folder.endsWith('/') ? folder : `${folder}/`
    conditions.add(HAS_URI_PREFIX, ...uriPrefix(prefix))
  }
  const rows = await sql.all(`SELECT * FROM artifact a ${conditions.where} ORDER BY uid LIMIT ?`, [
    ...conditions.params,
    page.limit,
  ])
  return await withDigests(sql, rows)
}
