import type { InjectedSinks } from '@temporalio/worker'
import { heedSecrets } from '../../../core/adapter.ts'
import type { Outcome } from '../../../core/adapter.ts'
import type { StemmaSinks, WorkflowClosed } from './sinks.ts'
import { quietly } from './quietly.ts'
import { stateWorkflow } from './workflow-runs.ts'

const OUTCOMES: Readonly<Record<WorkflowClosed['how'], Outcome>> = {
  completed: 'succeeded',
  continuedAsNew: 'succeeded',
  failed: 'failed',
  canceled: 'cancelled',
}

/**
 * The outside of the workflow interceptors. Calls may come twice (a task's completion was lost) or never, so that they
 * only state what anybody may state again; a replay is not called at all.
 */
export function workflowSinks(): InjectedSinks<StemmaSinks> {
  return {
    stemma: {
      started: {
        fn(info) {
          quietly(() => {
            stateWorkflow(info, 'running', { startedAt: info.runStartTime.toISOString() })
          })
        },
        callDuringReplay: false,
      },
      closed: {
        fn(info, closed) {
          quietly(() => {
            const { how, type, message, suspects } = closed
            if (suspects !== undefined) heedSecrets(suspects)
            const error = how === 'failed' ? { error: { type: type ?? 'Error', message: message ?? '' } } : {}
            stateWorkflow(info, OUTCOMES[how], { endedAt: new Date().toISOString(), ...error })
          })
        },
        callDuringReplay: false,
      },
    },
  }
}
