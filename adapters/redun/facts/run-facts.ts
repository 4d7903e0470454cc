import type { RunFact, RunUid, TransformFact } from '../../../core/adapter.ts'
import { runUid, toIso, transformUid } from '../../../core/adapter.ts'
import { argumentsOfCommand } from './arguments-of-command.ts'
import type { Argument, Call } from '../jobs/calls.ts'
import { toRunError } from './errors.ts'
import type { Execution } from '../jobs/executions.ts'
import { parseArgs } from '../jobs/executions.ts'
import { MASK, toParameter } from '../values/pickle/python-text.ts'
import type { JsonValue } from '../tables/schema.ts'
import type { Secrets } from '../secrets/secrets.ts'
import { cleanArguments, cleanSource, isSecretName } from '../secrets/secrets.ts'
import { handleLabels, tagLabels, valueLabels, valueTags } from './run-labels.ts'
import { COMMAND, isScriptCall } from '../jobs/step.ts'
import type { Step } from '../jobs/step.ts'
import type { Tags } from '../jobs/tags.ts'
import type { Task } from '../jobs/tasks.ts'

const ENGINE = 'redun'
/** Longer parameters are cut: they are told so that people recognise them, the value itself stays with redun. */
const STYLE = { maxLength: 4000, isSecretName }
const LONGEST_COMMAND = 200_000

export function executionUid(id: string): RunUid {
  return runUid(ENGINE, `execution/${id}`)
}

let uids = new Map<string, RunUid>()
const MOST_UIDS = 5000

/** A job is named by each of its edges: the last ones are kept, since a uid takes some time to compute. */
export function jobUid(id: string): RunUid {
  const known = uids.get(id)
  if (known !== undefined) return known
  if (uids.size >= MOST_UIDS) uids = new Map()
  const uid = runUid(ENGINE, `job/${id}`)
  uids.set(id, uid)
  return uid
}

export function taskTransform(task: Task, secrets: Secrets): TransformFact {
  const source = task.source === undefined ? undefined : secrets.clean(cleanSource(task.source))
  return {
    kind: 'transform',
    uid: transformUid(ENGINE, `task/${task.name}`, task.hash),
    name: task.name,
    type: task.isScript ? 'script' : 'task',
    engine: ENGINE,
    version: task.version ?? task.hash.slice(0, 8),
    sourceDigest: { algorithm: 'redun', value: task.hash, scope: 'engine', evidence: 'recorded' },
    ...(source === undefined ? {} : { source }),
  }
}

/** An execution runs a workflow: the task that it began with. */
export function workflowTransform(name: string, root: Task | undefined): TransformFact {
  return {
    kind: 'transform',
    uid: transformUid(ENGINE, `workflow/${name}`, root?.hash),
    name,
    type: 'pipeline',
    engine: ENGINE,
    ...(root === undefined ? {} : { version: root.version ?? root.hash.slice(0, 8) }),
  }
}

export interface ExecutionParts {
  readonly root: Step | undefined
  readonly call: Call | undefined
  readonly tags: Tags | undefined
  readonly transform: TransformFact
}

export function executionRun(execution: Execution, parts: ExecutionParts, secrets: Secrets): RunFact {
  const { root, call, tags, transform } = parts
  const words = cleanArguments(parseArgs(execution.args), (secret) => {
    secrets.learn(secret)
  })
  const version = tags?.current.get('redun.version')?.[0]
  return {
    kind: 'run',
    uid: executionUid(execution.id),
    transform: transform.uid,
    engine: ENGINE,
    ...(typeof version === 'string' ? { engineVersion: version } : {}),
    key: execution.id,
    name: transform.name,
    // redun itself calls an execution without its root job failed, and one whose root came from the cache done.
    outcome: root === undefined ? 'failed' : root.outcome === 'cached' ? 'succeeded' : root.outcome,
    ...times(root),
    ...executionParameters(execution, parts, secrets),
    ...(words.length === 0 ? {} : { command: secrets.clean(commandLine(words)).slice(0, LONGEST_COMMAND) }),
    ...errorOf(root, call, secrets),
    labels: { ...tagLabels(tags, secrets) },
  }
}

export interface JobParts {
  readonly transform: TransformFact
  readonly executionId: string
  readonly parent: RunUid
  readonly call: Call | undefined
  readonly tags: Tags | undefined
  /** Tags on the value that the job returned. */
  readonly valueTags: Tags | undefined
  readonly reuses: RunUid | undefined
  /** Ids of jobs whose results went into this one's arguments, where no file says so. */
  readonly upstream: readonly string[]
}

