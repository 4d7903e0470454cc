import type { ActivityClientInterceptor } from '@temporalio/client'
import { carry, parseCarried } from '../../../core/adapter.ts'
import type { Scope } from '../../../core/adapter.ts'
import { quietly } from './quietly.ts'

/** A payload as it stands in headers, where no codec touches it. */
interface Payload {
  readonly metadata?: Readonly<Record<string, Uint8Array>> | null
  readonly data?: Uint8Array | null
}

const HEADER = 'stemma-parent'
const LARGEST_BYTES = 100_000

/**
 * An activity without a workflow has nobody above it that its worker could see: the step that starts it goes along in a
 * header. Nothing replays such an activity, so that the header changes nothing.
 */
export function activityClientInterceptor(): ActivityClientInterceptor {
  return {
    async start(input, next) {
      let headers = input.headers
      quietly(() => {
        const parent = carry()
        if (parent !== undefined) headers = { ...headers, [HEADER]: toPayload(parent) }
      })
      return next({ ...input, headers })
    },
  }
}

function toPayload(value: unknown): { metadata: Record<string, Uint8Array>; data: Uint8Array } {
  return { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from(JSON.stringify(value)) }
}

/** The step that started a standalone activity, if it was a recorded one. */
export function parentIn(headers: Readonly<Record<string, Payload>>): Scope | undefined {
  const data = headers[HEADER]?.data
  if (data === undefined || data === null || data.length > LARGEST_BYTES) return undefined
  try {
    return parseCarried(JSON.parse(new TextDecoder().decode(data)))
  } catch {
    return undefined // somebody else's header of that name
  }
}
