/**
 * Stemma as a library: one lineage graph for every pipeline.
 *
 * ```ts
 * import { openStemma } from 'stemma'
 * import nextflow from 'stemma/nextflow'
 *
 * const stemma = await openStemma({ database: 'file:lineage.db', create: true })
 * await stemma.import(nextflow, '.')
 * const found = await stemma.resolve('all_counts.tsv')
 * if (found.found === 'one') {
 *   const lineage = await stemma.lineage(found.thing.uid, { direction: 'up', limit: 1000 })
 *   for (const node of lineage.nodes) console.log(node.kind, node.kind === 'run' ? node.name : node.uri)
 * }
 * await stemma.close()
 * ```
 *
 * @module
 */
export { openStemma, stemmaOn } from './stemma.ts'
export type { Stemma, StemmaOptions } from './stemma.ts'
export { openDatabase } from './db/open-database.ts'
export type { Database } from './db/database.ts'
export { ingest } from './ingest/ingest.ts'
export type { ImportMeta } from './ingest/import-record.ts'
export type { ImportSummary, IngestOptions } from './ingest/ingest.ts'
export type { ImportOptions } from './ingest/import-place.ts'
export type { ImportOutcome } from './ingest/import-leftovers.ts'
export { formatFacts } from './export/fact-formats.ts'
export type { FactFormat } from './export/fact-formats.ts'
export { formatLineage } from './export/lineage-formats.ts'
export { StemmaError, exitCodeOf, isStemmaError } from './errors.ts'
export { readFacts } from './fact/ndjson.ts'
export type { ExportChoice } from './query/export-facts.ts'
export type {
  ArtifactDetail, ArtifactFilter, Check, Connection, ContainedEdge, Detail, Direction, Finding, ImportView, Lineage,
  LineageEdge, LineageNode, LineageOptions, MatchedBy, OnDisk, Page, Resolution, ReusedEdge, RunDetail, RunFilter, Some,
  Thing, TransformDetail, TransformFilter,
} from './query/view.ts' // prettier-ignore
export type {
  AmbiguousFact, ArtifactFact, ConsumedFact, CopiedFact, Fact, GapFact, ProducedFact, RootFact, RunFact, StreamFact,
  TransformFact,
} from './fact/fact.ts' // prettier-ignore
export { tracked } from './record/tracked.ts'
export type { TrackedOptions } from './record/tracked-options.ts'
export type { TrackedDecorator } from './record/decorator.ts'
export { run, step } from './record/script.ts'
export type { RunOptions } from './record/script.ts'
export { input, output, param } from './record/declare.ts'
export { artifactRef } from './record/artifact-ref.ts'
export type { ArtifactPlace, ArtifactRef } from './record/artifact-ref.ts'
export { carry, carryEnv, continueIn } from './record/carry.ts'
export type { CarriedRun } from './record/carry.ts'
export { closeRecorder, configureRecorder, flushRecorder } from './record/process-recorder.ts'
export type { RecordOptions } from './record/process-recorder.ts'
export { deliverSpool } from './record/deliver.ts'
export type { Delivery } from './record/deliver.ts'
