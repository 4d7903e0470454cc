import { fileUri, runUid, toIso, transformUid } from '../../../core/adapter.ts'
import type { Outcome, RunFact, TransformFact } from '../../../core/adapter.ts'
import type { Execution, ExecutionHead } from '../log/execution.ts'
import { findPickleStrings, findScript } from '../store/pickle-strings.ts'
import { parsePythonLiteral } from '../store/python-literal.ts'
import type { Json } from '../store/python-literal.ts'
import type { Job } from '../workdir.ts'
import { present } from '../present.ts'
import type { ExecutionConfig } from './execution-config.ts'
import { executionKey } from './keys.ts'
import { toRequested } from './resources.ts'
import { toSoftware } from './software.ts'
import type { Environment } from './conda.ts'

export const ENGINE = 'snakemake'

/** Most characters of a command, of code and of a message. */
const MOST_CHARACTERS = 200_000
const MOST_REASON = 1000

/** The workflow: known by its Snakefile, where the leftovers name it. */
export function pipelineTransform({ snakefile: path }: ExecutionHead): TransformFact {
  const name = path?.split('/').at(-1) ?? ''
  const known = path === undefined ? {} : { sourcePath: path }
  const uid = transformUid(ENGINE, `pipeline:${path ?? ''}`)
  return { kind: 'transform', uid, name: name === '' ? 'Snakefile' : name, type: 'pipeline', engine: ENGINE, ...known }
}

/** A rule, in the version of its code where that is recorded. */
export function ruleTransform(job: Job): TransformFact {
  const code = codeOf(job)
  const uid = transformUid(ENGINE, `rule:${job.rule}`, code)
  const source = code === undefined ? {} : { source: code.slice(0, MOST_CHARACTERS) }
  return { kind: 'transform', uid, name: job.rule, type: 'rule', engine: ENGINE, ...source }
}

/** A rule's template or source text. Up to 8.22 it is inside a pickle, of which only the script's path is taken. */
function codeOf(job: Job): string | undefined {
  const code = job.recorded?.details.code
  if (code === undefined || code === '') return undefined
  return code.startsWith('gA') ? findScript(findPickleStrings(code)) : code
}

/** An execution as a run without parent. */
export function executionRun(
  execution: Execution,
  outcome: Outcome,
  offset: number | undefined,
  workDir: string,
  transform: TransformFact,
  { params, inferred }: ExecutionConfig,
): RunFact {
  const { head } = execution
  const utc = (ms: number | undefined): string | undefined =>
    offset === undefined || ms === undefined ? undefined : toIso(ms - offset)
  const startedAt = utc(execution.startMs)
  const ended = outcome === 'succeeded' || outcome === 'failed' || outcome === 'cancelled'
  const endedAt = ended ? utc(execution.lastMs) : undefined
  const labels = {
    ...present({ workflowId: head.workflowId, user: head.user, configFiles: head.configFiles }),
    // by which rule's record: nobody wrote the value down under its name
    ...(Object.keys(inferred).length > 0 ? { inferredParams: { ...inferred } } : {}),
  }
  const key = executionKey(execution)
  return {
    kind: 'run',
    uid: runUid(ENGINE, key),
    transform: transform.uid,
    engine: ENGINE,
    key,
    name: transform.name,
    outcome,
    workDir: fileUri(workDir),
    ...present({ engineVersion: head.version, host: head.host, command: head.command, startedAt, endedAt }),
    ...(Object.keys(params).length > 0 ? { params: { ...params } } : {}),
    ...(Object.keys(labels).length > 0 ? { labels } : {}),
    ...(outcome === 'failed' ? { error: { message: execution.errorText ?? 'a job failed' } } : {}),
  }
}

