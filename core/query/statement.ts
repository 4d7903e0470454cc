import type { Sql } from '../db/sql.ts'

/** `column` is one of the texts of a JSON array, handed over as one parameter (see `list`). */
export function isOneOf(sql: Sql, column: string): string {
  return sql.provider === 'sqlite'
    ? `${column} IN (SELECT value FROM json_each(?))`
    : `${column} = ANY (ARRAY(SELECT json_array_elements_text(?::json)))`
}

/** A table `name` whose column `value` has the texts of a JSON array (see `list`), for joins. */
export function tableOf(sql: Sql, name: string): string {
  return sql.provider === 'sqlite' ? `json_each(?) ${name}` : `json_array_elements_text(?::json) AS ${name}(value)`
}

/** The parameter of `isOneOf` and `tableOf`: one value whatever its length, so no database's limit of parameters is met. */
export function list(values: Iterable<string>): string {
  return JSON.stringify([...values])
}

/**
 * The texts that start with `prefix` are those from it to before this one, by bytes. Its last character is raised by
 * one, which keeps surrogate pairs in the order of UTF-8.
 */
export function afterPrefix(prefix: string): string {
  const characters = Array.from(prefix)
  while (characters.length > 0) {
    const point = characters.pop()?.codePointAt(0) ?? 0
    if (point < 0x10_ff_ff) {
      const next = point === 0xd7_ff ? 0xe0_00 : point + 1
      return characters.join('') + String.fromCodePoint(next)
    }
  }
  return '\u{10ffff}'
}

/** Whether a column's text ends with a parameter, which is handed over twice. No index serves it. */
export function endsWith(sql: Sql, column: string): string {
  return `${sql.provider === 'sqlite' ? `substr(${column}, -length(?))` : `right(${column}, length(?))`} = ?`
}

/** uris are indexed by their first characters. */
const URI_START = 200

/** The uris of `artifact a` that start with a prefix, by the index; parameters: `uriPrefix`. */
export const HAS_URI_PREFIX = `substr(a.uri,1,${String(URI_START)}) >= ? AND substr(a.uri,1,${String(URI_START)}) < ?
  AND a.uri >= ? AND a.uri < ?`

/** The parameters of `HAS_URI_PREFIX`. uris are ASCII: characters are bytes. */
export function uriPrefix(prefix: string): string[] {
  const start = prefix.slice(0, URI_START)
  return [start, afterPrefix(start), prefix, afterPrefix(prefix)]
}

/** Cuts a list into parts of at most `size`. */
export function* chunks<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size)
}
