import type { NexusInterceptorsFactory } from '@temporalio/worker'
import { digestValue, heedSecrets, observe, runUid, withScope } from '../../../core/adapter.ts'
import type { Observation, RunFact } from '../../../core/adapter.ts'
import { ENGINE } from '../keys.ts'
import { callerIn } from './links.ts'
import { quietly } from './quietly.ts'
import { temporalTransform } from './transforms.ts'

/** The part of an operation's context that is used. */
interface Operation {
  readonly service: string
  readonly operation: string
  readonly requestId: string
  readonly inboundLinks: readonly { readonly url: URL }[]
}

/** Records the handler's side of nexus operations; the caller's history has the other. */
export function nexusInterceptor(namespace: string): NexusInterceptorsFactory {
  return () => ({
    inbound: {
      async startOperation(input, next) {
        const watch = begin(namespace, input.ctx, input.input)
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

function begin(namespace: string, operation: Operation, input: unknown): Observation | undefined {
  let watch: Observation | undefined
  quietly(() => {
    heedSecrets(input)
    const { service, operation: called, requestId, inboundLinks } = operation
    const name = `${service}.${called}`
    const caller = callerIn(inboundLinks)
    const transform = temporalTransform('function', name)
    const naturalKey = `nexus/${requestId}`
    const run: RunFact = {
      kind: 'run',
      uid: runUid(ENGINE, naturalKey),
      transform: transform.uid,
      ...(caller === undefined ? {} : { parent: caller.uid }),
      engine: ENGINE,
      key: `${namespace}/${naturalKey}`,
      name,
      outcome: 'running',
      startedAt: new Date().toISOString(),
      params: { args: [{ ...digestValue(input) }] },
    }
    watch = observe(run, naturalKey, transform, caller)
  })
  return watch
}

function end(watch: Observation, ended: Partial<RunFact>): void {
  quietly(() => {
    watch.end({ ...ended, endedAt: new Date().toISOString() }, [])
  })
}
