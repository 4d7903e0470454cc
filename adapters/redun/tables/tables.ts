/** One row, columns by name: redun's migrations leave columns in different orders. */
export type Row = Readonly<Record<string, unknown>>

/** redun's tables, read-only, whatever holds them. Each call is short, so that a running redun is not kept from writing. */
export interface Tables {
  all(sql: string, parameters?: readonly unknown[]): readonly Row[]
  close(): void
}

/** A private copy of the tables for sources that are no SQLite file. It lies in no named place and vanishes with its connection. */
export interface ScratchTables extends Tables {
  insert(table: string, columns: readonly string[], rows: readonly (readonly unknown[])[]): void
}
