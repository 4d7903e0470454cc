import type { ActivityInboundCallsInterceptor, ActivityInterceptorsFactory } from '@temporalio/worker'
import { digestValue, flushRecorder, heedSecrets, observe, runUid, toJson, withScope } from '../../../core/adapter.ts'
import type { Fact, Json, Observation, Outcome, Reference, RunFact, Scope } from '../../../core/adapter.ts'
import { FactMaker } from '../fact-maker.ts'
import { attemptKey, attemptNaturalKey, attemptUid, ENGINE, standaloneKey, standaloneNaturalKey } from '../keys.ts'
import { liveEdges, lookAtArguments } from './live-edges.ts'
import type { NamedFiles } from './live-edges.ts'
import { parentIn } from './parent-header.ts'
import { quietly } from './quietly.ts'
import { temporalTransform } from './transforms.ts'
import { workflowScope } from './workflow-runs.ts'

export interface LiveOptions {
  /** Keep values of arguments and results (redacted), not only digest and size. */
  readonly values: boolean
  /** Wait until an attempt is on disk before it is reported as done. */
  readonly strict: boolean
  /** Who the worker says it is, as the history will have it. */
  readonly identity: string | undefined
}

/** The part of an activity's info that is used; structurally typed, so that any SDK version fits. */
export interface AttemptInfo {
  readonly activityId: string
  readonly activityType: string
  readonly attempt: number
  readonly isLocal: boolean
  readonly taskQueue: string
  readonly namespace?: string
  readonly activityNamespace?: string
  readonly workflowNamespace?: string
  readonly workflowType?: string
  readonly workflowExecution?: { readonly workflowId: string; readonly runId: string }
  readonly activityRunId?: string
  readonly scheduledTimestampMs?: number
}

/** Records every attempt of every activity, also local ones, whose arguments no history keeps. */
export function activityInterceptor(options: LiveOptions): ActivityInterceptorsFactory {
  return (context) => ({ inbound: { execute: executeOf(context.info, options) } })
}

function executeOf(info: AttemptInfo, options: LiveOptions): NonNullable<ActivityInboundCallsInterceptor['execute']> {
  return async (input, next) => {
    const watch = begin(info, input, options)
    if (watch === undefined) return next(input)
    try {
      const result = await withScope(watch.scope, () => next(input))
      watch.end('succeeded', result, undefined)
      if (options.strict) await flushRecorder()
      return result
    } catch (error) {
      watch.end(outcomeOf(error), undefined, error)
      throw error
    }
  }
}

interface Watch {
  readonly scope: Scope
  end(outcome: Outcome, result: unknown, error: unknown): void
}

interface AttemptInput {
  readonly args: readonly unknown[]
  readonly headers: Parameters<typeof parentIn>[0]
}

function begin(info: AttemptInfo, { args, headers }: AttemptInput, options: LiveOptions): Watch | undefined {
  let watch: Watch | undefined
  quietly(() => {
    heedSecrets(args)
    const named = lookAtArguments(args)
    const identity = identityOf(info, headers)
    const transform = temporalTransform('activity', info.activityType)
    const run = attemptRun(info, identity, args, options)
    const observation = observe(run, identity.naturalKey, transform, identity.parent)
    watch = {
      scope: observation.scope,
      end(outcome, result, error) {
        quietly(() => {
          heedSecrets(result)
          endAttempt({ observation, named, values: options.values }, outcome, result, error)
        })
      },
    }
  })
  return watch
}

interface Identity {
  readonly uid: RunFact['uid']
  readonly key: string
  readonly naturalKey: string
  readonly parent: Scope | undefined
}