/** What stands for an execution that left records and no log: nothing of itself is known. */
export function unloggedRun(first: Job, workDir: string, transform: TransformFact): RunFact {
  const key = `unlogged/${first.outputs[0] ?? ''}/${first.recorded?.outline.endMs ?? 0}`
  const known = { uid: runUid(ENGINE, key), transform: transform.uid, engine: ENGINE, key, name: transform.name }
  return { kind: 'run', evidence: 'inferred', ...known, outcome: 'unknown', workDir: fileUri(workDir) }
}

export interface JobContext {
  readonly key: string
  readonly parent: RunFact
  readonly transform: TransformFact
  readonly workDir: string
  readonly environments: readonly Environment[]
  readonly used: RunFact['used']
}

/** A job as a run. */
export function jobRun(job: Job, context: JobContext): RunFact {
  const { trace, recorded } = job
  const { parent } = context
  const command = recorded?.details.shellcmd ?? trace?.shell
  const requested = toRequested(trace?.threads, trace?.resources)
  const startedAt = toIso(job.startMs)
  const endedAt = toIso(job.endMs)
  const local = trace?.local === true && trace.externalId === undefined
  return {
    kind: 'run',
    uid: runUid(ENGINE, context.key),
    transform: context.transform.uid,
    engine: ENGINE,
    key: context.key,
    name: jobName(job),
    outcome: job.outcome,
    workDir: fileUri(context.workDir),
    parent: parent.uid,
    ...(trace === undefined ? {} : { attempt: job.attempt }),
    ...present({ engineVersion: parent.engineVersion, host: local ? parent.host : undefined, startedAt, endedAt }),
    ...present({
      exitCode: trace?.exitCode,
      command: command?.slice(0, MOST_CHARACTERS),
      requested,
      used: context.used,
    }),
    ...paramsOf(job),
    ...(recorded === undefined ? {} : toSoftware(recorded.details, context.environments)),
    ...(job.outcome === 'failed' ? { error: { message: trace?.errorText ?? `Error in rule ${job.rule}` } } : {}),
    ...labelsOf(job),
  }
}

/** `rule (a=1, b=2)`. */
function jobName({ rule, trace }: Job): string {
  const wildcards = Object.entries(trace?.wildcards ?? {}).map(([name, value]) => `${name}=${value}`)
  return wildcards.length === 0 ? rule : `${rule} (${wildcards.join(', ')})`
}

/** By name where a look into the running workflow told names; else in the order of the record, which lost them. */
function paramsOf({ trace, recorded }: Job): { params?: Record<string, Json> } {
  const { params: named = {}, unnamedParams: unnamed = [] } = trace?.slots ?? {}
  if (Object.keys(named).length > 0)
    return { params: { ...named, ...(unnamed.length > 0 ? { params: [...unnamed] } : {}) } }
  const values = recorded?.details.params ?? []
  return values.length === 0 ? {} : { params: { params: values.map(parsePythonLiteral) } }
}

function cut(text: string | undefined): string | undefined {
  return text?.slice(0, MOST_REASON)
}

function labelsOf(job: Job): { labels?: Record<string, Json> } {
  const { trace, recorded } = job
  const logs = recorded?.details.logs ?? (trace !== undefined && 'names' in trace.logs ? trace.logs.names : [])
  const resources = { ...trace?.resources }
  const labels: Record<string, Json> = {
    ...(trace?.wildcards !== undefined && Object.keys(trace.wildcards).length > 0
      ? { wildcards: { ...trace.wildcards } }
      : {}),
    ...present({ jobId: trace?.jobId, message: cut(trace?.message), reason: cut(trace?.reason) }),
    ...present({ group: trace?.group?.name, externalJobId: trace?.externalId, benchmark: trace?.benchmark }),
    ...(trace?.checkpoint === true ? { checkpoint: true } : {}),
    ...(logs.length > 0 ? { logs: [...logs] } : {}),
    ...(Object.keys(resources).length > 0 ? { resources } : {}),
    ...present({ softwareStackHash: recorded?.details.stackHash }),
  }
  return Object.keys(labels).length > 0 ? { labels } : {}
}
