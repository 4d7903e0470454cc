import type { Sql, SqlValue } from './sql.ts'
import type { Table } from './table.ts'

/** A row in the order of its table's columns. */
export type Row = readonly SqlValue[]

/** Bulk writes inside one transaction. */
export interface Writer {
  /** Reads that see what was written before. */
  readonly sql: Sql
  /**
   * Adds the rows whose key is not there yet. `rows` hold no key twice.
   * @returns the rows that were there already, as they are stored
   */
  insert(table: Table, rows: readonly Row[]): Promise<Row[]>
  /** Overwrites rows that are there, found by their key. */
  update(table: Table, rows: readonly Row[]): Promise<void>
  /** One statement, `?` for parameters. */
  run(text: string, params?: readonly SqlValue[]): Promise<void>
}
