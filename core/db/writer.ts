import type { Sql, SqlValue } from './sql.ts'
import type { Table } from './table.ts'

/** A row in the order of its table's columns. */
export type Row = readonly SqlValue[]

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
  /** Overwrites rows that are there, found by their key. */
  update(table: Table, rows: readonly Row[]): Promise<void>
  /** Enters text under which a thing is found; what was entered before stays. */
  enterWords(entries: readonly SearchEntry[]): Promise<void>
  /** One statement, `?` for parameters. */
  run(text: string, params?: readonly SqlValue[]): Promise<void>
}

/** How long a writer waits for others. */
export const WRITE_TURN_MS = 30_000
