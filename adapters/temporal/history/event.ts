import { asFields, countAt, isFields, member, toTime } from './shapes.ts'
import type { Fields } from './shapes.ts'

/** One event of a history, whatever it was encoded as. */
export interface HistoryEvent {
  readonly id: number
  /** The attributes' name without `EventAttributes`: `activityTaskScheduled`. */
  readonly type: string
  readonly at: string | undefined
  readonly attributes: Fields
  readonly links: readonly Fields[]
}

const ATTRIBUTES = 'EventAttributes'
const SNAKE_ATTRIBUTES = '_event_attributes'

/**
 * Reads an event. The attributes' name tells its type, so the many spellings of the type itself (words, old words, numbers)
 * are not needed. `undefined` for what is no event.
 */
export function parseEvent(value: unknown): HistoryEvent | undefined {
  if (!isFields(value)) return undefined
  const id = countAt(value, 'eventId')
  if (id === undefined || id < 1) return undefined
  const [type, attributes] = attributesOf(value) ?? [typeOf(value), {}]
  if (type === undefined) return undefined
  const links = member(value, 'links')
  return {
    id,
    type,
    at: toTime(member(value, 'eventTime')),
    attributes,
    links: Array.isArray(links) ? links.map(asFields) : [],
  }
}

function attributesOf(value: Fields): [string, Fields] | undefined {
  for (const [key, attributes] of Object.entries(value)) {
    if (!isFields(attributes)) continue
    if (key.endsWith(ATTRIBUTES)) return [key.slice(0, -ATTRIBUTES.length), attributes]
    if (key.endsWith(SNAKE_ATTRIBUTES)) return [toCamel(key.slice(0, -SNAKE_ATTRIBUTES.length)), attributes]
  }
  return undefined
}

/** An event whose attributes were filtered away still has its type. */
function typeOf(value: Fields): string | undefined {
  const type = member(value, 'eventType')
  if (typeof type !== 'string') return typeof type === 'number' ? 'unknown' : undefined
  if (!type.startsWith('EVENT_TYPE_')) return type.slice(0, 1).toLowerCase() + type.slice(1)
  return toCamel(type.slice('EVENT_TYPE_'.length).toLowerCase())
}

function toCamel(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