/** The same keys as the history gives, so that an import finds the attempts that are here already. */
function identityOf(info: AttemptInfo, headers: AttemptInput['headers']): Identity {
  const { activityId, attempt, workflowExecution, activityRunId } = info
  const namespace = info.workflowNamespace ?? info.activityNamespace ?? info.namespace ?? 'default'
  if (workflowExecution === undefined) {
    const runId = activityRunId ?? activityId
    const naturalKey = standaloneNaturalKey(runId, attempt)
    const key = standaloneKey(namespace, activityId, runId, attempt)
    return { uid: runUid(ENGINE, naturalKey), key, naturalKey, parent: parentIn(headers) }
  }
  const execution = { namespace, ...workflowExecution }
  return {
    uid: attemptUid(execution.runId, { activityId, attempt }),
    key: attemptKey(execution, { activityId, attempt }),
    naturalKey: attemptNaturalKey(execution.runId, { activityId, attempt }),
    parent: workflowScope({ ...execution, workflowType: info.workflowType ?? '(unknown)' }),
  }
}

function attemptRun(info: AttemptInfo, identity: Identity, args: readonly unknown[], options: LiveOptions): RunFact {
  const labels = {
    activityId: info.activityId,
    taskQueue: info.taskQueue,
    ...(info.isLocal ? { local: true } : {}),
    ...(info.workflowExecution === undefined ? { standalone: true } : {}),
  }
  return {
    kind: 'run',
    uid: identity.uid,
    transform: temporalTransform('activity', info.activityType).uid,
    ...(identity.parent === undefined ? {} : { parent: identity.parent.uid }),
    engine: ENGINE,
    key: identity.key,
    name: `${info.activityType} (${info.activityId})`,
    outcome: 'running',
    attempt: info.attempt,
    startedAt: new Date().toISOString(),
    params: { args: args.map((value) => summaryOf(value, options.values)) },
    ...(options.identity === undefined ? {} : { host: options.identity }),
    labels,
  }
}

function summaryOf(value: unknown, values: boolean): Json {
  return values ? toJson(value) : { ...digestValue(value) }
}

interface Ending {
  readonly observation: Observation
  readonly named: NamedFiles
  readonly values: boolean
}

function endAttempt(ending: Ending, outcome: Outcome, result: unknown, error: unknown): void {
  const { observation, named } = ending
  const { scope } = observation
  const maker = new FactMaker()
  const facts: Fact[] = []
  const { consumed, produced } = liveEdges(named, result, outcome === 'succeeded')
  const declared = scope.touched
  for (const one of consumed) if (!declared.inputs.has(one.uri)) facts.push(...maker.consumed(scope.uid, one))
  // What it wrote lies on this disk, perhaps: size and digest are taken from there. A declared output stays as it is.
  for (const one of produced) declared.output(writtenPlace(one))
  const params = declared.params.size === 0 ? {} : { said: Object.fromEntries(declared.params) }
  observation.end(
    {
      outcome,
      // A body that gave up its thread to somebody outside has not ended the attempt.
      ...(outcome === 'running' ? {} : { endedAt: new Date().toISOString() }),
      ...(error === undefined || outcome === 'running' ? {} : { error: errorOf(error) }),
      ...(Object.keys(params).length === 0 ? {} : { environment: params }),
    },
    facts,
  )
}

function writtenPlace(reference: Reference): Parameters<Observation['scope']['touched']['output']>[0] {
  const { uri, role, declared, digest, sizeBytes } = reference
  return {
    uri,
    role,
    ...(declared ? { evidence: 'recorded' } : { evidence: 'inferred', method: 'path in result' }),
    ...(digest === undefined ? {} : { digest }),
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
  }
}

function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof Error)) return 'failed'
  if (error.name === 'CompleteAsyncError') return 'running'
  return error.name === 'CancelledFailure' || error.name === 'AbortError' ? 'cancelled' : 'failed'
}

function errorOf(error: unknown): NonNullable<RunFact['error']> {
  if (!(error instanceof Error)) return { message: String(error) }
  const type: unknown = 'type' in error ? error.type : undefined
  return { type: typeof type === 'string' && type !== '' ? type : error.name, message: error.message }
}
