import type { Writer } from './writer.ts'
import type { ImportRepository } from './imports.ts'
import type { Provider, Sql } from './sql.ts'

/** One open lineage database. */
export interface Database {
  readonly provider: Provider
  /** Without secrets: may be shown. */
  readonly url: string
  /** Reads below Prisma. */
  readonly sql: Sql
  /** Reads that all see one state, whatever is written meanwhile; close it. */
  snapshot(): Promise<Snapshot>
  /** What was imported, from where. Loads Prisma on first use. */
  readonly imports: ImportRepository
  /**
   * Everything that `work` writes, or nothing. Writers of all processes take turns; `work` starts when it is this
   * one's turn, else throws `database.locked` after a while.
   */
  write<T>(work: (writer: Writer) => Promise<T>): Promise<T>
  /** Numbers for `doctor`. */
  inspect(): Promise<DatabaseInspection>
  close(): Promise<void>
}

/** What an import needs of a database, which may be made with its first rows only. */
export interface ImportTarget extends Pick<Database, 'write'> {
  readonly imports: Pick<ImportRepository, 'lastReading'>
}

export interface Snapshot extends Sql {
  close(): Promise<void>
}

export interface DatabaseInspection {
  readonly version: string
  readonly migrations: readonly string[]
  readonly sizeBytes: number
  /** `undefined` when nothing is wrong. */
  readonly damage: string | undefined
}

export interface OpenOptions {
  /**
   * Makes the file or schema when it is not there; without it `database.not-initialised` is thrown. `with-first-write`:
   * on a server the tables are made in the transaction of the first `write`, and are gone if that fails; a file is made
   * at once. Until then nothing can be read but `imports`.
   */
  readonly create?: boolean | 'with-first-write'
  /** For queries of a database that this user may not change: nothing is migrated either. */
  readonly readOnly?: boolean
  /** How long `write` waits for its turn before it throws `database.locked`; absent: half a minute. */
  readonly writeTurnMs?: number
}
