/**
 * Runs inside Temporal's workflow sandbox, put there by the plugin's bundler part. It only observes: nothing is awaited,
 * no command is made, no random number is drawn, so that running workflows replay as before. By hand only where a bundle
 * is made without the plugin:
 *
 * ```ts
 * import { bundleWorkflowCode } from '@temporalio/worker'
 * import { fileURLToPath } from 'node:url'
 *
 * const { code } = await bundleWorkflowCode({
 *   workflowsPath: fileURLToPath(new URL('./workflows.js', import.meta.url)),
 *   workflowInterceptorModules: [fileURLToPath(import.meta.resolve('stemma/temporal/workflow-interceptors'))],
 * })
 * console.log(code.includes('stemma-workflow-interceptors'))
 * ```
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
            if (closed === undefined) return
            stemma.closed(closed.how === 'failed' ? { ...closed, suspects: suspectsIn(input.args) } : closed)
          },
        )
        return result
      },
    },
  ],
})

const SUSPICIOUS = /pass|pwd|pw|secret|token|cred|key|auth|bearer|cookie|jwt/i
const MOST_SUSPECTS = 50
const LONGEST = 300
const MOST_LOOKED_AT = 5000

/** Few and short, for they go through a sink: outside it is decided which are secrets. */
function suspectsIn(args: readonly unknown[]): Record<string, string>[] {
  const found: Record<string, string>[] = []
  const open: unknown[] = [...args]
  for (let left = MOST_LOOKED_AT; left > 0 && open.length > 0 && found.length < MOST_SUSPECTS; left--) {
    const value = open.pop()
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) continue
    for (const [name, member] of membersOf(value)) {
      if (typeof member === 'object') open.push(member)
      else if (typeof member === 'string' && member.length <= LONGEST && SUSPICIOUS.test(name)) {
        found.push({ [name]: member })
      }
    }
  }
  return found
}

function membersOf(value: object): [string, unknown][] {
  try {
    return Object.entries(value)
  } catch {
    return [] // a getter of the user's that throws must not disturb the workflow
  }
}

/** Other errors fail the workflow's task, which is tried again: the workflow goes on. */
function closingOf(error: unknown): WorkflowClosed | undefined {
  if (error instanceof ContinueAsNew) return { how: 'continuedAsNew' }
  if (isCancellation(error)) return { how: 'canceled' }
  if (!(error instanceof TemporalFailure)) return undefined
  return { how: 'failed', type: error.name, message: error.message }
}
