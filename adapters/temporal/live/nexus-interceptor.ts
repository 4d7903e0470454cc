import type { NexusInterceptorsFactory } from '@temporalio/worker'
import { digestValue, observe, runUid, withScope } from '../../../core/adapter.ts'
import type { Observation, RunFact } from '../../../core/adapter.ts'
import { ENGINE } from '../keys.ts'
import { quietly } from './quietly.ts'
import { temporalTransform } from './transforms.ts'

/** Records the handler's side of nexus operations; the caller's history has the other. */
export function nexusInterceptor(namespace: string): NexusInterceptorsFactory {
  return () => ({
    inbound: {
      async startOperation(input, next) {
        const { service, operation, requestId } = input.ctx
        const watch = begin(namespace, `${service}.${operation}`, requestId, input.input)
        if (watch === undefined) return next(input)
        try {
          const output = await withScope(watch.scope, () => next(input))
          end(watch, { outcome: 'succeeded' })
          return output
        } catch (error) {
          const { name, message } = error instanceof Error ? error : new Error(String(error))
          end(watch, { outcome: 'failed', error: { type: name, message } })
          throw error
        }
      },
    },
  })
}

function begin(namespace: string, name: string, requestId: string, input: unknown): Observation | undefined {
  let watch: Observation | undefined
  quietly(() => {
    const transform = temporalTransform('function', name)
    const naturalKey = `nexus/${requestId}`
    const run: RunFact = {
      kind: 'run',
      uid: runUid(ENGINE, naturalKey),
      transform: transform.uid,
      engine: ENGINE,
      key: `${namespace}/${naturalKey}`,
      name,
      outcome: 'running',
      startedAt: new Date().toISOString(),
      params: { args: [{ ...digestValue(input) }] },
    }
    watch = observe(run, naturalKey, transform, undefined)
  })
  return watch
}

function end(watch: Observation, ended: Partial<RunFact>): void {
  quietly(() => {
    watch.end({ ...ended, endedAt: new Date().toISOString() }, [])
  })
}
