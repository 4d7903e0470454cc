/**
 * Runs inside Temporal's workflow sandbox, put there by the plugin's bundler part. It only observes: nothing is awaited,
 * no command is made, no random number is drawn, so that running workflows replay as before.
 *
 * @module
 */
import { ContinueAsNew, isCancellation, proxySinks, TemporalFailure } from '@temporalio/workflow'
import type { WorkflowInterceptorsFactory } from '@temporalio/workflow'
import type { StemmaSinks, WorkflowClosed } from './live/sinks.ts'

/** Looked for in bundles that were made beforehand. */
export const stemmaBundleMark = 'stemma-workflow-interceptors-1'

const { stemma } = proxySinks<StemmaSinks>()

export const interceptors: WorkflowInterceptorsFactory = () => ({
  inbound: [
    {
      // Not async, and `next` at once: an added turn of the microtask queue would be part of the workflow's history.
      execute(input, next) {
        stemma.started()
        const result = next(input)
        result.then(
          () => {
            stemma.closed({ how: 'completed' })
          },
          (error: unknown) => {
            const closed = closingOf(error)
            if (closed !== undefined) stemma.closed(closed)
          },
        )
        return result
      },
    },
  ],
})

/** Other errors fail the workflow's task, which is tried again: the workflow goes on. */
function closingOf(error: unknown): WorkflowClosed | undefined {
  if (error instanceof ContinueAsNew) return { how: 'continuedAsNew' }
  if (isCancellation(error)) return { how: 'canceled' }
  if (!(error instanceof TemporalFailure)) return undefined
  return { how: 'failed', type: error.name, message: error.message }
}
