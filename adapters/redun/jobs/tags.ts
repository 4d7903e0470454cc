import type { RowReader } from '../tables/rows.ts'
import type { JsonValue } from '../tables/schema.ts'
import { TagRow, TagValue } from '../tables/schema.ts'

/** Tags of one thing: current ones by key, former ones in the order of the database. */
export interface Tags {
  readonly current: ReadonlyMap<string, readonly JsonValue[]>
  readonly former: readonly { readonly key: string; readonly value: JsonValue }[]
}

const TAGS = `select t.entity_id, t.key, t.value,
  t.is_current and not exists (select 1 from tag_edit e where e.parent_id = t.tag_hash) is_current
  from json_each(?) wanted
  cross join tag t on t.entity_id = wanted.value order by t.key, t.value, t.tag_hash`

const CHUNK = 500

/** Tags by the id or hash of what they are on; several values of one key are legal. */
export function readTags(rows: RowReader, ids: readonly string[]): ReadonlyMap<string, Tags> {
  const found = new Map<string, { current: Map<string, JsonValue[]>; former: { key: string; value: JsonValue }[] }>()
  for (let at = 0; at < ids.length; at += CHUNK) {
    for (const tag of rows.read(TagRow, 'tag', TAGS, [JSON.stringify(ids.slice(at, at + CHUNK))])) {
      const tags = found.get(tag.entity_id) ?? { current: new Map<string, JsonValue[]>(), former: [] }
      found.set(tag.entity_id, tags)
      const value = parseJson(tag.value)
      if (tag.is_current) tags.current.set(tag.key, [...(tags.current.get(tag.key) ?? []), value])
      else tags.former.push({ key: tag.key, value })
    }
  }
  return found
}

function parseJson(text: string | undefined): JsonValue {
  if (text === undefined) return null
  try {
    return TagValue.parse(JSON.parse(text))
  } catch {
    return text // a value that some tool wrote without JSON's quotes
  }
}
