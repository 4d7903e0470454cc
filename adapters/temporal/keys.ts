import { runUid } from '../../core/adapter.ts'
import type { RunUid } from '../../core/adapter.ts'

export const ENGINE = 'temporal'

/** One execution: its run id is unique anywhere, so that it keeps its uid whatever namespace a reader was told. */
export interface Execution {
  readonly namespace: string
  readonly workflowId: string
  readonly runId: string
}

/** `local` = a local activity of an SDK that numbers these apart from the others (Go, Java). */
export interface AttemptKey {
  readonly activityId: string
  readonly attempt: number
  readonly ownNumbering?: boolean
}

export function workflowUid(runId: string): RunUid {
  return runUid(ENGINE, runId)
}

/** What people see: `namespace/workflow id/run id`. */
export function workflowKey(execution: Execution): string {
  return `${execution.namespace}/${execution.workflowId}/${execution.runId}`
}

/** The natural key of an attempt; it also names the version of what the attempt wrote. */
export function attemptNaturalKey(runId: string, { activityId, attempt, ownNumbering }: AttemptKey): string {
  return `${runId}/${ownNumbering === true ? 'local' : 'activity'}/${activityId}/${attempt}`
}

export function attemptUid(runId: string, key: AttemptKey): RunUid {
  return runUid(ENGINE, attemptNaturalKey(runId, key))
}

export function attemptKey(execution: Execution, { activityId, attempt, ownNumbering }: AttemptKey): string {
  const tail = ownNumbering === true ? '/local' : ''
  return `${workflowKey(execution)}/activity/${activityId}/${attempt}${tail}`
}

/** A standalone activity has no workflow; its own run id is unique anywhere. */
export function standaloneNaturalKey(activityRunId: string, attempt: number): string {
  return `activity/${activityRunId}/${attempt}`
}

export function standaloneKey(namespace: string, activityId: string, activityRunId: string, attempt: number): string {
  return `${namespace}/activity/${activityId}/${activityRunId}/${attempt}`
}
