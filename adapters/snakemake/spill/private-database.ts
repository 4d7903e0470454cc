import { openSqliteFile } from '../../../core/adapter.ts'
import type { SqliteFile } from '../../../core/adapter.ts'

/** Of each such database; what is more lies in a file without a name, gone with the process. */
const CACHE_KIB = 32 * 1024

/** A database of our own for what outgrows memory while a working directory is read. Nothing of it is ever read again. */
export async function openPrivateDatabase(tables: string): Promise<SqliteFile> {
  const database = await openSqliteFile('')
  database.script(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -${CACHE_KIB};
    ${tables}; BEGIN`) // one transaction that never ends: nothing is kept
  return database
}
