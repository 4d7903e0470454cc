import { StemmaError } from '../../../core/adapter.ts'
import type { FileSource } from '../../../core/adapter.ts'
import { parseEvent } from './event.ts'
import type { HistoryEvent } from './event.ts'
import { DamagedGzip, firstBytes, readBytes } from './file-bytes.ts'
import { scanJson } from './scan-json.ts'
import { nestingOf, scanProtobuf } from './scan-protobuf.ts'
import { isFields } from './shapes.ts'
import type { Fields } from './shapes.ts'

/** What a file holds, in its order. `list` counts the lists that events stand in. */
export type Piece =
  | { readonly kind: 'event'; readonly event: HistoryEvent; readonly list: number }
  | { readonly kind: 'object'; readonly value: Fields }
  | { readonly kind: 'gap'; readonly code: string; readonly message: string }

const LARGEST_BINARY_BYTES = 512 * 1024 * 1024
const SNIFFED_BYTES = 64

/** Events and other objects of a file in any encoding; damage is a gap. Yields nothing for a file of another kind. */
export async function* readPieces(source: FileSource, path: string): AsyncIterable<Piece> {
  try {
    const head = await firstBytes(readBytes(source, path), SNIFFED_BYTES)
    const nesting = nestingOf(head)
    if (nesting !== undefined) yield* binaryPieces(source, path, nesting)
    else if (looksLikeJson(head)) yield* jsonPieces(readBytes(source, path))
  } catch (error) {
    if (error instanceof DamagedGzip) yield gap('temporal.cut-gzip', `the compressed file ends early: ${error.message}`)
    else throw error
  }
}

function looksLikeJson(head: Buffer): boolean {
  // JSON text sequences begin with a record separator.
  return /^[[{]/.test(head.toString().replaceAll('\u001E', '').trimStart())
}

async function* jsonPieces(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Piece> {
  for await (const piece of scanJson(chunks)) {
    if (piece.kind === 'cut') yield gap('temporal.cut-history', 'the JSON ends early or is damaged')
    else if (piece.kind === 'too-large')
      yield gap('temporal.event-too-large', 'an event of more than 32 MiB was left out')
    else yield jsonPiece(piece.text, piece.list)
  }
}

function jsonPiece(text: string, list: number): Piece {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return gap('temporal.damaged-event', `not JSON: ${text.slice(0, 80)}`)
  }
  const event = parseEvent(value)
  if (event !== undefined) return { kind: 'event', event, list }
  return isFields(value) ? { kind: 'object', value } : gap('temporal.damaged-event', 'not an event')
}

async function* binaryPieces(source: FileSource, path: string, nesting: 1 | 2 | 3): AsyncIterable<Piece> {
  const bytes = await firstBytes(readBytes(source, path), LARGEST_BINARY_BYTES + 1)
  if (bytes.length > LARGEST_BINARY_BYTES) {
    throw new StemmaError('source.unreadable', `larger than 512 MiB: "${path}"`, { detail: { path } })
  }
  for (const piece of scanProtobuf(bytes, nesting)) {
    if (piece.kind === 'cut') yield gap('temporal.cut-history', 'the binary history ends early or is damaged')
    else {
      const event = parseEvent(piece.value)
      yield event === undefined
        ? gap('temporal.damaged-event', 'an event without id or attributes')
        : { kind: 'event', event, list: piece.list }
    }
  }
}

function gap(code: string, message: string): Piece {
  return { kind: 'gap', code, message }
}
