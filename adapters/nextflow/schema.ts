/**
 * The JSON shapes of Nextflow's own that are read, only the fields in use. Lineage store: `nextflow.lineage.model`
 * (v1beta1) and its `LinTypeAdapter`; web log: `nextflow.weblog.WebLogObserver`.
 *
 * @module
 */
import { z } from 'zod'

/** Nextflow writes null for what it does not know. */
const text = z.string().nullish()

const Checksum = z.object({ value: z.string(), algorithm: text, mode: text }).nullish()
const DataPath = z.object({ path: z.string(), checksum: Checksum })
const Parameter = z.object({ type: text, name: text, value: z.unknown().optional() })
const parameters = z.array(Parameter).nullish()

export const LineageWorkflowRun = z.object({
  workflow: z.object({ scriptFiles: z.array(DataPath).nullish(), repository: text, commitId: text }).nullish(),
  sessionId: text,
  name: text,
  params: parameters,
  config: z.record(z.string(), z.unknown()).nullish(),
  /** Since 26.04: the workflow object without its end. */
  metadata: z.record(z.string(), z.unknown()).nullish(),
})

/** TaskRun; AgentRun (26.08) shares its key space and most of these fields. */
export const LineageTaskRun = z.object({
  sessionId: text,
  name: text,
  codeChecksum: Checksum,
  script: text,
  input: parameters,
  container: text,
  conda: text,
  spack: text,
  architecture: text,
  globalVars: z.record(z.string(), z.unknown()).nullish(),
  binEntries: z.array(DataPath).nullish(),
  workflowRun: text,
  moduleId: text,
})

export const LineageOutput = z.object({
  taskRun: text,
  workflowRun: text,
  createdAt: text,
  output: parameters,
})

export const LineageFileOutput = z.object({
  path: z.string(),
  checksum: Checksum,
  source: text,
  workflowRun: text,
  taskRun: text,
  size: z.number().nullish(),
  createdAt: text,
  modifiedAt: text,
  labels: z.array(z.string()).nullish().catch(undefined),
})

/** `{version, kind, spec}` (25.07), `{version, kind, …}` (25.04.1), `{type, …}` (25.04.0). */
export const LineageEnvelope = z.looseObject({ version: text, kind: text, type: text, spec: z.unknown().optional() })

export type LineageParameterJson = z.infer<typeof Parameter>
export type LineageDataPathJson = z.infer<typeof DataPath>
export type LineageChecksumJson = z.infer<typeof Checksum>

const loose = z.record(z.string(), z.unknown())

/** One posted event. `metadata.parameters` in code, `metadata.params` in the plugin's README. */
export const WeblogEvent = z.object({
  runName: z.string(),
  /** The session: the same for all runs of a resume chain. */
  runId: z.string(),
  event: z.string(),
  utcTime: text,
  trace: loose.nullish(),
  metadata: z.object({ parameters: loose.nullish(), params: loose.nullish(), workflow: loose.nullish() }).nullish(),
})
export type WeblogEvent = z.infer<typeof WeblogEvent>
