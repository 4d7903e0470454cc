import { canonicalJson, digestBytes, digestValue, toJson } from '../../../core/adapter.ts'
import type { Json } from '../../../core/adapter.ts'
import type { Payload } from './payload.ts'

/** Values longer than this are kept by digest even where values are wanted. */
const LONGEST_VALUE = 16_384
const MOST_PAYLOADS = 100

/** What is kept of payloads: digest and size each, or the value where values are wanted. */
export function summarise(payloads: readonly Payload[], values: boolean): Json[] {
  return payloads.slice(0, MOST_PAYLOADS).map((payload) => summariseOne(payload, values))
}

export function summariseOne(payload: Payload, values: boolean): Json {
  if (!payload.readable) return { encoding: payload.encoding.slice(0, 200), ...digestBytes(payload.bytes) }
  if (values && canonicalJson(payload.value).length <= LONGEST_VALUE) return toJson(payload.value)
  return { ...digestValue(payload.value) }
}
