import type { Execution } from '../keys.ts'
import type { Attempt } from './activity-facts.ts'
import type { HistoryEvent } from './event.ts'
import { toFailure } from './failure.ts'
import { parsePayloads } from './payload.ts'
import type { Payload } from './payload.ts'
import type { SecretValues } from './secrets.ts'
import { asFields, countAt, fieldsAt, member, textAt, toTime } from './shapes.ts'
import type { Fields } from './shapes.ts'
import { summarise } from './summary.ts'
import { compact } from './workflow-facts.ts'

/**
 * A local activity, from the marker that its worker wrote; no input is kept there. Core SDKs (TypeScript, Python, .NET, Ruby)
 * write `core_local_activity` and number local and remote activities together; Go and Java write `LocalActivity`.
 */
export function localAttempt(
  event: HistoryEvent,
  execution: Execution,
  context: { readonly sdk: string | undefined; readonly values: boolean; readonly secrets: SecretValues },
): Attempt | undefined {
  const marker = textAt(event.attributes, 'markerName')
  if (marker !== 'core_local_activity' && marker !== 'LocalActivity') return undefined
  const details = fieldsAt(event.attributes, 'details')
  const data = markerData(details)
  const failure = member(event.attributes, 'failure')
  const result = parsePayloads(member(details, 'result'))
  const attempt = countAt(data, 'attempt') ?? countAt(data, 'Attempt')
  const scheduledAt = toTime(member(data, 'originalScheduleTime'))
  return {
    activityId:
      textAt(data, 'activityId') ?? textAt(data, 'ActivityID') ?? textAt(data, 'activityID') ?? String(event.id),
    attempt: attempt ?? 1,
    attemptKnown: attempt !== undefined,
    ownNumbering: marker === 'LocalActivity',
    activityType: textAt(data, 'activityType') ?? textAt(data, 'ActivityType') ?? javaType(details) ?? '(unknown)',
    local: true,
    execution,
    outcome: failure === undefined ? 'succeeded' : 'failed',
    startedAt: undefined,
    endedAt: toTime(member(data, 'completeTime')) ?? toTime(member(data, 'ReplayTime')) ?? event.at,
    args: undefined,
    result,
    host: undefined,
    sdk: context.sdk,
    error: toFailure(failure, context.secrets),
    timedOutBefore: undefined,
    labels: compact({
      activityId: textAt(data, 'activityId') ?? textAt(data, 'ActivityID'),
      scheduledAt,
      result: result.length === 0 ? undefined : summarise(result, context.values),
    }),
  }
}

/** The marker's own record is plain JSON even where arguments are encrypted. */
function markerData(details: Fields): Fields {
  for (const name of ['data', 'meta']) {
    const [payload] = parsePayloads(member(details, name))
    if (payload?.readable === true) return asFields(payload.value)
  }
  return {}
}

/** Java keeps the type in a slot of its own. */
function javaType(details: Fields): string | undefined {
  const [payload]: (Payload | undefined)[] = parsePayloads(member(details, 'type'))
  return payload?.readable === true && typeof payload.value === 'string' ? payload.value : undefined
}
