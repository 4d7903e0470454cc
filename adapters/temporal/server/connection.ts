import type * as TemporalClient from '@temporalio/client'
import { z } from 'zod'
import { StemmaError } from '../../../core/adapter.ts'

/** The two calls of Temporal's workflow service that an import makes. */
export interface HistoryService {
  list(query: string, pageToken: Uint8Array | undefined): Promise<ServicePage>
  history(workflowId: string, runId: string, pageToken: Uint8Array | undefined): Promise<ServicePage>
  close(): Promise<void>
}

/** Items as the SDK decodes them: plain objects, int64 as `{low, high}`, bytes as `Uint8Array`. */
export interface ServicePage {
  readonly items: readonly unknown[]
  readonly nextPageToken: Uint8Array | undefined
}

export interface ServerAddress {
  /** `host:port`. */
  readonly address: string
  readonly namespace: string
  readonly tls: boolean
  readonly apiKey: string | undefined
}

const LIST_PAGE = 500
/** Pages are counted in batches of events, so that one holds up to some thousands of them. */
const HISTORY_PAGE = 1000
const MOST_TRIES = 6
const FIRST_WAIT_MS = 250

const PackageGone = z.object({ code: z.enum(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND']) })
const GrpcError = z.object({ code: z.number(), details: z.string().optional() })
/** UNAVAILABLE, RESOURCE_EXHAUSTED, DEADLINE_EXCEEDED of gRPC: worth another try. */
const PASSING = new Set([14, 8, 4])
const NOT_FOUND = 5

/** Connects with `@temporalio/client`, which is loaded only here. */
export async function connect(server: ServerAddress, signal: AbortSignal | undefined): Promise<HistoryService> {
  const { Connection } = await loadClient()
  const { address, namespace, tls, apiKey } = server
  const connection = await Connection.connect({
    address,
    ...(tls || apiKey !== undefined ? { tls: true } : {}),
    ...(apiKey === undefined ? {} : { apiKey }),
  }).catch((cause: unknown) => unreachable(address, cause))
  const service = connection.workflowService
  return {
    async list(query, pageToken) {
      const request = { namespace, query, pageSize: LIST_PAGE, ...tokenOf(pageToken) }
      const answer = await patiently(() => service.listWorkflowExecutions(request), address, signal)
      return { items: answer.executions, nextPageToken: nonEmpty(answer.nextPageToken) }
    },
    async history(workflowId, runId, pageToken) {
      const execution = { workflowId, runId }
      const request = { namespace, execution, maximumPageSize: HISTORY_PAGE, ...tokenOf(pageToken) }
      const answer = await patiently(() => service.getWorkflowExecutionHistory(request), address, signal)
      return { items: answer.history?.events ?? [], nextPageToken: nonEmpty(answer.nextPageToken) }
    },
    close: () => connection.close(),
  }
}

async function loadClient(): Promise<typeof TemporalClient> {
  try {
    return await import('@temporalio/client')
  } catch (cause) {
    if (!PackageGone.safeParse(cause).success) throw cause
    throw new StemmaError(
      'dependency.missing',
      'an import from a Temporal server needs the package "@temporalio/client"',
      {
        cause,
        detail: { package: '@temporalio/client' },
        advice: 'Add it to your project: npm install @temporalio/client',
      },
    )
  }
}

/** Waits and tries again while the server is busy; `undefined` histories are told by `source.not-found`. */
async function patiently<T>(call: () => Promise<T>, address: string, signal: AbortSignal | undefined): Promise<T> {
  for (let tries = 1; ; tries++) {
    signal?.throwIfAborted()
    try {
      return await call()
    } catch (cause) {
      const { code } = GrpcError.safeParse(cause).data ?? { code: 0 }
      if (code === NOT_FOUND)
        throw new StemmaError('source.not-found', 'the server has no such history any more', { cause })
      if (!PASSING.has(code) || tries === MOST_TRIES) return unreachable(address, cause)
      await new Promise((resolve) => setTimeout(resolve, FIRST_WAIT_MS * 2 ** tries))
    }
  }
}

function unreachable(address: string, cause: unknown): never {
  const why = GrpcError.safeParse(cause).data?.details ?? (cause instanceof Error ? cause.message : String(cause))
  throw new StemmaError('source.unreadable', `the Temporal server does not answer: "${address}": ${why}`, {
    cause,
    detail: { address },
    advice: 'Check the address, the namespace, and that the server runs; --tls and --api-key for Temporal Cloud.',
  })
}

function tokenOf(pageToken: Uint8Array | undefined): { nextPageToken?: Uint8Array } {
  return pageToken === undefined ? {} : { nextPageToken: pageToken }
}

function nonEmpty(token: Uint8Array | null | undefined): Uint8Array | undefined {
  return token === null || token === undefined || token.length === 0 ? undefined : token
}