export function jobRun(step: Step, parts: JobParts, secrets: Secrets): RunFact {
  const { transform, call } = parts
  const command = commandOf(step, call)
  return {
    kind: 'run',
    uid: jobUid(step.id),
    transform: transform.uid,
    parent: parts.parent,
    engine: ENGINE,
    key: step.id,
    name: step.task.name,
    outcome: step.outcome,
    ...times(step),
    ...(parts.reuses === undefined ? {} : { reuses: parts.reuses }),
    ...parametersOf(call?.args ?? [], secrets),
    ...(command === undefined ? {} : { command: secrets.clean(command) }),
    ...errorOf(step, call, secrets),
    labels: {
      execution: parts.executionId,
      taskHash: step.task.hash,
      ...(step.callHash === undefined ? {} : { callHash: step.callHash }),
      ...(step.valueHash === undefined ? {} : { valueHash: step.valueHash }),
      ...valueLabels(call),
      ...handleLabels(call),
      ...(parts.upstream.length === 0 ? {} : { upstream: [...parts.upstream] }),
      ...tagLabels(parts.tags, secrets),
      ...valueTags(parts.valueTags, secrets),
    },
  }
}

function times(step: Step | undefined): { startedAt?: string; endedAt?: string } {
  const startedAt = toIso(step?.startMs)
  const endedAt = toIso(step?.endMs)
  return { ...(startedAt === undefined ? {} : { startedAt }), ...(endedAt === undefined ? {} : { endedAt }) }
}

/**
 * As they were given: from the command line every argument has a name, from Python code a position. Of an execution
 * that never finished only the command line and the defaults are known.
 */
function executionParameters(
  execution: Execution,
  { root, call }: ExecutionParts,
  secrets: Secrets,
): { params?: Record<string, JsonValue> } {
  if (call !== undefined) {
    const named = call.args.map((arg) => [arg.position === undefined ? arg.name : `arg${arg.position}`, parameterOf(arg, secrets)] as const) // prettier-ignore
    return named.length === 0 ? {} : { params: Object.fromEntries(named) }
  }
  const given = root === undefined ? [] : [...argumentsOfCommand(execution, root.task)]
  if (given.length === 0) return {}
  return { params: Object.fromEntries(given.map(([name, value]) => [name, shown(name, value, secrets)])) } // prettier-ignore
}

function shown(name: string, value: string | number | boolean, secrets: Secrets): JsonValue {
  if (isSecretName(name)) return MASK
  return typeof value === 'string' ? secrets.clean(value) : value
}

function parametersOf(args: readonly Argument[], secrets: Secrets): { params?: Record<string, JsonValue> } {
  if (args.length === 0) return {}
  const params: Record<string, JsonValue> = {}
  for (const arg of args) params[arg.name] = parameterOf(arg, secrets)
  return { params }
}

function parameterOf(arg: Argument, secrets: Secrets): JsonValue {
  if (isSecretName(arg.name)) return MASK
  const { contents } = arg
  if (contents.value === undefined) return contents.type === '' ? `value ${arg.valueHash}` : `<${contents.type}>`
  const shown = toParameter(contents.value, STYLE)
  return typeof shown === 'string' ? secrets.clean(shown) : shown
}

/** The shell text of a script: the first argument of `script()`'s inner calls. */
function commandOf(step: Step, call: Call | undefined): string | undefined {
  if (!isScriptCall(step) && step.task.name !== COMMAND) return undefined
  const text = call?.args.find((arg) => arg.position === 0 || arg.name === 'command')?.contents.value
  return typeof text === 'string' ? text.slice(0, LONGEST_COMMAND) : undefined
}

function errorOf(step: Step | undefined, call: Call | undefined, secrets: Secrets): { error?: RunFact['error'] } {
  if (step?.outcome !== 'failed') return {}
  const { type, message, stack } = toRunError(call?.result?.value, STYLE)
  return {
    error: {
      ...(type === undefined ? {} : { type }),
      message: secrets.clean(message),
      ...(stack === undefined ? {} : { stack: secrets.clean(stack) }),
    },
  }
}

/** As a shell would take it: words with anything but plain characters in single quotes. */
function commandLine(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./<>-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ')
}
