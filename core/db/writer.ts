import type { Sql, SqlRow, SqlValue } from './sql.ts'
import type { Table } from './table.ts'

/** A row in the order of its table's columns. */
export type Row = readonly SqlValue[]

/** Rows to add to a table. */
export interface NewRows {
  readonly table: Table
  /** Hold no key twice. */
  readonly rows: readonly Row[]
  /** Where a row is searched: the words under which it is found once it was added. */
  readonly wordsOf?: ((row: Row) => SearchEntry) | undefined
}

/** What an insert found. */
export interface Inserted {
  readonly added: number
  /**
   * The rows that were there already, as they are stored.
   */
  readonly there: readonly Row[]
}

/** Words of a thing, separated by whatever is neither letter nor digit. */
export interface SearchEntry {
  readonly uid: string
  readonly text: string
}

/** Bulk writes inside one transaction. */
export interface Writer {
  /** Reads that see what was written before. */
  readonly sql: Sql
  /**
   * Adds the rows whose key is not there yet. `rows` hold no key twice.
   */
  insert(table: Table, rows: readonly Row[]): Promise<Inserted>
  /**
   * The same for several tables, what is referred to before what refers to it.
   * @returns what was found, part by part
   */
  insertAll(parts: readonly NewRows[]): Promise<Inserted[]>
  /** Overwrites rows that are there, found by their key. */
  update(table: Table, rows: readonly Row[]): Promise<void>
  /** Enters text under which a thing is found; what was entered before stays. */
  enterWords(entries: readonly SearchEntry[]): Promise<void>
  /** One statement, `?` for parameters. */
  run(text: string, params?: readonly SqlValue[]): Promise<void>
}

/** The rows of an insert that were added. */
export function addedOf({ table, rows }: NewRows, { there }: Inserted): readonly Row[] {
  if (there.length === 0) return rows
  const old = new Set(there.map((row) => keyOf(table, row)))
  return rows.filter((row) => !old.has(keyOf(table, row)))
}

/** A row's key as one text. */
export function keyOf({ keys }: Table, row: Row): string {
  return keys === 1 ? String(row[0]) : row.slice(0, keys).join('\n')
}

/** A stored row in the order of its table's columns. */
export function toRow({ columns }: Table, row: SqlRow): Row {
  return columns.map((column) => row[column] ?? null)
}

/** How long a writer waits for others. */
export const WRITE_TURN_MS = 30_000
