import type { Fact, Outcome, RunUid } from '../../../core/adapter.ts'
import type { FactMaker } from '../fact-maker.ts'
import { ENGINE, workflowKey, workflowUid } from '../keys.ts'
import type { Execution } from '../keys.ts'
import type { HistoryEvent } from './event.ts'
import { fieldsAt, textAt } from './shapes.ts'

const CLOSED: ReadonlyMap<string, Outcome> = new Map([
  ['childWorkflowExecutionCompleted', 'succeeded'],
  ['childWorkflowExecutionFailed', 'failed'],
  ['childWorkflowExecutionTimedOut', 'failed'],
  ['childWorkflowExecutionCanceled', 'cancelled'],
  ['childWorkflowExecutionTerminated', 'aborted'],
])

/**
 * What a parent's history says of its child's run: that it is there, of which type, and how it ended. A child that
 * continued as new begins as one run and ends as another; both are told. The child's own history knows more.
 */
export function* childFacts(
  event: HistoryEvent,
  parent: RunUid,
  namespace: string,
  maker: FactMaker,
): Generator<Fact, void> {
  const outcome = event.type === 'childWorkflowExecutionStarted' ? 'unknown' : CLOSED.get(event.type)
  const child = fieldsAt(event.attributes, 'workflowExecution')
  const runId = textAt(child, 'runId')
  const workflowId = textAt(child, 'workflowId')
  if (outcome === undefined || runId === undefined || workflowId === undefined) return
  const type = textAt(fieldsAt(event.attributes, 'workflowType'), 'name')
  const execution = { namespace: textAt(event.attributes, 'namespace') ?? namespace, workflowId, runId }
  yield* stub({ execution, type, outcome, parent }, maker)
}

/** A run that only another run's history names. */
export function* stub(
  run: {
    readonly execution: Execution
    readonly type: string | undefined
    readonly outcome: Outcome
    readonly parent?: RunUid
  },
  maker: FactMaker,
): Generator<Fact, RunUid> {
  const name = run.type ?? '(unknown)'
  const transform = yield* maker.transform('workflow', name)
  const uid = workflowUid(run.execution.runId)
  yield {
    kind: 'run',
    uid,
    evidence: 'inferred',
    transform,
    ...(run.parent === undefined ? {} : { parent: run.parent }),
    engine: ENGINE,
    key: workflowKey(run.execution),
    name,
    outcome: run.outcome,
  }
  return uid
}
