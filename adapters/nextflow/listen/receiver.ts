import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { WeblogEvent } from '../schema.ts'
import { isSafeName } from './spool.ts'

/** What a receiver does with an event. Rejects when it could not be kept: the sender is then told so. */
export type Keep = (event: WeblogEvent, line: string) => Promise<void>

export interface ReceiverOptions {
  /** As `weblog.basicToken` of Nextflow: `user:password`; also taken as a bearer token. */
  readonly token: string | undefined
  readonly keep: Keep
  /** Told what was refused or failed, for people. */
  readonly warn: (text: string) => void
}

/** An event holds one task's script and environment, or a run's parameters: far below this. */
const MOST_BODY_BYTES = 16 << 20
const REQUEST_TIMEOUT_MS = 60_000

/** A web server that takes posted events and nothing else. It answers once an event is kept. */
export function createReceiver(options: ReceiverOptions): Server {
  const server = createServer((request, response) => {
    answer(request, options).then(
      (status) => { reply(response, status) }, // prettier-ignore
      (cause: unknown) => {
        options.warn(`an event could not be kept: ${cause instanceof Error ? cause.message : String(cause)}`)
        reply(response, 500)
      },
    )
  })
  server.requestTimeout = REQUEST_TIMEOUT_MS
  return server
}

/** @returns the HTTP status */
async function answer(request: IncomingMessage, { token, keep, warn }: ReceiverOptions): Promise<number> {
  if (!isAllowed(request, token)) {
    warn('an event with a wrong token, or none, was refused')
    return 401
  }
  if (request.method !== 'POST') return 405
  const body = await readBody(request)
  if (body === undefined) {
    warn(`an event of more than ${MOST_BODY_BYTES >> 20} MiB was refused`)
    return 413
  }
  const json = parseJson(body)
  const event = WeblogEvent.safeParse(json)
  if (!event.success || !isSafeName(event.data.runId) || !isSafeName(event.data.runName)) {
    warn('something that is no event of Nextflow was refused')
    return 400
  }
  await keep(event.data, JSON.stringify(json))
  return 200
}

function reply(response: ServerResponse, status: number): void {
  // What is left of a refused body is not worth reading.
  const close = status === 200 ? {} : { connection: 'close' }
  const challenge = status === 401 ? { 'www-authenticate': 'Basic' } : {}
  response.writeHead(status, { 'content-type': 'text/plain', ...close, ...challenge })
  response.end(status === 200 ? 'ok\n' : 'refused\n')
}

function isAllowed(request: IncomingMessage, token: string | undefined): boolean {
  if (token === undefined) return true
  const given = request.headers.authorization ?? ''
  const basic = `Basic ${Buffer.from(token).toString('base64')}`
  return isEqual(given, basic) || isEqual(given, `Bearer ${token}`)
}

/** Takes as long for every wrong text. */
function isEqual(a: string, b: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(a), hash(b))
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    if (!(chunk instanceof Buffer)) continue
    size += chunk.length
    if (size > MOST_BODY_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // refused by the caller
  }
}
