import { asFields, countAt, fieldsAt, member, textAt } from './shapes.ts'
import type { Fields } from './shapes.ts'
import type { HistoryEvent } from './event.ts'
import { parsePayloads } from './payload.ts'
import type { Payload } from './payload.ts'

/** A message to or from a workflow, kept with the run; messages are no runs. */
export interface Message {
  readonly eventId: number
  readonly kind: 'signal' | 'update' | 'signalSent' | 'nexus' | 'cancelRequest' | 'patch'
  readonly name: string
  readonly at: string | undefined
  readonly from?: string
  readonly to?: string
  outcome?: 'succeeded' | 'failed' | 'cancelled'
  readonly payloads: readonly Payload[]
}

/** Kept of each history; more are counted only. */
const MOST_MESSAGES = 200

/** Signals, updates, nexus operations, cancel requests and patches of a history, in its order. */
export class Mailbox {
  readonly messages: Message[] = []
  dropped = 0
  readonly #pending = new Map<number, Message>()

  add(event: HistoryEvent): void {
    const { attributes } = event
    if (event.type === 'workflowExecutionSignaled') this.#signal(event)
    else if (event.type === 'workflowExecutionUpdateAccepted')
      this.#update(event, fieldsAt(attributes, 'acceptedRequest'))
    else if (event.type === 'workflowExecutionUpdateCompleted') this.#updated(attributes)
    else if (event.type === 'signalExternalWorkflowExecutionInitiated') this.#sent(event)
    else if (event.type === 'nexusOperationScheduled') this.#nexus(event)
    else if (event.type === 'nexusOperationStarted') this.#nexusStarted(event)
    else if (event.type.startsWith('nexusOperation')) this.#nexusEnd(event)
    else if (event.type === 'workflowExecutionCancelRequested') {
      this.#keep({ ...base(event, 'cancelRequest', textAt(attributes, 'cause') ?? 'cancel'), ...from(attributes) })
    } else if (event.type === 'markerRecorded') this.#patch(event)
  }

  #signal(event: HistoryEvent): void {
    const sender = fieldsAt(event.attributes, 'externalWorkflowExecution')
    const name = textAt(event.attributes, 'signalName') ?? 'signal'
    const workflow = [textAt(sender, 'workflowId'), textAt(sender, 'runId')].filter(Boolean).join('/')
    const by = workflow === '' ? from(event.attributes) : { from: workflow }
    this.#keep({ ...base(event, 'signal', name), ...by, payloads: parsePayloads(member(event.attributes, 'input')) })
  }

  #update(event: HistoryEvent, request: Fields): void {
    const input = fieldsAt(request, 'input')
    const id = textAt(fieldsAt(request, 'meta'), 'updateId')
    const name = [textAt(input, 'name') ?? 'update', id].filter(Boolean).join(' ')
    const message = { ...base(event, 'update', name), payloads: parsePayloads(member(input, 'args')) }
    this.#pending.set(event.id, message)
    this.#keep(message)
  }

  #updated(attributes: Fields): void {
    const message = this.#pending.get(countAt(attributes, 'acceptedEventId') ?? 0)
    if (message === undefined) return
    message.outcome = member(fieldsAt(attributes, 'outcome'), 'failure') === undefined ? 'succeeded' : 'failed'
  }

  #sent(event: HistoryEvent): void {
    const target = fieldsAt(event.attributes, 'workflowExecution')
    const to = [textAt(target, 'workflowId') ?? '', textAt(target, 'runId')].filter(Boolean).join('/')
    const message = base(event, 'signalSent', textAt(event.attributes, 'signalName') ?? 'signal')
    this.#keep({ ...message, to, payloads: parsePayloads(member(event.attributes, 'input')) })
  }

  #nexus(event: HistoryEvent): void {
    const { attributes } = event
    const name = [textAt(attributes, 'service'), textAt(attributes, 'operation')].filter(Boolean).join('.')
    const message = { ...base(event, 'nexus', name), payloads: parsePayloads(member(attributes, 'input')) }
    const to = textAt(attributes, 'endpoint')
    const kept = to === undefined ? message : { ...message, to }
    this.#pending.set(event.id, kept)
    this.#keep(kept)
  }

  /** An operation that is a workflow elsewhere names it by a link. */
  #nexusStarted(event: HistoryEvent): void {
    const message = this.#pending.get(countAt(event.attributes, 'scheduledEventId') ?? 0)
    const link = event.links.map((one) => fieldsAt(one, 'workflowEvent')).find((one) => textAt(one, 'runId'))
    if (message === undefined || link === undefined) return
    const place = [textAt(link, 'namespace'), textAt(link, 'workflowId'), textAt(link, 'runId')]
      .filter(Boolean)
      .join('/')
    Object.assign(message, { to: [message.to, place].filter(Boolean).join(': ') })
  }

  #nexusEnd(event: HistoryEvent): void {
    const message = this.#pending.get(countAt(event.attributes, 'scheduledEventId') ?? 0)
    if (message === undefined) return
    if (event.type === 'nexusOperationCompleted') message.outcome = 'succeeded'
    else if (event.type === 'nexusOperationFailed' || event.type === 'nexusOperationTimedOut')
      message.outcome = 'failed'
    else if (event.type === 'nexusOperationCanceled') message.outcome = 'cancelled'
  }

  #patch(event: HistoryEvent): void {
    const marker = textAt(event.attributes, 'markerName')
    if (marker !== 'core_patch' && marker !== 'Version') return
    const details = fieldsAt(event.attributes, 'details')
    // TypeScript and Python write {id, deprecated}; Go has the change id of its own.
    const [first] = parsePayloads(member(details, 'patch-data') ?? member(details, 'change-id'))
    if (first?.readable !== true) return
    const name = typeof first.value === 'string' ? first.value : textAt(asFields(first.value), 'id')
    if (name !== undefined) this.#keep(base(event, 'patch', name))
  }

  #keep(message: Message): void {
    if (this.messages.length < MOST_MESSAGES) this.messages.push(message)
    else this.dropped++
  }
}

function base(event: HistoryEvent, kind: Message['kind'], name: string): Message {
  return { eventId: event.id, kind, name: name.slice(0, 1000), at: event.at, payloads: [] }
}

function from(attributes: Fields): { from?: string } {
  const identity = textAt(attributes, 'identity')
  return identity === undefined ? {} : { from: identity }
}
