import { findReferences } from '../../../core/adapter.ts'
import type { Json, Outcome, Reference } from '../../../core/adapter.ts'
import type { Execution } from '../keys.ts'
import type { Attempt } from './activity-facts.ts'
import type { HistoryEvent } from './event.ts'
import { toFailure } from './failure.ts'
import { parsePayloads, readableValues } from './payload.ts'
import type { SecretValues } from './secrets.ts'
import { countAt, fieldsAt, member, textAt, toWord } from './shapes.ts'
import type { Fields } from './shapes.ts'
import { RETRY_STATES } from './survey.ts'
import { summarise } from './summary.ts'
import { compact } from './workflow-facts.ts'

/** What is remembered of a scheduled activity until it closes. */
interface Scheduled {
  readonly activityId: string
  readonly activityType: string
  readonly execution: Execution
  readonly at: string | undefined
  readonly taskQueue: string | undefined
  readonly args: { readonly summary: readonly Json[]; readonly references: readonly Reference[] }
  cancelRequested: boolean
  started: { readonly at: string | undefined; readonly attributes: Fields } | undefined
}

const OUTCOMES: ReadonlyMap<string, Outcome> = new Map([
  ['activityTaskCompleted', 'succeeded'],
  ['activityTaskFailed', 'failed'],
  ['activityTaskTimedOut', 'failed'],
  ['activityTaskCanceled', 'cancelled'],
])

/** Puts the events of each activity together: scheduled, started (written only when it closes), closed. */
export class RemoteActivities {
  readonly #pending = new Map<number, Scheduled>()
  readonly #values: boolean
  readonly #secrets: SecretValues

  constructor(values: boolean, secrets: SecretValues) {
    this.#values = values
    this.#secrets = secrets
  }

  /** The attempt that this event closes, if it closes one. */
  add(event: HistoryEvent, execution: Execution, sdk: string | undefined): Attempt | undefined {
    if (event.type === 'activityTaskScheduled') {
      this.#schedule(event, execution)
      return undefined
    }
    const scheduled = this.#pending.get(countAt(event.attributes, 'scheduledEventId') ?? 0)
    if (scheduled === undefined) return undefined
    if (event.type === 'activityTaskStarted') scheduled.started = { at: event.at, attributes: event.attributes }
    else if (event.type === 'activityTaskCancelRequested') scheduled.cancelRequested = true
    const outcome = OUTCOMES.get(event.type)
    return outcome === undefined ? undefined : this.#close(event, scheduled, outcome, sdk)
  }

  /** Those still open at the end, in the order of their scheduling. */
  open(sdk: string | undefined): Attempt[] {
    return [...this.#pending.values()].map((scheduled) => this.#attempt(scheduled, 'unknown', undefined, sdk))
  }

  #schedule(event: HistoryEvent, execution: Execution): void {
    const { attributes } = event
    const payloads = parsePayloads(member(attributes, 'input'))
    const values = readableValues(payloads)
    this.#pending.set(event.id, {
      activityId: textAt(attributes, 'activityId') ?? String(event.id),
      activityType: textAt(fieldsAt(attributes, 'activityType'), 'name') ?? '(unknown)',
      execution,
      at: event.at,
      taskQueue: textAt(fieldsAt(attributes, 'taskQueue'), 'name'),
      args: { summary: summarise(payloads, this.#values), references: findReferences(values, 'args') },
      cancelRequested: false,
      started: undefined,
    })
  }

  #close(event: HistoryEvent, scheduled: Scheduled, outcome: Outcome, sdk: string | undefined): Attempt | undefined {
    this.#pending.delete(countAt(event.attributes, 'scheduledEventId') ?? 0)
    // Closed before an attempt began: nothing ran; the workflow's run tells of it.
    return scheduled.started === undefined ? undefined : this.#attempt(scheduled, outcome, event, sdk)
  }

  #attempt(scheduled: Scheduled, outcome: Outcome, closed: HistoryEvent | undefined, sdk: string | undefined): Attempt {
    const started = scheduled.started?.attributes ?? {}
    const attributes = closed?.attributes ?? {}
    const attempt = countAt(started, 'attempt')
    const before = toFailure(member(started, 'lastFailure'), this.#secrets)
    return {
      activityId: scheduled.activityId,
      attempt: attempt ?? 1,
      attemptKnown: attempt !== undefined,
      activityType: scheduled.activityType,
      local: false,
      execution: scheduled.execution,
      outcome,
      startedAt: scheduled.started?.at,
      endedAt: closed?.at,
      args: scheduled.args,
      result: parsePayloads(member(attributes, 'result')),
      host: textAt(started, 'identity'),
      sdk,
      error: toFailure(member(attributes, 'failure'), this.#secrets),
      timedOutBefore: before?.type?.startsWith('TIMEOUT_') === true ? before : undefined,
      labels: this.#labels(scheduled, started, attributes),
    }
  }

  #labels(scheduled: Scheduled, started: Fields, attributes: Fields): Record<string, Json> {
    const { taskQueue, at, cancelRequested } = scheduled
    const result = parsePayloads(member(attributes, 'result'))
    const before = toFailure(member(started, 'lastFailure'), this.#secrets)
    const completedBy = textAt(attributes, 'identity')
    return compact({
      activityId: scheduled.activityId,
      taskQueue,
      scheduledAt: at,
      cancelRequested: cancelRequested ? true : undefined,
      buildId: textAt(fieldsAt(started, 'workerVersion'), 'buildId'),
      retryState: toWord(member(attributes, 'retryState'), 'RETRY_STATE_', RETRY_STATES)?.toLowerCase(),
      lastFailure: before === undefined ? undefined : compact({ type: before.type, message: before.message }),
      completedBy: completedBy === textAt(started, 'identity') ? undefined : completedBy,
      result: result.length === 0 ? undefined : summarise(result, this.#values),
    })
  }
}
