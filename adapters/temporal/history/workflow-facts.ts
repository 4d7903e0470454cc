import type { Json, Outcome, RunFact, RunUid, TransformUid } from '../../../core/adapter.ts'
import { ENGINE, workflowKey, workflowUid } from '../keys.ts'
import type { Execution } from '../keys.ts'
import { toFailure } from './failure.ts'
import type { Message } from './mailbox.ts'
import type { Payload } from './payload.ts'
import { parsePayloads } from './payload.ts'
import type { SecretValues } from './secrets.ts'
import { fieldsAt, member, textAt, toWord } from './shapes.ts'
import { RETRY_STATES } from './survey.ts'
import type { Closing, HistorySurvey } from './survey.ts'
import { summarise, summariseOne } from './summary.ts'

export const OUTCOMES: Readonly<Record<Closing, Outcome>> = {
  completed: 'succeeded',
  continuedAsNew: 'succeeded',
  failed: 'failed',
  timedOut: 'failed',
  canceled: 'cancelled',
  terminated: 'aborted',
}

export interface WorkflowContext {
  readonly execution: Execution
  readonly transform: TransformUid
  readonly parent: RunUid | undefined
  readonly values: boolean
}

/** The run of a whole workflow execution. A history that does not end says nothing of the outcome. */
export function workflowRun(survey: HistorySurvey, context: WorkflowContext): RunFact {
  const { execution, values } = context
  const { started, closed, secrets } = survey
  const error = closed === undefined ? undefined : closingError(survey, secrets)
  const startedAt = runStartedAt(survey)
  return {
    kind: 'run',
    uid: workflowUid(execution.runId),
    transform: context.transform,
    ...(context.parent === undefined ? {} : { parent: context.parent }),
    engine: ENGINE,
    ...(survey.sdk === undefined ? {} : { engineVersion: survey.sdk }),
    key: workflowKey(execution),
    name: workflowType(survey),
    outcome: closed === undefined ? 'unknown' : OUTCOMES[closed.how],
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(closed?.at === undefined ? {} : { endedAt: closed.at }),
    ...(started === undefined ? {} : { params: { args: summarise(survey.args, values) } }),
    ...(survey.worker === undefined ? {} : { host: survey.worker }),
    ...(error === undefined ? {} : { error }),
    labels: workflowLabels(survey, context),
  }
}

export function workflowType(survey: HistorySurvey): string {
  return (survey.started && textAt(fieldsAt(survey.started.attributes, 'workflowType'), 'name')) ?? '(unknown)'
}

/** A reset run begins where it left its base; its event 1 is the base's. */
function runStartedAt(survey: HistorySurvey): string | undefined {
  return survey.forkedAt ?? survey.started?.at
}

function closingError(survey: HistorySurvey, secrets: SecretValues): RunFact['error'] {
  const { how, attributes } = survey.closed ?? { how: 'completed', attributes: {} }
  if (how === 'failed') return toFailure(member(attributes, 'failure'), secrets)
  if (how === 'timedOut') return { type: 'TIMEOUT_RUN', message: 'the workflow reached its run timeout' }
  if (how !== 'terminated') return undefined
  return { type: 'TERMINATED', message: secrets.hide(textAt(attributes, 'reason') ?? 'terminated') }
}

function workflowLabels(survey: HistorySurvey, context: WorkflowContext): Record<string, Json> {
  const started = survey.started?.attributes ?? {}
  const closed = survey.closed?.attributes ?? {}
  const first = textAt(started, 'firstExecutionRunId')
  const fork = survey.forks.at(-1)
  const retry = toWord(member(closed, 'retryState'), 'RETRY_STATE_', RETRY_STATES)
  const result = parsePayloads(member(closed, 'result'))
  return compact({
    workflowId: context.execution.workflowId,
    namespace: context.execution.namespace,
    taskQueue: textAt(fieldsAt(started, 'taskQueue'), 'name'),
    chain: first === context.execution.runId ? undefined : first,
    continuedFrom: textAt(started, 'continuedExecutionRunId'),
    initiator: survey.initiator,
    continuedBy: textAt(closed, 'newExecutionRunId'),
    cron: textAt(started, 'cronSchedule'),
    startedBy: textAt(started, 'identity'),
    terminatedBy: survey.closed?.how === 'terminated' ? textAt(closed, 'identity') : undefined,
    resetOf: fork?.baseRunId,
    resetAtEvent: fork?.at,
    retryState: retry === undefined ? undefined : retry.toLowerCase(),
    buildIds: survey.buildIds.size === 0 ? undefined : [...survey.buildIds].sort(),
    events: survey.events,
    result: result.length === 0 ? undefined : summarise(result, context.values),
    searchAttributes: payloadMap(survey.searchAttributes, true),
    memo: payloadMap(survey.memo, context.values),
    neverStarted: survey.unstarted.list.length === 0 ? undefined : survey.unstarted.list.map((one) => ({ ...one })),
    ...messageLabels(survey, context.values),
  })
}

/** Messages by kind. Those before a reset's fork belong to the base run. */
function messageLabels(survey: HistorySurvey, values: boolean): Record<string, Json | undefined> {
  const fork = survey.forks.at(-1)?.at ?? 0
  const labels: Record<string, Json[]> = {}
  for (const message of survey.mailbox.messages) {
    if (message.eventId < fork) continue
    labels[LABEL[message.kind]] = [...(labels[LABEL[message.kind]] ?? []), messageLabel(message, values)]
  }
  return { ...labels, messagesDropped: survey.mailbox.dropped === 0 ? undefined : survey.mailbox.dropped }
}

const LABEL: Readonly<Record<Message['kind'], string>> = {
  signal: 'signals',
  update: 'updates',
  signalSent: 'signalsSent',
  nexus: 'nexusOperations',
  cancelRequest: 'cancelRequests',
  patch: 'patches',
}

function messageLabel(message: Message, values: boolean): Json {
  if (message.kind === 'patch') return message.name
  const payloads = message.payloads.length === 0 ? undefined : summarise(message.payloads, values)
  const { name, at, from, to, outcome } = message
  return compact({ name, at, from, to, outcome, payloads })
}

function payloadMap(map: ReadonlyMap<string, Payload>, values: boolean): Json | undefined {
  if (map.size === 0) return undefined
  return Object.fromEntries(
    [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, payload]) => [key, summariseOne(payload, values)]),
  )
}

/** Without the members that are not known. */
export function compact(fields: Readonly<Record<string, Json | undefined>>): Record<string, Json> {
  const known: Record<string, Json> = {}
  for (const [key, value] of Object.entries(fields)) if (value !== undefined) known[key] = value
  return known
}
