import type { Sql, SqlValue } from './sql.ts'
import type { Table } from './table.ts'

/** A row in the order of its table's columns. */
export type Row = readonly SqlValue[]

/** What an insert found. */
export interface Inserted {
  readonly added: number
  /**
   * The rows that were there already, as they are stored. Rows just added may be among them, as they were given:
   * merging changes nothing in those.
   */
  readonly there: readonly Row[]
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
  /** One statement, `?` for parameters. */
  run(text: string, params?: readonly SqlValue[]): Promise<void>
}
