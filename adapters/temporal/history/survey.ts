import { fieldsAt, isFields, member, textAt, toWord } from './shapes.ts'
import type { Fields } from './shapes.ts'
import type { HistoryEvent } from './event.ts'
import { parsePayload, parsePayloads, readableValues } from './payload.ts'
import type { Payload } from './payload.ts'
import { Mailbox } from './mailbox.ts'
import { SecretValues } from './secrets.ts'
import { UnstartedActivities } from './unstarted.ts'

/** The fork of a reset: events before `at` happened in `baseRunId` and are only repeated here. */
export interface Fork {
  readonly at: number
  readonly baseRunId: string
  readonly newRunId: string
}

export type Closing =
  | 'completed' | 'failed' | 'timedOut' | 'canceled' | 'terminated' | 'continuedAsNew' // prettier-ignore

/** `1` = by the workflow itself; the API's numbering. */
const INITIATORS = ['', 'WORKFLOW', 'RETRY', 'CRON_SCHEDULE']
export const RETRY_STATES = [
  '', 'IN_PROGRESS', 'NON_RETRYABLE_FAILURE', 'TIMEOUT', 'MAXIMUM_ATTEMPTS_REACHED', 'RETRY_POLICY_NOT_SET',
  'INTERNAL_SERVER_ERROR', 'CANCEL_REQUESTED',
] // prettier-ignore

const CLOSINGS: ReadonlyMap<string, Closing> = new Map([
  ['workflowExecutionCompleted', 'completed'],
  ['workflowExecutionFailed', 'failed'],
  ['workflowExecutionTimedOut', 'timedOut'],
  ['workflowExecutionCanceled', 'canceled'],
  ['workflowExecutionTerminated', 'terminated'],
  ['workflowExecutionContinuedAsNew', 'continuedAsNew'],
])

/** Everything of a history that concerns the workflow run as a whole; the first pass over it. */
export class HistorySurvey {
  events = 0
  lastId = 0
  /** Newest event first, or mixed: to be sorted before the second pass. */
  ascending = true
  started: { readonly at: string | undefined; readonly attributes: Fields } | undefined
  closed: { readonly how: Closing; readonly at: string | undefined; readonly attributes: Fields } | undefined
  /** When the last reset made this run of another one. */
  forkedAt: string | undefined
  sdk: string | undefined
  worker: string | undefined
  readonly forks: Fork[] = []
  readonly buildIds = new Set<string>()
  readonly memo = new Map<string, Payload>()
  readonly searchAttributes = new Map<string, Payload>()
  readonly mailbox = new Mailbox()
  readonly unstarted = new UnstartedActivities()
  readonly secrets = new SecretValues()

  add(event: HistoryEvent): void {
    this.events++
    this.#collectSecrets(event.attributes)
    if (event.id < this.lastId) this.ascending = false
    this.lastId = Math.max(this.lastId, event.id)
    const how = CLOSINGS.get(event.type)
    if (how !== undefined) this.closed = { how, at: event.at, attributes: event.attributes }
    else if (event.type === 'workflowExecutionStarted') this.#start(event)
    else if (event.type === 'workflowTaskCompleted') this.#task(event.attributes)
    else if (event.type === 'workflowTaskFailed') this.#fork(event)
    else if (event.type === 'upsertWorkflowSearchAttributes') this.#attributes(event.attributes)
    else if (event.type === 'workflowPropertiesModified') {
      merge(this.memo, fieldsAt(fieldsAt(event.attributes, 'upsertedMemo'), 'fields'))
    } else if (event.type.startsWith('activityTask')) this.unstarted.add(event)
    else this.mailbox.add(event)
  }

  /** The run whose history this is, from event 1 or the last reset. */
  get runId(): string | undefined {
    return this.forks.at(-1)?.newRunId ?? (this.started && textAt(this.started.attributes, 'originalExecutionRunId'))
  }

  get workflowId(): string | undefined {
    return this.started && textAt(this.started.attributes, 'workflowId')
  }

  /** The namespace, where the history gives it away: its own nexus token, or its parent's, which is the usual one. */
  get namespace(): string | undefined {
    if (this.started === undefined) return undefined
    return nexusNamespace(this.started.attributes) ?? textAt(this.started.attributes, 'parentWorkflowNamespace')
  }

