import { equals, quoted } from './column-list.ts'
import type { SqliteConnection } from './sqlite-connection.ts'
import { settle, sqliteSql } from './sqlite-connection.ts'
import type { Table } from './table.ts'
import { addedOf } from './writer.ts'
import type { Inserted, NewRows, Row, SearchEntry, Writer } from './writer.ts'

/** Writes row by row through prepared statements: with SQLite that is the fastest way there is. */
export function sqliteWriter(connection: SqliteConnection): Writer {
  const guarded = <T>(work: () => T): Promise<T> => settle(() => connection.guard(work))
  return {
    sql: sqliteSql(connection),
    insert: (table, rows) => guarded(() => insertRows(connection, table, rows)),
    insertAll: (parts) => guarded(() => parts.map((part) => insertPart(connection, part))),
    update: (table, rows) =>
      guarded(() => {
        updateRows(connection, table, rows)
      }),
    enterWords: (entries) =>
      guarded(() => {
        enterWords(connection, entries)
      }),
    run: (text, params) =>
      settle(() => {
        connection.run(text, params)
      }),
  }
}

function insertPart(connection: SqliteConnection, part: NewRows): Inserted {
  const inserted = insertRows(connection, part.table, part.rows)
  if (part.wordsOf !== undefined) enterWords(connection, addedOf(part, inserted).map(part.wordsOf))
  return inserted
}

function enterWords(connection: SqliteConnection, entries: readonly SearchEntry[]): void {
  const enter = connection.prepare('INSERT INTO search (text, uid) VALUES (?, ?)')
  for (const { text, uid } of entries) enter.run(text, uid)
}

function insertRows(connection: SqliteConnection, table: Table, rows: readonly Row[]): Inserted {
  const { name, columns, keys } = table
  const marks = columns.map(() => '?').join(', ')
  const insert = connection.prepare(
    `INSERT INTO "${name}" (${quoted(columns)}) VALUES (${marks}) ON CONFLICT DO NOTHING`,
  )
  const find = connection
    .prepare(`SELECT ${quoted(columns)} FROM "${name}" WHERE ${equals(columns.slice(0, keys), ' AND ')}`)
    .raw(true)
  const there: Row[] = []
  for (const row of rows.toSorted(byKey)) {
    if (insert.run(...row).changes > 0) continue
    const stored: unknown = find.get(...row.slice(0, keys))
    if (isRow(stored)) there.push(stored)
  }
  return { added: rows.length - there.length, there }
}

/** Neighbours in the index of keys, which are hashes, lie on the same page: in their order each is found in memory near by. */
function byKey([a = null]: Row, [b = null]: Row): number {
  if (a === null || b === null) return 0 // no key is
  return a < b ? -1 : a > b ? 1 : 0
}

function updateRows(connection: SqliteConnection, table: Table, rows: readonly Row[]): void {
  const { name, columns, keys } = table
  const update = connection.prepare(
    `UPDATE "${name}" SET ${equals(columns.slice(keys), ', ')} WHERE ${equals(columns.slice(0, keys), ' AND ')}`,
  )
  for (const row of rows) update.run(...row.slice(keys), ...row.slice(0, keys))
}

function isRow(value: unknown): value is Row {
  return Array.isArray(value)
}
