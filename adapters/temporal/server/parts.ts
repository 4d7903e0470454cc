import { isStemmaError } from '../../../core/adapter.ts'
import type { AddressSource, Fact, Part } from '../../../core/adapter.ts'
import { parseEvent } from '../history/event.ts'
import type { TemporalOptions } from '../history/options.ts'
import type { Piece } from '../history/pieces.ts'
import { foldPieces, surveyPieces } from '../history/read-history.ts'
import { asFields, countAt, fieldsAt, member, textAt, toTime } from '../history/shapes.ts'
import { connect } from './connection.ts'
import type { HistoryService, ServerAddress } from './connection.ts'

/** Histories up to this are kept between the two passes; longer ones are fetched twice. */
const MOST_KEPT_EVENTS = 20_000

/** An execution as the server lists it. */
interface Listed {
  readonly workflowId: string
  readonly runId: string
  readonly events: number
  /** Changes when there is more to read. */
  readonly state: string
}

/** Where a server is, from `temporal://host:port/namespace` or the options. */
export function serverOf(source: AddressSource, options: TemporalOptions): ServerAddress {
  const parts = /^temporal:\/\/([^/?#]+)(?:\/([^/?#]*))?/.exec(source.address)
  const named = decodeURIComponent(parts?.[2] ?? '')
  return {
    address: parts?.[1] ?? source.address,
    namespace: options.namespace ?? (named === '' ? 'default' : named),
    tls: options.tls,
    apiKey: options.apiKey ?? process.env.TEMPORAL_API_KEY,
  }
}

/** One part for each execution that the query finds: read, and written, one after another. */
export async function* serverParts(
  source: AddressSource,
  options: TemporalOptions,
  signal: AbortSignal | undefined,
): AsyncIterable<Part> {
  const server = serverOf(source, options)
  const service = await connect(server, signal)
  try {
    let pageToken: Uint8Array | undefined
    do {
      const page = await service.list(options.query ?? '', pageToken)
      for (const item of page.items) {
        const listed = toListed(item)
        if (listed !== undefined) yield partOf(service, server, listed, options)
      }
      pageToken = page.nextPageToken
    } while (pageToken !== undefined)
  } finally {
    await service.close()
  }
}

function toListed(item: unknown): Listed | undefined {
  const fields = asFields(item)
  const execution = fieldsAt(fields, 'execution')
  const workflowId = textAt(execution, 'workflowId')
  const runId = textAt(execution, 'runId')
  if (workflowId === undefined || runId === undefined) return undefined
  const events = countAt(fields, 'historyLength') ?? 0
  return { workflowId, runId, events, state: `${events} ${toTime(member(fields, 'closeTime')) ?? 'open'}` }
}

function partOf(service: HistoryService, server: ServerAddress, listed: Listed, options: TemporalOptions): Part {
  const { workflowId, runId, state } = listed
  const key = [server.namespace, workflowId, runId].map(encodeURIComponent).join('/')
  const place = `temporal://${server.address}/${key}`
  return {
    place,
    // The reading depends on the options as well.
    fingerprint: `${state} values=${String(options.values)}`,
    facts: () => readExecution(service, server, listed, options, place),
  }
}

async function* readExecution(
  service: HistoryService,
  server: ServerAddress,
  listed: Listed,
  options: TemporalOptions,
  place: string,
): AsyncIterable<Fact> {
  const { workflowId, runId } = listed
  const feed = keepSmall(() => readPages(service, listed), listed.events)
  const told = {
    place,
    namespace: server.namespace,
    workflowId,
    runId,
    values: options.values,
    seen: new Map<string, number>(),
  }
  try {
    yield* foldPieces(feed, await surveyPieces(feed), told)
  } catch (error) {
    if (!isStemmaError(error) || error.code !== 'source.not-found') throw error
    yield { kind: 'gap', code: 'temporal.history-gone', place, message: 'listed, but its history is kept no longer' }
  }
}

/** Fetches a short history once for both passes. */
function keepSmall(fetch: () => AsyncIterable<Piece>, events: number): () => AsyncIterable<Piece> {
  if (events > MOST_KEPT_EVENTS) return fetch
  let kept: Piece[] | undefined
  return async function* () {
    if (kept !== undefined) {
      yield* kept
      return
    }
    const pieces: Piece[] = []
    for await (const piece of fetch()) {
      pieces.push(piece)
      yield piece
    }
    kept = pieces
  }
}

async function* readPages(service: HistoryService, { workflowId, runId }: Listed): AsyncIterable<Piece> {
  let pageToken: Uint8Array | undefined
  do {
    const page = await service.history(workflowId, runId, pageToken)
    for (const item of page.items) {
      const event = parseEvent(item)
      if (event !== undefined) yield { kind: 'event', event, list: 1 }
    }
    pageToken = page.nextPageToken
  } while (pageToken !== undefined)
}
