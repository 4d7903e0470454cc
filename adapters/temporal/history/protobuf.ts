import { MESSAGES } from './protobuf-messages.ts'
import type { Field } from './protobuf-messages.ts'

/** Nested deeper than this is hostile: the API's own messages nest to about 8, failures by their causes. */
const DEEPEST = 64

/** Thrown inside this module for bytes that are no message; readers turn it into a gap or a refusal. */
export class NotProtobuf extends Error {}

/**
 * Reads a protobuf message with the few fields that `MESSAGES` lists, into the shapes of proto3 JSON (int64 as text, bytes
 * as `Uint8Array`). Unknown fields are skipped.
 */
export function decodeMessage(name: string, bytes: Uint8Array, depth = 0): Record<string, unknown> {
  const fields = MESSAGES.get(name)
  if (fields === undefined || depth > DEEPEST) throw new NotProtobuf(`nested too deep, or unknown message: ${name}`)
  const found: Record<string, unknown> = {}
  const reader = new WireReader(bytes)
  while (!reader.done) {
    const tag = reader.varint()
    const wire = Number(tag & 7n)
    const field = fields.get(Number(tag >> 3n))
    const value = reader.value(wire)
    if (field !== undefined) keep(found, field, value, depth)
  }
  for (const [key, value] of Object.entries(found)) if (value instanceof Map) found[key] = Object.fromEntries(value)
  return found
}

function keep(found: Record<string, unknown>, field: Field, value: bigint | Uint8Array, depth: number): void {
  if (field.map) {
    if (!(value instanceof Uint8Array)) throw new NotProtobuf('a map entry is no message')
    const known = found[field.name]
    const map: Map<unknown, unknown> = known instanceof Map ? known : new Map<unknown, unknown>()
    const [key, entry] = mapEntry(value)
    map.set(key, read(field.type, entry, depth))
    found[field.name] = map
  } else if (field.repeated) {
    const known: unknown = found[field.name]
    if (Array.isArray(known)) known.push(read(field.type, value, depth))
    else found[field.name] = [read(field.type, value, depth)]
  } else found[field.name] = read(field.type, value, depth)
}

function mapEntry(bytes: Uint8Array): [string, Uint8Array] {
  const reader = new WireReader(bytes)
  let key = ''
  let entry: Uint8Array = new Uint8Array()
  while (!reader.done) {
    const tag = Number(reader.varint())
    const value = reader.value(tag & 7)
    if (tag >> 3 === 1 && value instanceof Uint8Array) key = new TextDecoder().decode(value)
    if (tag >> 3 === 2 && value instanceof Uint8Array) entry = value
  }
  return [key, entry]
}

function read(type: string, value: bigint | Uint8Array, depth: number): unknown {
  if (typeof value === 'bigint') {
    if (type === 'bool') return value !== 0n
    return type === 'int64' ? String(BigInt.asIntN(64, value)) : Number(BigInt.asIntN(32, value))
  }
  if (type === 'bytes') return value
  if (type === 'string') return new TextDecoder().decode(value)
  return decodeMessage(type, value, depth + 1)
}

/** Protobuf's wire format, with every length checked against what is there. */
export class WireReader {
  readonly #bytes: Uint8Array
  #at = 0
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length
  }

  varint(): bigint {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#at++]
      if (byte === undefined) break
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return BigInt.asUintN(64, value)
    }
    throw new NotProtobuf('cut or overlong number')
  }

  value(wire: number): bigint | Uint8Array {
    if (wire === 0) return this.varint()
    if (wire === 1) return this.#take(8)
    if (wire === 5) return this.#take(4)
    if (wire === 2) return this.#take(Number(this.varint()))
    throw new NotProtobuf(`wire type ${wire}`)
  }

  /** A length and its bytes, or as many of them as are left. */
  prefix(): { readonly bytes: Uint8Array; readonly whole: boolean } {
    const length = Number(this.varint())
    const left = this.#bytes.length - this.#at
    return { bytes: this.#take(Math.min(length, left)), whole: length <= left }
  }

  #take(length: number): Uint8Array {
    const end = this.#at + length
    if (end > this.#bytes.length) throw new NotProtobuf('cut message')
    const part = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return part
  }
}