  get initiator(): string | undefined {
    return (
      this.started && toWord(member(this.started.attributes, 'initiator'), 'CONTINUE_AS_NEW_INITIATOR_', INITIATORS)
    )
  }

  get args(): Payload[] {
    return this.started === undefined ? [] : parsePayloads(member(this.started.attributes, 'input'))
  }

  /** In which run an event happened: a reset run's history begins with those of the run that was reset. */
  ownerOf(eventId: number): string | undefined {
    return this.forks.find((fork) => eventId < fork.at)?.baseRunId ?? this.runId
  }

  /** Arguments, results and memos, whose members' names say what is secret. */
  #collectSecrets(attributes: Fields): void {
    const request = fieldsAt(fieldsAt(attributes, 'acceptedRequest'), 'input')
    const answer = member(fieldsAt(attributes, 'outcome'), 'success')
    const local = member(fieldsAt(attributes, 'details'), 'result')
    for (const slot of [
      member(attributes, 'input'),
      member(request, 'args'),
      member(attributes, 'result'),
      answer,
      local,
    ]) {
      if (slot !== undefined) this.secrets.collect(readableValues(parsePayloads(slot)))
    }
    const memo = {
      ...fieldsAt(fieldsAt(attributes, 'memo'), 'fields'),
      ...fieldsAt(fieldsAt(attributes, 'upsertedMemo'), 'fields'),
    }
    for (const [name, slot] of Object.entries(memo))
      this.secrets.collect({ [name]: readableValues([parsePayload(slot)])[0] })
  }

  #start(event: HistoryEvent): void {
    this.started = { at: event.at, attributes: event.attributes }
    merge(this.memo, fieldsAt(fieldsAt(event.attributes, 'memo'), 'fields'))
    this.#attributes(event.attributes)
  }

  #attributes(attributes: Fields): void {
    const slot = fieldsAt(attributes, 'searchAttributes')
    merge(this.searchAttributes, fieldsAt(slot, 'indexedFields'))
  }

  #task(attributes: Fields): void {
    const metadata = fieldsAt(attributes, 'sdkMetadata')
    const name = textAt(metadata, 'sdkName')
    // The SDK writes its name only where it changes.
    if (name !== undefined) this.sdk = [name, textAt(metadata, 'sdkVersion')].join(' ').trim()
    const version = fieldsAt(attributes, 'deploymentVersion')
    const build = textAt(version, 'buildId') ?? textAt(fieldsAt(attributes, 'workerVersion'), 'buildId')
    if (build !== undefined && this.buildIds.size < 100) this.buildIds.add(build)
    this.worker = textAt(attributes, 'identity') ?? this.worker
  }

  #fork(event: HistoryEvent): void {
    const baseRunId = textAt(event.attributes, 'baseRunId')
    const newRunId = textAt(event.attributes, 'newRunId')
    if (baseRunId === undefined || newRunId === undefined) return
    this.forks.push({ at: event.id, baseRunId, newRunId })
    this.forkedAt = event.at
  }
}

/** Later values win; a null removes the member. */
function merge(into: Map<string, Payload>, fields: Fields): void {
  for (const [key, slot] of Object.entries(fields)) {
    const payload = parsePayload(slot)
    const gone =
      payload.readable && (payload.value === null || (Array.isArray(payload.value) && payload.value.length === 0))
    if (gone) into.delete(key)
    else if (into.size < 1000) into.set(key, payload)
  }
}

/** The server's token of a nexus operation that is a workflow: `{"t":1,"ns":namespace,"wid":workflow id}` in base64. */
function nexusNamespace(started: Fields): string | undefined {
  const callbacks = member(started, 'completionCallbacks')
  if (!Array.isArray(callbacks)) return undefined
  for (const callback of callbacks) {
    if (!isFields(callback)) continue
    const token = fieldsAt(fieldsAt(callback, 'nexus'), 'header')['nexus-operation-token']
    if (typeof token !== 'string') continue
    const parsed = parsePayload({ metadata: { encoding: 'anNvbi9wbGFpbg==' }, data: token })
    if (!parsed.readable || !isFields(parsed.value)) continue
    if (textAt(parsed.value, 'wid') === textAt(started, 'workflowId')) return textAt(parsed.value, 'ns')
  }
  return undefined
}
