import { findReferences, runUid } from '../../../core/adapter.ts'
import type { Fact, Json, Outcome } from '../../../core/adapter.ts'
import { FactMaker } from '../fact-maker.ts'
import { ENGINE, standaloneKey, standaloneNaturalKey } from '../keys.ts'
import { decideEdges } from './edges.ts'
import { toFailure } from './failure.ts'
import { Mentions } from './mentions.ts'
import { parsePayloads, readableValues } from './payload.ts'
import { SecretValues } from './secrets.ts'
import { countAt, fieldsAt, member, textAt, toTime, toWord } from './shapes.ts'
import type { Fields } from './shapes.ts'
import { summarise } from './summary.ts'
import { compact } from './workflow-facts.ts'

const STATUSES = ['', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELED', 'TERMINATED', 'TIMED_OUT', 'PAUSED']
const OUTCOMES: ReadonlyMap<string, Outcome> = new Map([
  ['COMPLETED', 'succeeded'],
  ['FAILED', 'failed'],
  ['TIMED_OUT', 'failed'],
  ['CANCELED', 'cancelled'],
  ['TERMINATED', 'aborted'],
])

/**
 * `true` for what `temporal activity describe` prints of an activity that has no workflow. What `list` prints does not say
 * which attempt it speaks of.
 */
export function isStandalone(value: Fields): boolean {
  const info = infoOf(value)
  return (
    textAt(info, 'activityId') !== undefined &&
    textAt(info, 'runId') !== undefined &&
    textAt(fieldsAt(info, 'activityType'), 'name') !== undefined &&
    countAt(info, 'attempt') !== undefined
  )
}

/** A standalone activity: no history is kept of it, only its last attempt, and payloads where they were asked for. */
export function* standaloneFacts(
  value: Fields,
  options: { namespace: string; values: boolean },
): Generator<Fact, void> {
  const info = infoOf(value)
  const activityId = textAt(info, 'activityId') ?? ''
  const runId = textAt(info, 'runId') ?? ''
  const type = textAt(fieldsAt(info, 'activityType'), 'name') ?? '(unknown)'
  const attempt = countAt(info, 'attempt') ?? 1
  const naturalKey = standaloneNaturalKey(runId, attempt)
  const uid = runUid(ENGINE, naturalKey)
  const maker = new FactMaker()
  const transform = yield* maker.transform('activity', type)
  yield {
    kind: 'run',
    uid,
    transform,
    engine: ENGINE,
    key: standaloneKey(options.namespace, activityId, runId, attempt),
    name: `${type} (${activityId})`,
    attempt,
    ...standaloneFields(value, info, options.values),
  }
  yield* standaloneEdges(value, { uid, naturalKey, type }, maker)
}

function infoOf(value: Fields): Fields {
  const info = fieldsAt(value, 'info')
  return Object.keys(info).length === 0 ? value : info
}

function standaloneFields(value: Fields, info: Fields, values: boolean): StandaloneFields {
  const secrets = new SecretValues()
  const input = member(value, 'input')
  secrets.collect(readableValues(parsePayloads(input)))
  const status = toWord(member(info, 'status'), 'ACTIVITY_EXECUTION_STATUS_', STATUSES)
  const sdk = [textAt(info, 'sdkName'), textAt(info, 'sdkVersion')].filter(Boolean).join(' ')
  const startedAt = toTime(member(info, 'lastStartedTime'))
  const endedAt = toTime(member(info, 'closeTime'))
  const host = textAt(info, 'lastWorkerIdentity')
  const error = toFailure(member(fieldsAt(value, 'outcome'), 'failure'), secrets)
  const before = toFailure(member(info, 'lastFailure'), secrets)
  return {
    outcome: OUTCOMES.get(status ?? '') ?? 'unknown',
    ...(sdk === '' ? {} : { engineVersion: sdk }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(host === undefined ? {} : { host }),
    ...(input === undefined ? {} : { params: { args: summarise(parsePayloads(input), values) } }),
    ...(error === undefined ? {} : { error }),
    labels: compact({
      activityId: textAt(info, 'activityId'),
      taskQueue: textAt(info, 'taskQueue') ?? textAt(fieldsAt(info, 'taskQueue'), 'name'),
      scheduledAt: toTime(member(info, 'scheduleTime')),
      standalone: true,
      lastFailure: before === undefined ? undefined : compact({ type: before.type, message: before.message }),
    }),
  }
}

interface StandaloneFields {
  readonly outcome: Outcome
  readonly engineVersion?: string
  readonly startedAt?: string
  readonly endedAt?: string
  readonly host?: string
  readonly params?: Record<string, Json>
  readonly error?: { type?: string; message: string; stack?: string }
  readonly labels: Record<string, Json>
}

function* standaloneEdges(
  value: Fields,
  run: { readonly uid: ReturnType<typeof runUid>; readonly naturalKey: string; readonly type: string },
  maker: FactMaker,
): Generator<Fact, void> {
  const args = findReferences(readableValues(parsePayloads(member(value, 'input'))), 'args')
  const outcome = fieldsAt(value, 'outcome')
  const results = findReferences(readableValues(parsePayloads(member(outcome, 'result'))), 'result')
  const { consumed, produced } = decideEdges(
    { args, results, activityType: run.type, succeeded: results.length > 0 },
    new Mentions(),
  )
  for (const reference of consumed) yield* maker.consumed(run.uid, reference)
  for (const reference of produced) yield* maker.produced(run.uid, run.naturalKey, reference)
}
