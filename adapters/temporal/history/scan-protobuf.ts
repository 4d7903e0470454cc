import { decodeMessage, NotProtobuf, WireReader } from './protobuf.ts'

/** An event's fields, the history that it stands in, or where the bytes stop being a history. */
export type ProtobufPiece =
  | { readonly kind: 'event'; readonly value: Readonly<Record<string, unknown>>; readonly list: number }
  | { readonly kind: 'cut'; readonly list: number }

/** How deep the events lie: `History`, `GetWorkflowExecutionHistoryResponse`, `WorkflowExecutions` of Cloud Export. */
type Nesting = 1 | 2 | 3

const EVENT_ID_TAG = 0x08
const FIRST_FIELD_TAG = 0x0a

/** `undefined` when the bytes are none of the three messages that hold events. */
export function nestingOf(bytes: Uint8Array): Nesting | undefined {
  let at = 0
  for (const nesting of [1, 2, 3] as const) {
    if (bytes[at] !== FIRST_FIELD_TAG) return undefined
    at++
    while ((bytes[at] ?? 0) >= 0x80) at++
    at++
    if (bytes[at] === EVENT_ID_TAG) return nesting
  }
  return undefined
}

/** The events of a binary history, decoded one by one. */
export function* scanProtobuf(bytes: Uint8Array, nesting: Nesting): Iterable<ProtobufPiece> {
  const counter = { list: 0 }
  yield* scanLevel(bytes, nesting, counter)
}

function* scanLevel(bytes: Uint8Array, nesting: Nesting, counter: { list: number }): Iterable<ProtobufPiece> {
  if (nesting === 1) counter.list++
  const list = counter.list
  const reader = new WireReader(bytes)
  try {
    while (!reader.done) {
      const tag = Number(reader.varint())
      if ((tag & 7) !== 2) {
        reader.value(tag & 7)
        continue
      }
      const { bytes: value, whole } = reader.prefix()
      // A container that was cut still holds whole events before the cut.
      if (tag >> 3 === 1 && nesting > 1) yield* scanLevel(value, nesting === 3 ? 2 : 1, counter)
      if (!whole) throw new NotProtobuf('cut message')
      if (tag >> 3 === 1 && nesting === 1) yield { kind: 'event', value: decodeMessage('HistoryEvent', value), list }
      else if (tag >> 3 === 2 && nesting === 2) yield* scanLevel(rawHistory(value), 1, counter)
    }
  } catch (error) {
    if (!(error instanceof NotProtobuf)) throw error
    yield { kind: 'cut', list }
  }
}

/** Field 2 of the server's answer: blobs of encoded batches, where it was asked for raw histories. */
function rawHistory(blob: Uint8Array): Uint8Array {
  const { data } = decodeMessage('DataBlob', blob)
  return data instanceof Uint8Array ? data : new Uint8Array()
}
