/** Rows become facts again: the other half of `row.ts`. What the database should never hold is a thrown defect. */
import { z } from 'zod'
import { Digest } from '../fact/digest.ts'
import { evidenceKinds } from '../fact/evidence.ts'
import {
  AmbiguousFact, GapFact, Requested, RunError, Used, artifactTypes, copyMethods, transformTypes,
} from '../fact/fact.ts' // prettier-ignore
import type { ArtifactFact, ConsumedFact, CopiedFact, ProducedFact, RunFact, TransformFact } from '../fact/fact.ts'
import { outcomes } from '../fact/outcome.ts'
import { ArtifactUid, RunUid, TransformUid } from '../fact/uid.ts'
import { Uri } from '../fact/uri.ts'
import { textIn, type SqlRow, type SqlValue } from './sql.ts'

/** Rows of `SELECT * FROM transform`. */
export function toTransformFact(row: SqlRow): TransformFact {
  return {
    kind: 'transform',
    uid: TransformUid.parse(row.uid),
    name: textIn(row, 'name'),
    type: oneOf(transformTypes, row, 'type'),
    engine: textIn(row, 'engine'),
    ...optional('version', row.version, String),
    ...optional('sourceDigest', row.source_digest, parsed(Digest)),
    ...optional('sourcePath', row.source_path, String),
    ...optional('source', row.source, String),
  }
}

/** Rows of `SELECT * FROM run`. */
export function toRunFact(row: SqlRow): RunFact {
  return {
    kind: 'run',
    ...optional('evidence', row.evidence, (value) => RunEvidence.parse(value)),
    uid: RunUid.parse(row.uid),
    transform: TransformUid.parse(row.transform_uid),
    ...optional('parent', row.parent_uid, (value) => RunUid.parse(value)),
    engine: textIn(row, 'engine'),
    ...optional('engineVersion', row.engine_version, String),
    key: textIn(row, 'key'),
    name: textIn(row, 'name'),
    outcome: oneOf(outcomes, row, 'outcome'),
    ...optional('attempt', row.attempt, Number),
    ...optional('exitCode', row.exit_code, Number),
    ...optional('startedAt', row.started_at, toTime),
    ...optional('endedAt', row.ended_at, toTime),
    ...optional('reuses', row.reuses_uid, (value) => RunUid.parse(value)),
    ...detailsOfRun(row),
  }
}

function detailsOfRun(row: SqlRow): Partial<RunFact> {
  return {
    ...optional('params', row.params, parsed(JsonObject)),
    ...optional('command', row.command, String),
    ...optional('container', row.container, String),
    ...optional('environment', row.environment, parsed(JsonObject)),
    ...optional('host', row.host, String),
    ...optional('requested', row.requested, parsed(Requested)),
    ...optional('used', row.used, parsed(Used)),
    ...optional('workDir', row.work_dir, (value) => Uri.parse(value)),
    ...optional('error', row.error, parsed(RunError)),
    ...optional('labels', row.labels, parsed(JsonObject)),
  }
}

/** Rows of `SELECT * FROM artifact`; `digests`: its rows of `digest`, in any order. */
export function toArtifactFact(row: SqlRow, digests: readonly SqlRow[]): ArtifactFact {
  const read = digests.map((digest) => Digest.parse(pickDigest(digest)))
  return {
    kind: 'artifact',
    uid: ArtifactUid.parse(row.uid),
    uri: Uri.parse(row.uri),
    type: oneOf(artifactTypes, row, 'type'),
    ...optional('sizeBytes', row.size_bytes, Number),
    ...optional('modifiedAt', row.modified_at, toTime),
    ...(read.length === 0 ? {} : { digests: read.sort(byKindOfDigest) }),
  }
}

/** Rows of `SELECT * FROM consumed`: the artifact is the one that reconciling found. */
export function toConsumedFact(row: SqlRow): ConsumedFact {
  return {
    kind: 'consumed',
    run: RunUid.parse(row.run_uid),
    artifact: ArtifactUid.parse(row.artifact_uid),
    ...edgeOf(row),
  }
}

/** Rows of `SELECT * FROM produced`. */
export function toProducedFact(row: SqlRow): ProducedFact {
  return {
    kind: 'produced',
    run: RunUid.parse(row.run_uid),
    artifact: ArtifactUid.parse(row.artifact_uid),
    ...edgeOf(row),
  }
}

/** Rows of `SELECT * FROM copied`. */
export function toCopiedFact(row: SqlRow): CopiedFact {
  const inferred = typeof row.resolved_method === 'string'
  return {
    kind: 'copied',
    from: ArtifactUid.parse(row.from_uid),
    to: ArtifactUid.parse(row.to_uid),
    method: oneOf(copyMethods, row, 'method'),
    evidence: inferred ? 'inferred' : oneOf(evidenceKinds, row, 'evidence'),
    ...optional('at', row.copied_at, toTime),
  }
}

/** Rows of `SELECT * FROM ambiguous`. */
export function toAmbiguousFact(row: SqlRow): AmbiguousFact {
  const candidates: unknown = JSON.parse(textIn(row, 'candidates'))
  return AmbiguousFact.parse({
    kind: 'ambiguous',
    subject: row.subject_uid,
    relation: row.relation,
    candidates,
    why: row.why,
  })
}

/** Rows of `SELECT * FROM gap`. */
export function toGapFact(row: SqlRow): GapFact {
  return GapFact.parse({
    kind: 'gap',
    import: row.import_uid,
    code: row.code,
    place: row.place,
    message: row.message,
  })
}

const RunEvidence = z.enum(['observed', 'inferred'])
const JsonObject = z.record(z.string(), z.json())

function edgeOf(row: SqlRow): Pick<ConsumedFact, 'role' | 'evidence' | 'method'> {
  const method = row.resolved_method ?? row.method ?? null
  return {
    ...(row.role === '' ? {} : { role: textIn(row, 'role') }),
    evidence: typeof row.resolved_method === 'string' ? 'inferred' : oneOf(evidenceKinds, row, 'evidence'),
    ...optional('method', method, String),
  }
}

function pickDigest(row: SqlRow): SqlRow {
  const { algorithm = null, value = null, scope = null, evidence = null } = row
  return { algorithm, value, scope, evidence }
}

function byKindOfDigest(a: Digest, b: Digest): number {
  const [x, y] = [a, b].map((digest) => `${digest.algorithm}\0${digest.scope}\0${digest.value}`)
  return (x ?? '') < (y ?? '') ? -1 : 1
}

function toTime(value: SqlValue): string {
  return new Date(Number(value)).toISOString()
}

function oneOf<T extends string>(allowed: readonly T[], row: SqlRow, column: string): T {
  const found = allowed.find((value) => value === row[column])
  if (found === undefined) throw new TypeError(`not a known ${column}: ${String(row[column])}`)
  return found
}

function optional<K extends string, T>(
  key: K,
  value: SqlValue | undefined,
  read: (value: SqlValue) => T,
): Partial<Record<K, T>> {
  if (value === null || value === undefined) return {}
  const made: Partial<Record<K, T>> = {}
  made[key] = read(value)
  return made
}

function parsed<T>(schema: z.ZodType<T>): (value: SqlValue) => T {
  return (value) => schema.parse(JSON.parse(String(value)))
}
