import { inflateSync } from 'node:zlib'
import { decodeMessage } from './protobuf.ts'
import { asFields, isFields, member } from './shapes.ts'
import type { Fields } from './shapes.ts'

/** One argument or result: its value where anybody may read it, else only its bytes. */
export type Payload =
  | { readonly readable: true; readonly encoding: string; readonly value: unknown }
  | { readonly readable: false; readonly encoding: string; readonly bytes: Uint8Array }

const LARGEST_INFLATED_BYTES = 64 * 1024 * 1024
const DEEPEST_CODEC = 4
/** A payload in an object store (SDKs since 2026): what lies there is the driver's object, not the user's file. */
const STORED_ELSEWHERE = 'temporal.api.sdk.v1.ExternalStorageReference'

/**
 * The payloads of a slot in any form: `{payloads: [...]}`, a bare list (the shorthand of the HTTP API and of `describe`),
 * or one payload (nexus operations). Nothing fails: what cannot be read stays opaque.
 */
export function parsePayloads(slot: unknown): Payload[] {
  if (slot === undefined || slot === null) return []
  if (Array.isArray(slot)) return slot.map((item: unknown) => parsePayload(item))
  if (!isFields(slot)) return [parsePayload(slot)]
  const list = slot.payloads
  if (Array.isArray(list)) return list.map((item: unknown) => parsePayload(item))
  return Object.keys(slot).length === 0 || 'payloads' in slot ? [] : [parsePayload(slot)]
}

/** One payload: as the API writes it, as the web UI makes it readable, or a bare value. */
export function parsePayload(slot: unknown, depth = 0): Payload {
  if (!isFields(slot) || !isFields(slot.metadata)) return { readable: true, encoding: 'json/plain', value: slot }
  const metadata = slot.metadata
  const written = metadata.encoding
  const encoding = metadataText(written)
  if (encoding === undefined) return { readable: true, encoding: 'json/plain', value: slot }
  if (encoding === 'binary/null') return { readable: true, encoding, value: null }
  const plain = written === encoding // metadata as plain text: the UI's readable form, where data may be the value itself
  if (plain && typeof slot.data !== 'string' && slot.data !== undefined) {
    return { readable: true, encoding, value: slot.data }
  }
  if (plain && encoding.startsWith('json/')) return { readable: true, encoding, value: slot.data }
  return decode(encoding, toBytes(slot.data), metadata, depth)
}

function decode(encoding: string, bytes: Uint8Array, metadata: Fields, depth: number): Payload {
  const opaque: Payload = { readable: false, encoding, bytes }
  if (isStoredElsewhere(member(metadata, 'messageType'))) return opaque
  if (encoding === 'json/plain' || encoding === 'json/protobuf') {
    try {
      const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
      return { readable: true, encoding, value }
    } catch {
      return opaque // says json and is none: damaged, or sealed by a codec that left the encoding as it was
    }
  }
  return encoding === 'binary/zlib' && depth < DEEPEST_CODEC ? (inflated(bytes, depth) ?? opaque) : opaque
}

/** The zlib codec that the SDKs ship wraps a whole payload message; it needs no key. */
function inflated(bytes: Uint8Array, depth: number): Payload | undefined {
  try {
    const message = inflateSync(bytes, { maxOutputLength: LARGEST_INFLATED_BYTES })
    return parsePayload(decodeMessage('Payload', message), depth + 1)
  } catch {
    return undefined // not zlib, too large, or no payload inside: opaque
  }
}

function isStoredElsewhere(messageType: unknown): boolean {
  if (messageType instanceof Uint8Array) return new TextDecoder().decode(messageType) === STORED_ELSEWHERE
  if (typeof messageType !== 'string') return false
  return messageType === STORED_ELSEWHERE || Buffer.from(messageType, 'base64').toString('latin1') === STORED_ELSEWHERE
}

const ENCODING = /^[a-z]+\/[a-z0-9.+_-]+$/i

/** Metadata values are bytes: base64 in JSON; the readable form of the UI has them as text. */
function metadataText(value: unknown): string | undefined {
  if (value instanceof Uint8Array) return new TextDecoder().decode(value)
  if (typeof value !== 'string') return isFields(value) ? new TextDecoder().decode(toBytes(value)) : undefined
  const decoded = Buffer.from(value, 'base64').toString('latin1')
  if (ENCODING.test(decoded)) return decoded
  return value.slice(0, 256)
}

/** Bytes as base64 (either alphabet), as bytes, or as JSON made of a Buffer or of a byte array. */
function toBytes(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value
  if (typeof value === 'string') return Buffer.from(value, 'base64')
  const list: unknown = isFields(value) && Array.isArray(value.data) ? value.data : Object.values(asFields(value))
  return Array.isArray(list)
    ? Uint8Array.from(list, (byte) => (typeof byte === 'number' ? byte & 0xff : 0))
    : new Uint8Array()
}

/** The values that may be read, in order; opaque ones are `undefined`. */
export function readableValues(payloads: readonly Payload[]): unknown[] {
  return payloads.map((payload) => (payload.readable ? payload.value : undefined))
}
