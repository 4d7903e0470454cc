import type { SqlRow } from './sql.ts'

/** Somebody else's SQLite file. What the driver throws bears SQLite's own code (`SQLITE_BUSY`, `SQLITE_NOTADB` …). */
export interface SqliteFile {
  all(text: string, params?: readonly unknown[]): SqlRow[]
  /** Rows as they come; leaving the loop early frees what it held. */
  rows(text: string, params?: readonly unknown[]): Iterable<SqlRow>
  /** @returns how many rows were touched */
  run(text: string, params?: readonly unknown[]): number
  /** Several statements without parameters. */
  script(text: string): void
  close(): void
}

export interface SqliteFileOptions {
  /** Nothing is written to the file or beside it. */
  readonly readOnly?: boolean
  /** How long a statement waits for another process; absent: five seconds. */
  readonly busyMs?: number
}
