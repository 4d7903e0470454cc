import { canonicalJson, digestBytes, toJson } from './canonical.ts'
import type { Json } from './canonical.ts'

/** Longer values are kept by digest and size. */
const LONGEST_VALUE = 4096
/** Beyond this even the digest would hold up the caller: then only the shape is kept. */
const MOST_MEMBERS = 100_000

/** All arguments by name, none dropped. Taken before the function runs: it may change them. */
export function paramsOf(names: readonly (string | undefined)[], args: readonly unknown[]): Record<string, Json> {
  const params: Record<string, Json> = {}
  args.forEach((value, at) => {
    const name = names[at]
    const key = name === undefined || Object.hasOwn(params, name) ? `arg${at}` : name
    Object.defineProperty(params, key, {
      value: paramValue(value),
      enumerable: true,
      configurable: true,
      writable: true,
    })
  })
  return params
}

export function paramValue(value: unknown): Json {
  if (typeof value === 'string' && value.length > LONGEST_VALUE) return { ...digestBytes(Buffer.from(value)) }
  if (typeof value !== 'object' || value === null) return toJson(value)
  if (countMembers(value, MOST_MEMBERS) >= MOST_MEMBERS) return shapeOf(value)
  try {
    const text = canonicalJson(value)
    return text.length > LONGEST_VALUE ? { ...digestBytes(Buffer.from(text)) } : toJson(value)
  } catch {
    return shapeOf(value) // a getter or proxy that throws: the call goes on, the parameter says what it was
  }
}

function shapeOf(value: object): Json {
  if (Array.isArray(value)) return { type: 'Array', length: value.length }
  const maker: unknown = Reflect.get(value, 'constructor')
  return { type: typeof maker === 'function' ? maker.name : 'Object' }
}

function countMembers(value: unknown, most: number): number {
  let count = 0
  const open: unknown[] = [value]
  const seen = new Set<unknown>()
  while (open.length > 0 && count < most) {
    const next = open.pop()
    if (typeof next !== 'object' || next === null || ArrayBuffer.isView(next) || seen.has(next)) continue
    seen.add(next)
    const members: unknown[] = Array.isArray(next) ? next : quietValues(next)
    count += members.length
    if (members.length < most) for (const member of members) open.push(member)
  }
  return count
}

function quietValues(value: object): unknown[] {
  try {
    return Object.values(value)
  } catch {
    return [] // a getter that throws is not ours to report
  }
}
