import { findReferences } from '../../../core/adapter.ts'
import type { Fact, Json, Outcome, Reference, RunFact } from '../../../core/adapter.ts'
import type { FactMaker } from '../fact-maker.ts'
import { attemptKey, attemptNaturalKey, attemptUid, ENGINE, workflowUid } from '../keys.ts'
import type { AttemptKey, Execution } from '../keys.ts'
import { decideEdges } from './edges.ts'
import type { Edges } from './mentions.ts'
import type { Failure } from './failure.ts'
import type { Mentions } from './mentions.ts'
import { readableValues } from './payload.ts'
import type { Payload } from './payload.ts'

/** An attempt of an activity, as far as its history goes. */
export interface Attempt extends AttemptKey {
  readonly activityType: string
  readonly local: boolean
  /** The run that it belongs to; after a reset not always the one whose history this is. */
  readonly execution: Execution
  readonly outcome: Outcome
  /** Which attempt it was is not known where the history ends with its scheduling. */
  readonly attemptKnown: boolean
  readonly startedAt: string | undefined
  readonly endedAt: string | undefined
  readonly args: { readonly summary: readonly Json[]; readonly references: readonly Reference[] } | undefined
  readonly result: readonly Payload[]
  readonly host: string | undefined
  readonly sdk: string | undefined
  readonly error: Failure | undefined
  /** What the attempt before it died of, where that was a timeout: its body may have gone on and believed that it succeeded. */
  readonly timedOutBefore: Failure | undefined
  readonly labels: Readonly<Record<string, Json>>
}

/** An attempt as a run under its workflow, with the files that it read and wrote. */
export function* attemptFacts(attempt: Attempt, maker: FactMaker, mentions: Mentions): Generator<Fact, void> {
  const transform = yield* maker.transform('activity', attempt.activityType)
  const { runId } = attempt.execution
  const uid = attemptUid(runId, attempt)
  if (attempt.timedOutBefore !== undefined && attempt.attempt > 1) yield unacknowledged(attempt, transform)
  yield attemptRun(attempt, transform)
  const edges = attemptEdges(attempt, mentions)
  for (const reference of edges.consumed) yield* maker.consumed(uid, reference)
  for (const reference of edges.produced) yield* maker.produced(uid, attemptNaturalKey(runId, attempt), reference)
}

/** The files of an attempt, also noted for the attempts after it. */
export function attemptEdges(attempt: Attempt, mentions: Mentions): Edges {
  const results = findReferences(readableValues(attempt.result), 'result')
  const args = attempt.args?.references
  const edges = decideEdges(
    { args, results, activityType: attempt.activityType, succeeded: attempt.outcome === 'succeeded' },
    mentions,
  )
  mentions.note(args ?? [])
  mentions.note(results)
  mentions.noteEdges(edges, attempt.activityType)
  return edges
}

/** An attempt that the server gave up on. What a worker says of it counts for nothing beside the history. */
function unacknowledged(attempt: Attempt, transform: RunFact['transform']): RunFact {
  const { execution, activityType, activityId, timedOutBefore } = attempt
  const key = { activityId, attempt: attempt.attempt - 1 }
  return {
    kind: 'run',
    uid: attemptUid(execution.runId, key),
    transform,
    parent: workflowUid(execution.runId),
    engine: ENGINE,
    key: attemptKey(execution, key),
    name: `${activityType} (${activityId})`,
    outcome: 'failed',
    attempt: key.attempt,
    ...(timedOutBefore === undefined ? {} : { error: timedOutBefore }),
  }
}

function attemptRun(attempt: Attempt, transform: RunFact['transform']): RunFact {
  const { execution, startedAt, endedAt, host, sdk, error } = attempt
  return {
    kind: 'run',
    uid: attemptUid(execution.runId, attempt),
    transform,
    parent: workflowUid(execution.runId),
    engine: ENGINE,
    ...(sdk === undefined ? {} : { engineVersion: sdk }),
    key: attemptKey(execution, attempt),
    name: `${attempt.activityType} (${attempt.activityId})`,
    outcome: attempt.outcome,
    ...(attempt.attemptKnown ? { attempt: attempt.attempt } : {}),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(attempt.args === undefined ? {} : { params: { args: [...attempt.args.summary] } }),
    ...(host === undefined ? {} : { host }),
    ...(error === undefined ? {} : { error }),
    labels: { ...attempt.labels, ...(attempt.local ? { local: true } : {}) },
  }
}
