import { StemmaError, openSqliteFile } from '../../../core/adapter.ts'
import type { SqliteFile } from '../../../core/adapter.ts'

/** Of each such database; what is more lies in a file without a name, gone with the process. */
const CACHE_KIB = 32 * 1024

/**
 * A database of our own for what outgrows memory while a working directory is read. Nothing of it is ever read again.
 *
 * Its writes throw `database.full` when there is no space for it.
 */
export async function openPrivateDatabase(tables: string): Promise<SqliteFile> {
  const database = await openSqliteFile('')
  database.script(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -${CACHE_KIB};
    ${tables}; BEGIN`) // one transaction that never ends: nothing is kept
  return {
    all: (text, params) => database.all(text, params),
    rows: (text, params) => database.rows(text, params),
    run: (text, params) => write(() => database.run(text, params)),
    script: (text) => {
      write(() => {
        database.script(text)
      })
    },
    close: () => {
      database.close()
    },
  }
}

function write<T>(work: () => T): T {
  try {
    return work()
  } catch (cause) {
    orFull(cause)
    throw cause
  }
}

/** Throws `database.full` for what SQLite and the system say when there is no space. */
export function orFull(cause: unknown): void {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined
  if (code !== 'SQLITE_FULL' && code !== 'SQLITE_IOERR_WRITE' && code !== 'ENOSPC') return
  throw new StemmaError('database.full', 'no space to put records together: in the folder for temporary files', {
    advice: 'Set TMPDIR to a folder with more space, then repeat: nothing was half written.',
    cause,
  })
}
