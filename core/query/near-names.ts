import type { Sql } from '../db/sql.ts'
import { nameOf } from '../db/row.ts'
import { editDistance } from './edit-distance.ts'
import { loadThings } from './load.ts'
import { searchIndex, wordsOf } from './search-index.ts'
import { afterPrefix } from './statement.ts'

/** Names looked at, and names told. */
const MOST_LOOKED_AT = 2000
const MOST_FOUND = 200
const MOST_TOLD = 5
/** Longer texts are cut: the distance costs their product. */
const MOST_CHARACTERS = 100

/** Names that somebody may have meant: of files, transforms and runs, the nearest first. Bounded, by indexes only. */
export async function findNearNames(sql: Sql, text: string): Promise<string[]> {
  const name = (text.replace(/\/+$/, '').split('/').at(-1) ?? '').slice(0, MOST_CHARACTERS)
  if (name.length < 2) return []
  const names = new Set<string>()
  for (const prefix of startsOf(name)) {
    for (const table of ['transform', 'artifact'] as const) {
      const end = afterPrefix(prefix)
      const rows = await sql.all(distinctNames(table), [prefix, end, end, MOST_LOOKED_AT])
      for (const row of rows) names.add(String(row.name))
    }
  }
  for (const other of await namesWithAWord(sql, name)) names.add(other)
  // There are few transforms, and a workflow may stand before the part of a name that was typed.
  const transforms = await sql.all('SELECT name FROM transform ORDER BY name LIMIT ?', [MOST_LOOKED_AT])
  for (const row of transforms) names.add(String(row.name))
  return rankNames(name, names)
}

/** From each name to the next by the index: a million files of one name cost as much as one. */
function distinctNames(table: 'transform' | 'artifact'): string {
  return `WITH RECURSIVE near(name) AS (
      SELECT MIN(name) FROM ${table} WHERE name >= ? AND name < ?
      UNION ALL
      SELECT (SELECT MIN(t.name) FROM ${table} t WHERE t.name > near.name AND t.name < ?) FROM near
      WHERE near.name IS NOT NULL
    ) SELECT name FROM near WHERE name IS NOT NULL LIMIT ?`
}

/** Names that share a word: the mistake is in another one. */
async function namesWithAWord(sql: Sql, name: string): Promise<string[]> {
  const hits = await searchIndex(sql, wordsOf(name), 'any', MOST_FOUND)
  const things = await loadThings(
    sql,
    hits.map((hit) => hit.uid),
  )
  return things.map((thing) => (thing.kind === 'artifact' ? nameOf(thing.uri) : thing.name))
}

/** The names at a distance that a typing mistake explains, nearest first. */
export function rankNames(wanted: string, names: Iterable<string>): string[] {
  const most = Math.max(1, Math.floor(wanted.length / 3))
  const lower = wanted.toLowerCase()
  return [...names]
    .map((name) => ({ name, distance: Math.min(...readings(name, lower).map((part) => editDistance(lower, part))) }))
    .filter(({ name, distance }) => distance <= most || name.toLowerCase().startsWith(lower))
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, MOST_TOLD)
    .map(({ name }) => name)
}

/** A name, and its last parts, as many as were typed: `ALIGN` of `RNASEQ:MAP:ALIGN`. */
function readings(name: string, typed: string): string[] {
  const lower = name.toLowerCase()
  const last = lower.split(':').slice(-typed.split(':').length).join(':')
  return [lower, last].map((part) => part.slice(0, MOST_CHARACTERS))
}

/** The first half, and the first letters as typed, in the other case, and with the first two swapped. */
function startsOf(name: string): Set<string> {
  const [first = '', second = ''] = Array.from(name)
  return new Set([
    name.slice(0, Math.ceil(name.length / 2)),
    first + second,
    first.toUpperCase() + second,
    first.toUpperCase() + second.toUpperCase(),
    first.toLowerCase() + second.toLowerCase(),
    second + first,
  ])
}
