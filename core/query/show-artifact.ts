import type { Sql } from '../db/sql.ts'
import { type ArtifactFact } from '../fact/fact.ts'
import { loadAmbiguous } from './lineage.ts'
import { loadArtifacts } from './load.ts'
import { findVersions, stemOf } from './places.ts'
import { someConsumers, someCopies, someProducers } from './some.ts'
import { sortVersions } from './versions.ts'
import type { ArtifactDetail, Some } from './view.ts'

/** An artifact with who wrote and read it, its copies, its other versions, and where else the same bytes lie. */
export async function describeArtifact(sql: Sql, artifact: ArtifactFact, most: number): Promise<ArtifactDetail> {
  return {
    kind: 'artifact',
    thing: artifact,
    producedBy: await someProducers(sql, artifact.uid, most),
    consumedBy: await someConsumers(sql, artifact.uid, most),
    copiedFrom: await someCopies(sql, 'to_uid', artifact.uid, most),
    copiedTo: await someCopies(sql, 'from_uid', artifact.uid, most),
    versions: await sortVersions(sql, await findVersions(sql, [stemOf(artifact.uri)])),
    sameContent: await findSameContent(sql, artifact.uid, most),
    ambiguous: await loadAmbiguous(sql, [artifact.uid]),
  }
}

/** Other artifacts with a digest of the same algorithm, scope and value: only like is compared with like. */
async function findSameContent(sql: Sql, uid: string, most: number): Promise<Some<ArtifactFact>> {
  const where = `FROM digest mine JOIN digest other
    ON other.value = mine.value AND other.algorithm = mine.algorithm AND other.scope = mine.scope
    WHERE mine.artifact_uid = ? AND mine.scope IN ('full', 'engine') AND other.artifact_uid <> mine.artifact_uid`
  const [all] = await sql.all(`SELECT COUNT(DISTINCT other.artifact_uid) AS total ${where}`, [uid])
  const rows = await sql.all(`SELECT DISTINCT other.artifact_uid AS uid ${where} ORDER BY 1 LIMIT ?`, [uid, most])
  const artifacts = await loadArtifacts(
    sql,
    rows.map((row) => String(row.uid)),
  )
  return { total: Number(all?.total), items: [...artifacts.values()] }
}
