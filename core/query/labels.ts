/**
 * Labels are the engine's own words of a run: ids, hashes, queues, tags. They have no table of their own: the words of
 * their values are in the search index already, which says where to look, and the run's own row decides.
 */
import type { Sql } from '../db/sql.ts'
import type { Conditions } from './conditions.ts'
import { toMatch, toQuery, wordsOf } from './search-index.ts'
import type { LabelFilter } from './view.ts'

/** Runs that the index may name for one label. What more of them have is found soon without it. */
const MOST_NAMED = 5_000

/**
 * Runs with a label of this name, or with one that has this name in it (`tags`, `wildcards`); with a value, that it has
 * or has among others.
 */
export async function addLabel(sql: Sql, conditions: Conditions, { name, value }: LabelFilter): Promise<void> {
  const isSqlite = sql.provider === 'sqlite'
  // Most rows have no label of this name: that is seen without taking their labels apart.
  conditions.add(isSqlite ? 'instr(labels, ?) > 0' : 'strpos(labels, ?) > 0', `${JSON.stringify(name)}:`)
  if (value === undefined) {
    conditions.add(isSqlite ? SQLITE_HAS : POSTGRES_HAS, name, name)
    return
  }
  const words = indexed(value)
  if (words.length > 0 && (await areRare(sql, words))) conditions.add(named(sql), wordsFor(sql, words))
  conditions.add(sql.provider === 'sqlite' ? SQLITE_IS : POSTGRES_IS, name, name, value, value)
}

/** Runs with a label whose text begins with this. */
export async function findByLabel(sql: Sql, start: string, limit: number): Promise<string[]> {
  const words = indexed(start)
  if (words.length === 0) return []
  const rows = await sql.all(
    `SELECT uid FROM run WHERE ${named(sql)} AND ${sql.provider === 'sqlite' ? SQLITE_BEGINS : POSTGRES_BEGINS}
     ORDER BY uid LIMIT ?`,
    [wordsFor(sql, words), start.length, start, limit],
  )
  return rows.map((row) => String(row.uid))
}

/**
 * Words that the index surely has of a value, none where only the rows can tell: it leaves out what has no letter and
 * what is no text, it has texts as JSON escapes them, and of letters beyond ASCII each database has its own idea.
 */
function indexed(value: string): readonly string[] {
  const isPlain = /^[\x20-\x7e]+$/.test(value) && /[A-Za-z]/.test(value) && !/["\\]/.test(value)
  return isPlain && !/^(?:true|false|null|[\d.e+-]+)$/i.test(value) ? wordsOf(value) : []
}

function wordsFor(sql: Sql, words: readonly string[]): string {
  return sql.provider === 'sqlite' ? toMatch(words, 'all') : toQuery(words, 'all')
}

function named(sql: Sql): string {
  return `uid IN (SELECT uid FROM search WHERE ${hasWords(sql)} LIMIT ${String(MOST_NAMED)})`
}

function hasWords(sql: Sql): string {
  return sql.provider === 'sqlite' ? 'search MATCH ?' : `search.words @@ to_tsquery('simple', ?)`
}

async function areRare(sql: Sql, words: readonly string[]): Promise<boolean> {
  const [row] = await sql.all(
    `SELECT COUNT(*) AS found FROM (SELECT 1 FROM search WHERE ${hasWords(sql)} LIMIT ${String(MOST_NAMED)}) AS named`,
    [wordsFor(sql, words)],
  )
  return Number(row?.found) < MOST_NAMED
}

const SQLITE_NAMED = `(SELECT j.value, j.type FROM json_each(labels) j WHERE j.key = ?
  UNION ALL SELECT j.value, j.type FROM json_each(labels) o,
    json_each(CASE o.type WHEN 'object' THEN o.value ELSE '{}' END) j WHERE j.key = ?) l`
const SQLITE_TEXT = (of: string): string =>
  `CASE ${of}.type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE CAST(${of}.value AS TEXT) END`
const SQLITE_HAS = `labels IS NOT NULL AND EXISTS (SELECT 1 FROM ${SQLITE_NAMED})`
const SQLITE_IS = `labels IS NOT NULL AND EXISTS (SELECT 1 FROM ${SQLITE_NAMED} WHERE ${SQLITE_TEXT('l')} = ?
  OR (l.type = 'array' AND EXISTS (SELECT 1 FROM json_each(l.value) e WHERE ${SQLITE_TEXT('e')} = ?)))`
const SQLITE_BEGINS = `labels IS NOT NULL AND EXISTS (SELECT 1 FROM json_each(labels) j
  WHERE j.type = 'text' AND substr(j.value, 1, ?) = ?)`

const POSTGRES_NAMED = `(SELECT labels::json -> ?::text UNION ALL SELECT j.value FROM json_each(labels::json) o,
    json_each(CASE json_typeof(o.value) WHEN 'object' THEN o.value ELSE '{}' END) j WHERE j.key = ?) AS l(value)`
const POSTGRES_HAS = `labels IS NOT NULL AND EXISTS (SELECT 1 FROM ${POSTGRES_NAMED} WHERE l.value IS NOT NULL)`
const POSTGRES_IS = `labels IS NOT NULL AND EXISTS (SELECT 1 FROM ${POSTGRES_NAMED} WHERE l.value #>> '{}' = ?
  OR EXISTS (SELECT 1 FROM json_array_elements_text(CASE json_typeof(l.value) WHEN 'array' THEN l.value ELSE '[]' END) e
    WHERE e = ?))`
const POSTGRES_BEGINS = `labels IS NOT NULL AND EXISTS (SELECT 1 FROM json_each(labels::json) j
  WHERE json_typeof(j.value) = 'string' AND left(j.value #>> '{}', ?) = ?)`
