import type { WorkflowClientInterceptor } from '@temporalio/client'
import { currentScope, digestValue, heedSecrets, toJson } from '../../../core/adapter.ts'
import type { RunFact } from '../../../core/adapter.ts'
import { quietly } from './quietly.ts'
import { stateWorkflow } from './workflow-runs.ts'

/** Who started which workflow from here: a workflow that a recorded step starts belongs to that step. */
export function clientInterceptor(namespace: string, values: boolean): WorkflowClientInterceptor {
  const started = (workflowType: string, workflowId: string, runId: string, args: readonly unknown[]): void => {
    quietly(() => {
      const workflow = { namespace, workflowId, runId, workflowType }
      heedSecrets(args)
      stateWorkflow(workflow, 'running', { params: paramsOf(args, values) }, currentScope())
    })
  }
  return {
    async startWithDetails(input, next) {
      const output = await next(input)
      started(input.workflowType, input.options.workflowId, output.runId, input.options.args)
      return output
    },
    async signalWithStart(input, next) {
      const runId = await next(input)
      // The workflow may have been running: then somebody else started it, with other arguments.
      quietly(() => {
        stateWorkflow(
          { namespace, workflowId: input.options.workflowId, runId, workflowType: input.workflowType },
          'running',
          {},
        )
      })
      return runId
    },
  }
}

function paramsOf(args: readonly unknown[], values: boolean): RunFact['params'] {
  return { args: args.map((value) => (values ? toJson(value) : { ...digestValue(value) })) }
}
