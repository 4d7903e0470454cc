import type { Database } from '../db/database.ts'
import type { Style } from './style.ts'
import type { Terminal } from './terminal.ts'
import type { CliContext } from './verb.ts'
import { placeOf } from './wording.ts'

/** How things are written for a person. */
export interface Look {
  readonly terminal: Terminal
  readonly style: Style
  /** Nothing is folded. */
  readonly full: boolean
  /** Where something lies, as short as it can be said. */
  readonly place: (uri: string) => string
}

/** Folders that have moved since their pipeline ran: more than these are not asked for. */
const MOST_ROOTS = 10_000
/** Hash-named folders (task folders, caches) are shown by their beginning: `work/d3/e7cb3a…`. */
const HASH_NAME = /(?<=\/|^)([0-9a-f]{6})[0-9a-f]{14,}(?=\/|$)/g

/** Files below a folder that has moved are shown where they lie now. */
export async function lookOf(database: Database, { terminal, style }: CliContext, full: boolean): Promise<Look> {
  const place = await todaysPlaces(database, terminal.workingFolder)
  return { terminal, style, full, place: (uri) => place(uri).replace(HASH_NAME, '$1…') }
}

/** The same without shortening: what is shown can be typed again. */
export async function todaysPlaces(database: Database, workingFolder: string): Promise<(uri: string) => string> {
  const rows = await database.sql.all('SELECT DISTINCT was, now FROM root ORDER BY was, now LIMIT ?', [MOST_ROOTS])
  const roots = new Map(rows.map((row) => [String(row.was), String(row.now)]))
  return (uri) => placeOf(todaysUri(uri, roots), workingFolder)
}

function todaysUri(uri: string, roots: ReadonlyMap<string, string>): string {
  for (let at = uri.length; at > 'file:///'.length; at = uri.lastIndexOf('/', at - 1)) {
    const now = roots.get(uri.slice(0, at))
    if (now !== undefined) return now + uri.slice(at)
  }
  return uri
}
