import { fieldsAt, isFields, member, textAt, toWord } from './shapes.ts'
import type { Fields } from './shapes.ts'
import { parsePayload } from './payload.ts'
import type { SecretValues } from './secrets.ts'

export interface Failure {
  readonly type?: string
  readonly message: string
  readonly stack?: string
}

const TIMEOUT_TYPES = ['', 'START_TO_CLOSE', 'SCHEDULE_TO_START', 'SCHEDULE_TO_CLOSE', 'HEARTBEAT']
const MOST_CAUSES = 8
const LONGEST_STACK = 8192

/** A failure with its causes as one error; secrets that the execution's payloads gave away are hidden. */
export function toFailure(failure: unknown, secrets: SecretValues): Failure | undefined {
  if (!isFields(failure)) return undefined
  const causes: string[] = []
  let cause: unknown = failure
  while (isFields(cause) && causes.length < MOST_CAUSES) {
    const { message } = wordsOf(cause)
    if (message !== '') causes.push(message)
    cause = member(cause, 'cause')
  }
  const type = typeOf(failure)
  const { stack } = wordsOf(failure)
  return {
    ...(type === undefined ? {} : { type }),
    message: secrets.hide(causes.join(', caused by: ')),
    ...(stack === undefined ? {} : { stack: secrets.hide(stack.slice(0, LONGEST_STACK)) }),
  }
}

/** Message and stack; a converter that encodes failures puts both into a payload and "Encoded failure" in their place. */
function wordsOf(failure: Fields): { readonly message: string; readonly stack: string | undefined } {
  const encoded = member(failure, 'encodedAttributes')
  const payload = encoded === undefined ? undefined : parsePayload(encoded)
  const inner = payload?.readable === true && isFields(payload.value) ? payload.value : undefined
  const message = (inner && textAt(inner, 'message')) ?? textAt(failure, 'message') ?? ''
  return { message, stack: (inner && textAt(inner, 'stackTrace')) ?? textAt(failure, 'stackTrace') }
}

function typeOf(failure: Fields): string | undefined {
  const application = textAt(fieldsAt(failure, 'applicationFailureInfo'), 'type')
  if (application !== undefined) return application
  const timeout = member(failure, 'timeoutFailureInfo')
  if (isFields(timeout))
    return `TIMEOUT_${toWord(member(timeout, 'timeoutType'), 'TIMEOUT_TYPE_', TIMEOUT_TYPES) ?? 'UNKNOWN'}`
  if (isFields(member(failure, 'canceledFailureInfo'))) return 'CANCELED'
  if (isFields(member(failure, 'terminatedFailureInfo'))) return 'TERMINATED'
  if (isFields(member(failure, 'serverFailureInfo'))) return 'SERVER'
  if (isFields(member(failure, 'activityFailureInfo'))) return 'ACTIVITY'
  return isFields(member(failure, 'childWorkflowExecutionFailureInfo')) ? 'CHILD_WORKFLOW' : undefined
}
