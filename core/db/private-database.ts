import { StemmaError } from '../errors.ts'
import { openSqliteFile } from './open-sqlite-file.ts'
import type { SqliteFile } from './sqlite-file.ts'

/** Of each such database; what is more lies in a file without a name, gone with the process. */
const CACHE_KIB = 32 * 1024

/**
 * A database of our own for what outgrows memory while leftovers are read. Nothing of it is ever read again.
 *
 * Its statements throw `database.full` when there is no space for it: what is read may have to be sorted on disk.
 * @param tables statements that make its tables
 */
export async function openPrivateDatabase(tables: string): Promise<SqliteFile> {
  const database = await openSqliteFile('')
  database.script(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -${CACHE_KIB};
    ${tables}; BEGIN`) // one transaction that never ends: nothing is kept
  return {
    all: (text, params) => whole(() => database.all(text, params)),
    *rows(text, params) {
      try {
        yield* database.rows(text, params)
      } catch (cause) {
        orFull(cause)
        throw cause
      }
    },
    run: (text, params) => whole(() => database.run(text, params)),
    script: (text) => {
      whole(() => {
        database.script(text)
      })
    },
    close: () => {
      database.close()
    },
  }
}

function whole<T>(work: () => T): T {
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
