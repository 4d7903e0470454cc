import { z } from 'zod'
import { Digest } from './digest.ts'
import { evidenceKinds } from './evidence.ts'
import { outcomes } from './outcome.ts'
import { ArtifactUid, ImportUid, RunUid, TransformUid } from './uid.ts'
import { Uri } from './uri.ts'

/** Major version of the fact stream; a reader refuses any other. */
export const FACTS_VERSION = 1

export const transformTypes = [
  'pipeline', 'process', 'rule', 'task', 'function', 'workflow', 'activity', 'script', 'notebook',
] as const // prettier-ignore
export const artifactTypes = ['file', 'folder', 'object', 'value'] as const
export const copyMethods = ['copy', 'link', 'symlink', 'move', 'stage', 'transfer', 'same-content'] as const

const text = z.string().max(1_000_000)
const Name = z.string().min(1).max(65_536)
const Time = z.iso.datetime({ precision: 3 })
const Count = z.number().int().min(0)
/** Any JSON value; depth and size are bounded where it is read. */
const Json = z.json()

/** First of a stream. */
export const StreamFact = z.strictObject({
  kind: z.literal('stream'),
  format: z.literal('stemma-facts'),
  version: z.literal(FACTS_VERSION),
})

/** Versioned code that can run. */
export const TransformFact = z.strictObject({
  kind: z.literal('transform'),
  uid: TransformUid,
  name: Name,
  type: z.enum(transformTypes),
  engine: Name,
  version: Name.optional(),
  sourceDigest: Digest.optional(),
  sourcePath: text.optional(),
  /** The code itself, where the engine kept it. */
  source: text.optional(),
})

/** What was asked for (`timeMs` = limit). */
export const Requested = z.strictObject({
  cpus: z.number().min(0).optional(),
  memoryBytes: z.number().min(0).optional(),
  diskBytes: z.number().min(0).optional(),
  timeMs: z.number().min(0).optional(),
  accelerators: z.number().min(0).optional(),
})

/** What was used. `cpuPercent`: 100 = one core. */
export const Used = z.strictObject({
  cpuPercent: z.number().min(0).optional(),
  memoryPercent: z.number().min(0).optional(),
  realtimeMs: z.number().min(0).optional(),
  rssBytes: z.number().min(0).optional(),
  peakRssBytes: z.number().min(0).optional(),
  vmemBytes: z.number().min(0).optional(),
  peakVmemBytes: z.number().min(0).optional(),
  readBytes: z.number().min(0).optional(),
  writeBytes: z.number().min(0).optional(),
})

export const RunError = z.strictObject({ type: Name.optional(), message: text, stack: text.optional() })

/**
 * One execution of a transform. `evidence` absent = the engine's own record; `observed` = seen by a live recorder;
 * `inferred` = a stub, named by somebody else's record. A stronger statement of one run replaces a weaker one.
 */
export const RunFact = z.strictObject({
  kind: z.literal('run'),
  evidence: z.enum(['observed', 'inferred']).optional(),
  uid: RunUid,
  transform: TransformUid,
  parent: RunUid.optional(),
  engine: Name,
  engineVersion: Name.optional(),
  key: Name,
  name: Name,
  outcome: z.enum(outcomes),
  attempt: Count.optional(),
  exitCode: z.number().int().optional(),
  startedAt: Time.optional(),
  endedAt: Time.optional(),
  reuses: RunUid.optional(),
  params: z.record(z.string(), Json).optional(),
  command: text.optional(),
  container: text.optional(),
  environment: z.record(z.string(), Json).optional(),
  host: text.optional(),
  requested: Requested.optional(),
  used: Used.optional(),
  workDir: Uri.optional(),
  error: RunError.optional(),
  /** The engine's own words worth finding again (tag, queue, native id, labels …). */
  labels: z.record(z.string(), Json).optional(),
})

/** A file, folder, object or value at a place in one version. */
export const ArtifactFact = z.strictObject({
  kind: z.literal('artifact'),
  uid: ArtifactUid,
  uri: Uri,
  type: z.enum(artifactTypes),
  sizeBytes: Count.optional(),
  modifiedAt: Time.optional(),
  digests: z.array(Digest).max(16).optional(),
})

const Edge = { role: Name.optional(), evidence: z.enum(evidenceKinds), method: Name.optional() }

export const ConsumedFact = z.strictObject({ kind: z.literal('consumed'), run: RunUid, artifact: ArtifactUid, ...Edge })
export const ProducedFact = z.strictObject({ kind: z.literal('produced'), run: RunUid, artifact: ArtifactUid, ...Edge })

/** `to` is a copy of `from` in another place or version. */
export const CopiedFact = z.strictObject({
  kind: z.literal('copied'),
  from: ArtifactUid,
  to: ArtifactUid,
  method: z.enum(copyMethods),
  evidence: z.enum(evidenceKinds),
  /** When, where the engine says so. */
  at: Time.optional(),
})

/** Several candidates and nothing to decide by: listed, never asserted. */
export const AmbiguousFact = z.strictObject({
  kind: z.literal('ambiguous'),
  subject: z.union([ArtifactUid, RunUid]),
  relation: z.enum(['produced', 'consumed', 'copied', 'parent', 'reuses']),
  candidates: z
    .array(z.union([ArtifactUid, RunUid]))
    .min(2)
    .max(1000),
  why: text,
})

/** Something the leftovers should say and do not: damage, disagreement, something missing. */
export const GapFact = z.strictObject({
  kind: z.literal('gap'),
  import: ImportUid.optional(),
  code: z.string().regex(/^[a-z][a-z0-9.-]*$/),
  place: text,
  message: text,
})

/**
 * The folder `was`, as the engine wrote it down, lies at `now` on this machine. It belongs to the import, not to the
 * lineage: it is kept so that today's paths are found, and left out of exports.
 */
export const RootFact = z.strictObject({ kind: z.literal('root'), was: Uri, now: Uri })

export const Fact = z.discriminatedUnion('kind', [
  StreamFact, TransformFact, RunFact, ArtifactFact, ConsumedFact, ProducedFact, CopiedFact, AmbiguousFact, GapFact, RootFact,
]) // prettier-ignore

export type StreamFact = z.infer<typeof StreamFact>
export type TransformFact = z.infer<typeof TransformFact>
export type RunFact = z.infer<typeof RunFact>
export type ArtifactFact = z.infer<typeof ArtifactFact>
export type ConsumedFact = z.infer<typeof ConsumedFact>
export type ProducedFact = z.infer<typeof ProducedFact>
export type CopiedFact = z.infer<typeof CopiedFact>
export type AmbiguousFact = z.infer<typeof AmbiguousFact>
export type GapFact = z.infer<typeof GapFact>
export type RootFact = z.infer<typeof RootFact>
export type Fact = z.infer<typeof Fact>
