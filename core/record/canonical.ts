import { createHash } from 'node:crypto'
import type { z } from 'zod'

export type Json = z.infer<ReturnType<typeof z.json>>

/** What is kept of a value whose content is not: the same for equal values, whatever order their members came in. */
export interface ValueDigest {
  readonly sha256: string
  readonly sizeBytes: number
}

const DEEPEST = 64

/** Digest and size of a value as JSON with sorted members. */
export function digestValue(value: unknown): ValueDigest {
  return digestBytes(Buffer.from(canonicalJson(value)))
}

export function digestBytes(bytes: Uint8Array): ValueDigest {
  return { sha256: createHash('sha256').update(bytes).digest('hex'), sizeBytes: bytes.length }
}

/** JSON with sorted members and no white space. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(toJson(value))
}

/**
 * Any value as JSON with sorted members, never failing: what JSON has no word for becomes text that says what it was
 * (`[Function align]`, `[Circular]`), bytes become their digest, dates and bigints their text.
 */
export function toJson(value: unknown): Json {
  return convert(value, [])
}

function convert(value: unknown, above: readonly object[]): Json {
  if (value === null || value === undefined) return null
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'function') return `[Function ${value.name}]`
  if (typeof value === 'symbol') return '[Symbol]'
  if (typeof value !== 'object') return null
  if (above.includes(value)) return '[Circular]'
  if (above.length >= DEEPEST) return '[Deeper]'
  return convertObject(value, [...above, value])
}

function convertObject(value: object, above: readonly object[]): Json {
  if (Array.isArray(value)) return value.map((item: unknown) => convert(item, above))
  if (ArrayBuffer.isView(value))
    return { ...digestBytes(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)) }
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (value instanceof Error) return `[${value.name}: ${value.message}]`
  if (value instanceof Map) return convert(Object.fromEntries(value), above)
  if (value instanceof Set) return convert([...value], above)
  const prototype: unknown = Object.getPrototypeOf(value)
  const plain = prototype === Object.prototype || prototype === null
  if (!plain && 'toJSON' in value && typeof value.toJSON === 'function') {
    return convert(Reflect.apply(value.toJSON, value, []), above)
  }
  const sorted = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return Object.fromEntries(sorted.map(([key, item]) => [key, convert(item, above)]))
}
