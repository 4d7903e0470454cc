import { toIso } from '../../../core/adapter.ts'

/** A JSON object whose members nobody has looked at yet. */
export type Fields = Readonly<Record<string, unknown>>

const LONGEST_TEXT = 65_536

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
}

/** The object, or one without members. */
export function asFields(value: unknown): Fields {
  return isFields(value) ? value : {}
}

const snakeNames = new Map<string, string>()

/** A member by its lower-camel name, or by the proto name that some encoders keep; null is absent. */
export function member(fields: Fields, name: string): unknown {
  if (Object.hasOwn(fields, name)) return fields[name] ?? undefined
  let snake = snakeNames.get(name)
  if (snake === undefined) {
    snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    snakeNames.set(name, snake)
  }
  return Object.hasOwn(fields, snake) ? (fields[snake] ?? undefined) : undefined
}

export function fieldsAt(fields: Fields, name: string): Fields {
  return asFields(member(fields, name))
}

/** A text that is not empty: encoders that print defaults write '' for what is absent. */
export function textAt(fields: Fields, name: string): string | undefined {
  const value = member(fields, name)
  return typeof value === 'string' && value !== '' ? value.slice(0, LONGEST_TEXT) : undefined
}

/** A whole number from a number, a decimal text, or protobufjs' `{low, high}`; zero is absent. */
export function countAt(fields: Fields, name: string): number | undefined {
  const count = toCount(member(fields, name))
  return count === 0 ? undefined : count
}

export function toCount(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : undefined
  if (typeof value === 'string') return /^-?\d{1,15}$/.test(value) ? Number(value) : undefined
  if (!isFields(value)) return undefined
  const { low, high } = value
  if (typeof low !== 'number' || typeof high !== 'number') return undefined
  const count = high * 0x1_0000_0000 + (low >>> 0)
  return Number.isSafeInteger(count) ? count : undefined
}

/** An ISO time to the millisecond from RFC 3339 text (any fraction) or `{seconds, nanos}`. */
export function toTime(value: unknown): string | undefined {
  if (typeof value === 'string') {
    const parts = /^(\d{4,5}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:?\d\d)$/.exec(value)
    if (parts === null) return undefined
    return since1970(Date.parse(`${parts[1] ?? ''}.${(parts[2] ?? '').slice(0, 3).padEnd(3, '0')}${parts[3] ?? ''}`))
  }
  if (!isFields(value)) return undefined
  const seconds = toCount(value.seconds)
  if (seconds === undefined) return undefined
  return since1970(seconds * 1000 + Math.floor((toCount(value.nanos) ?? 0) / 1e6))
}

/** A time before 1970 is none: servers write one where they mean nothing. */
function since1970(ms: number): string | undefined {
  return ms < 0 ? undefined : toIso(ms)
}

/** An enum's word without its prefix: `RETRY_STATE_TIMEOUT`, `Timeout` and 3 are all `TIMEOUT`. */
export function toWord(value: unknown, prefix: string, numbers: readonly string[]): string | undefined {
  if (typeof value === 'number') return value === 0 ? undefined : numbers[value]
  if (typeof value !== 'string' || value === '') return undefined
  const word = value.startsWith(prefix) ? value.slice(prefix.length) : value.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_')
  const upper = word.toUpperCase().slice(0, 200)
  return upper === 'UNSPECIFIED' ? undefined : upper
}
