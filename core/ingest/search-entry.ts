import type { TableName } from '../db/table.ts'
import { columnAt, tables } from '../db/table.ts'
import type { Row, SearchEntry } from '../db/writer.ts'

const TRANSFORM_NAME = columnAt(tables.transform, 'name')
const RUN = (column: (typeof tables.run.columns)[number]): number => columnAt(tables.run, column)
const [NAME, KEY, CONTAINER, PARAMS, LABELS] = [RUN('name'), RUN('key'), RUN('container'), RUN('params'), RUN('labels')]
const PARENT = RUN('parent_uid')
const [URI, FILE] = ['uri', 'name'].map((column) => columnAt(tables.artifact, column))

/** More words than this of one thing do not make it easier to find. */
const MOST_CHARACTERS = 4_000
/** Folders named by a hash: nobody looks for those, and each would be a word of its own. */
const HASHED = /\/(?:[0-9a-f]{2}|[0-9a-f]{20,})(?=\/)/g

type Searched = 'transform' | 'run' | 'artifact'

export function isSearched(table: TableName): table is Searched {
  return table === 'transform' || table === 'run' || table === 'artifact'
}

/** The words under which a row is found. */
export function searchEntry(table: Searched, row: Row): SearchEntry {
  return { uid: String(row[0]), text: wordsOf(table, row).slice(0, MOST_CHARACTERS) }
}

function wordsOf(table: Searched, row: Row): string {
  if (table === 'transform') return text(row, TRANSFORM_NAME)
  if (table === 'artifact') return wordsOfPath(text(row, URI), text(row, FILE))
  // What a task has in common with thousands of others finds none of them: the execution above it is found by that.
  const own = `${text(row, NAME)} ${text(row, KEY)} ${valuesOf(text(row, LABELS))} ${valuesOf(text(row, PARAMS))}`
  return row[PARENT] === null ? `${own} ${text(row, CONTAINER)}` : own
}

/** The values in a JSON object, without its keys; numbers and `true` are nothing to search for. */
function valuesOf(json: string): string {
  if (json === '') return ''
  const texts = json.match(/"(?:[^"\\]|\\.)*":?/g) ?? [] // keys with their colon: a key's last quote begins no value
  return texts.filter((part) => !part.endsWith(':') && /[A-Za-z\u0080-\uFFFF]/.test(part)).join(' ')
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
