import type { TableName } from '../db/table.ts'
import { columnAt, tables } from '../db/table.ts'
import type { Row, SearchEntry } from '../db/writer.ts'

const TRANSFORM_NAME = columnAt(tables.transform, 'name')
const [NAME, KEY, CONTAINER, PARAMS, LABELS] = ['name', 'key', 'container', 'params', 'labels'].map((column) =>
  columnAt(tables.run, column),
)
const [URI, FILE] = ['uri', 'name'].map((column) => columnAt(tables.artifact, column))

/** More words than this of one thing do not make it easier to find. */
const MOST_CHARACTERS = 4_000
/** Folders named by a hash: nobody looks for those, and each would be a word of its own. */
const HASHED = /\/(?:[0-9a-f]{2}|[0-9a-f]{20,})(?=\/)/g

/** The words under which a row is found; `undefined` for rows that are not looked for. */
export function searchEntry(table: TableName, row: Row): SearchEntry | undefined {
  const words = wordsOf(table, row)
  return words === undefined ? undefined : { uid: String(row[0]), text: words.slice(0, MOST_CHARACTERS) }
}

function wordsOf(table: TableName, row: Row): string | undefined {
  if (table === 'transform') return text(row, TRANSFORM_NAME)
  if (table === 'artifact') return wordsOfPath(text(row, URI), text(row, FILE))
  if (table !== 'run') return undefined
  const parts = [text(row, NAME), text(row, KEY), text(row, CONTAINER), text(row, LABELS), text(row, PARAMS)]
  return parts.filter((part) => part !== '').join(' ')
}

function text(row: Row, column: number | undefined): string {
  const value = column === undefined ? null : row[column]
  return typeof value === 'string' ? value : ''
}

function wordsOfPath(uri: string, name: string): string {
  const folder = uri.slice(uri.indexOf(':') + 1, uri.lastIndexOf('/') + 1).replace(HASHED, '')
  return `${decoded(folder)}${name}`
}

function decoded(path: string): string {
  try {
    return path.includes('%') ? decodeURIComponent(path) : path
  } catch {
    return path // a lone % in a foreign uri
  }
}
