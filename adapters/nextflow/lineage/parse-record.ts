import type { z } from 'zod'
import {
  LineageEnvelope, LineageFileOutput as FileOutputJson, LineageOutput, LineageTaskRun, LineageWorkflowRun,
  type LineageChecksumJson, type LineageDataPathJson, type LineageParameterJson,
} from '../schema.ts' // prettier-ignore
import { parseLid, type LineageRef } from './lid.ts'
import type {
  LineageDigest,
  LineageFile,
  LineageFileOutput,
  LineageParameter,
  LineageRecord,
} from './lineage-record.ts'

/** Where in the store a record was found: `<key>[#output][/relative]`. */
export interface LineageAddress {
  readonly place: string
  readonly key: string
  readonly relative: string
}

const MOST_DEPTH = 16
const MOST_FILES = 1_000_000

/** Reads one record of any shape. @returns a text that says what is wrong with it */
export function parseRecord(json: unknown, address: LineageAddress): LineageRecord | string {
  const envelope = LineageEnvelope.safeParse(json)
  if (!envelope.success) return 'not a lineage record'
  const { version, kind, type, spec } = envelope.data
  if (typeof version === 'string' && !version.startsWith('lineage/v1'))
    return `unknown version "${version.slice(0, 64)}"`
  const body = typeof spec === 'object' && spec !== null ? spec : json
  switch (kind ?? type) {
    case 'WorkflowRun':
      return check(LineageWorkflowRun.safeParse(body), (run) => toRun(run, address))
    case 'TaskRun':
    case 'AgentRun':
      return check(LineageTaskRun.safeParse(body), (task) => toTask(task, address))
    case 'TaskOutput':
    case 'AgentOutput':
      return check(LineageOutput.safeParse(body), (output) => toOutputs(output, address, 'task-output'))
    case 'WorkflowOutput':
      return check(LineageOutput.safeParse(body), (output) => toOutputs(output, address, 'run-output'))
    case 'FileOutput':
      return check(FileOutputJson.safeParse(body), (file) => toFileOutput(file, address))
    default:
      return `unknown kind "${String(kind ?? type).slice(0, 64)}"`
  }
}

function check<T>(parsed: z.ZodSafeParseResult<T>, map: (value: T) => LineageRecord): LineageRecord | string {
  if (parsed.success) return map(parsed.data)
  const [issue] = parsed.error.issues
  return `field "${issue?.path.join('.') ?? ''}" is not as expected: ${issue?.message ?? ''}`
}

function toRun(run: z.infer<typeof LineageWorkflowRun>, { place, key }: LineageAddress): LineageRecord {
  const params = (run.params ?? []).map(({ name, value }) => [name ?? '', value ?? null] as const)
  return {
    kind: 'lineage',
    record: 'run',
    place,
    key,
    scripts: (run.workflow?.scriptFiles ?? []).map(toFile),
    params: Object.fromEntries(params.filter(([name]) => name !== '')),
    ...compact({
      sessionId: run.sessionId,
      runName: run.name,
      repository: run.workflow?.repository,
      commitId: run.workflow?.commitId,
      workDir: textOf(run.config?.workDir),
      outputDir: textOf(run.config?.outputDir),
      metadata: run.metadata,
    }),
  }
}

function toTask(task: z.infer<typeof LineageTaskRun>, { place, key }: LineageAddress): LineageRecord {
  return {
    kind: 'lineage',
    record: 'task',
    place,
    key,
    inputs: (task.input ?? []).map(toParameter),
    binaries: (task.binEntries ?? []).map(toFile),
    ...compact({
      sessionId: task.sessionId,
      name: task.name,
      script: task.script,
      codeDigest: toDigest(task.codeChecksum),
      container: task.container,
      conda: task.conda,
      spack: task.spack,
      moduleId: task.moduleId,
      runKey: keyOf(task.workflowRun),
    }),
  }
}

