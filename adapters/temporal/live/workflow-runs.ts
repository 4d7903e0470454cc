import { scopeOf, stateRun } from '../../../core/adapter.ts'
import type { Outcome, RunFact, Scope } from '../../../core/adapter.ts'
import { ENGINE, workflowKey, workflowUid } from '../keys.ts'
import type { Execution } from '../keys.ts'
import { temporalTransform } from './transforms.ts'

/** What the SDK says of a workflow; the part of its `WorkflowInfo` that is used. */
export interface WorkflowFacts extends Execution {
  readonly workflowType: string
  readonly parent?: { readonly namespace: string; readonly workflowId: string; readonly runId: string } | undefined
}

const scopes = new Map<string, Scope>()
const MOST_SCOPES = 10_000

/** A workflow as the run around its attempts. */
export function workflowScope(workflow: Execution & { readonly workflowType: string }): Scope {
  const id = `${workflow.runId} ${workflow.namespace} ${workflow.workflowType}`
  let scope = scopes.get(id)
  if (scope === undefined) {
    if (scopes.size >= MOST_SCOPES) scopes.clear()
    scope = makeScope(workflow)
    scopes.set(id, scope)
  }
  return scope
}

function makeScope(workflow: Execution & { readonly workflowType: string }): Scope {
  const { uid, name, type } = temporalTransform('workflow', workflow.workflowType)
  const transform = { uid, name, type }
  const key = workflowKey(workflow)
  return scopeOf({ uid: workflowUid(workflow.runId), key, name: workflow.workflowType, engine: ENGINE, transform })
}

/** States how a workflow stands, as far as a worker or client can see. */
export function stateWorkflow(workflow: WorkflowFacts, outcome: Outcome, more: Partial<RunFact>, parent?: Scope): void {
  const { runId, workflowType } = workflow
  const above = parent ?? (workflow.parent && workflowScope({ ...workflow.parent, workflowType: '(unknown)' }))
  const run: RunFact = {
    kind: 'run',
    uid: workflowUid(runId),
    transform: temporalTransform('workflow', workflowType).uid,
    ...(above === undefined ? {} : { parent: above.uid }),
    engine: ENGINE,
    key: workflowKey(workflow),
    name: workflowType,
    outcome,
    ...more,
  }
  stateRun(run, temporalTransform('workflow', workflowType), above)
}