function toOutputs(
  output: z.infer<typeof LineageOutput>,
  { place, key }: LineageAddress,
  record: 'task-output' | 'run-output',
): LineageRecord {
  return {
    kind: 'lineage',
    record,
    place,
    key,
    outputs: (output.output ?? []).map(toParameter),
    ...compact({ runKey: keyOf(output.workflowRun), createdMs: timeOf(output.createdAt) }),
  }
}

function toFileOutput(
  file: z.infer<typeof FileOutputJson>,
  { place, key, relative }: LineageAddress,
): LineageFileOutput {
  const size = file.size ?? -1
  return {
    kind: 'lineage',
    record: 'file',
    place,
    key,
    relative,
    path: file.path,
    labels: file.labels ?? [],
    ...compact({
      digest: toDigest(file.checksum),
      source: file.source === null || file.source === undefined ? undefined : parseLid(file.source),
      runKey: keyOf(file.workflowRun),
      taskKey: keyOf(file.taskRun),
      sizeBytes: Number.isSafeInteger(size) && size >= 0 ? size : undefined,
      createdMs: timeOf(file.createdAt),
      modifiedMs: timeOf(file.modifiedAt),
    }),
  }
}

function toParameter({ type, name, value }: LineageParameterJson): LineageParameter {
  const files: LineageFile[] = []
  collectFiles(value, type === 'path', files, 0)
  // `-` stands for standard input and output, which have no name
  const label = name === null || name === undefined || name === '-' ? {} : { name }
  return { type: type ?? '', ...label, value: value ?? null, files }
}

/** Files in a value: lids anywhere; in `path` parameters also paths and data paths. */
function collectFiles(value: unknown, isPath: boolean, files: LineageFile[], depth: number): void {
  if (depth > MOST_DEPTH || files.length >= MOST_FILES) return
  if (typeof value === 'string') {
    const ref = parseLid(value) ?? (isPath && value !== '' ? { path: value } : undefined)
    if (ref !== undefined) files.push({ ref })
  } else if (Array.isArray(value)) for (const item of value) collectFiles(item, isPath, files, depth + 1)
  else if (typeof value === 'object' && value !== null) {
    const path: unknown = 'path' in value ? value.path : undefined
    const checksum: unknown = 'checksum' in value ? value.checksum : undefined
    if (isPath && typeof path === 'string') files.push(toFile({ path, checksum: checksumOf(checksum) }))
    else for (const item of Object.values(value)) collectFiles(item, isPath, files, depth + 1)
  }
}

function checksumOf(value: unknown): LineageChecksumJson {
  if (typeof value !== 'object' || value === null || !('value' in value)) return undefined
  return typeof value.value === 'string' ? { value: value.value } : undefined
}

function toFile({ path, checksum }: LineageDataPathJson): LineageFile {
  const digest = toDigest(checksum)
  return { ref: parseLid(path) ?? { path }, ...(digest === undefined ? {} : { digest }) }
}

function toDigest(checksum: LineageChecksumJson): LineageDigest | undefined {
  const value = checksum?.value ?? ''
  return value === '' || value.length > 512 ? undefined : { algorithm: 'nextflow', value, scope: 'engine' }
}

function keyOf(lid: string | null | undefined): string | undefined {
  const ref: LineageRef | undefined = typeof lid === 'string' ? parseLid(lid) : undefined
  return ref !== undefined && 'key' in ref ? ref.key : undefined
}

function timeOf(text: string | null | undefined): number | undefined {
  const ms = typeof text === 'string' ? Date.parse(text) : Number.NaN
  return Number.isNaN(ms) ? undefined : ms
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

type Compact<T> = { [K in keyof T]?: NonNullable<T[K]> }

/** Leaves out what is null or undefined: unknown is absent. */
function compact<T extends Record<string, unknown>>(fields: T): Compact<T> {
  const kept: Compact<T> = {}
  for (const key in fields) {
    const value = fields[key]
    if (value !== null && value !== undefined) kept[key] = value
  }
  return kept
}
