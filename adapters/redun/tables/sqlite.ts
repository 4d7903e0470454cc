import { mkdtemp, open, rm } from 'node:fs/promises'
import { copyFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StemmaError, openPrivateDatabase, openSqliteFile } from '../../../core/adapter.ts'
import type { SqliteFile } from '../../../core/adapter.ts'
import { SCRATCH_SCHEMA } from './scratch-schema.ts'
import type { ScratchTables, Tables } from './tables.ts'

/** redun holds its lock for milliseconds; after this a writer is stuck. */
const LOCK_WAIT_MS = 15_000
/** Keys are hashes, so that rows lie scattered: with the two megabytes of old each would be read from disk again. */
const CACHE = 'pragma cache_size = -32000'
/** Byte 18 of a SQLite file: 2 = write-ahead log, which even a reader would write beside the file. */
const WRITE_VERSION_AT = 18

/**
 * Opens somebody's redun.db without ever writing to it or beside it. A database that SQLite can only open by writing
 * (a hot journal left by a killed run, a write-ahead log) is copied to a private place and repaired there.
 */
export async function openSqlite(path: string): Promise<Tables> {
  if (await needsCopy(path)) return openCopy(path)
  try {
    return await openInPlace(path)
  } catch (error) {
    if (/^SQLITE_(READONLY|CANTOPEN)/.test(codeOf(error))) return openCopy(path)
    throw toOpenError(path, error)
  }
}

/** An empty private database with redun's tables. */
export async function openScratch(): Promise<ScratchTables> {
  const database = await openPrivateDatabase(SCRATCH_SCHEMA)
  return {
    ...tablesOf(database, 'a private copy'),
    insert(table, columns, rows) {
      const marks = columns.map(() => '?').join(', ')
      const statement = `insert or ignore into ${table} (${columns.join(', ')}) values (${marks})`
      for (const row of rows) database.run(statement, row)
    },
  }
}

async function openInPlace(path: string): Promise<Tables> {
  const database = await openSqliteFile(path, { readOnly: true, busyMs: LOCK_WAIT_MS })
  try {
    database.script(CACHE)
    database.all('select count(*) from sqlite_master') // the first read is what fails on a hot journal
  } catch (error) {
    database.close()
    throw error
  }
  return tablesOf(database, path)
}

async function openCopy(path: string): Promise<Tables> {
  const folder = await mkdtemp(join(tmpdir(), 'stemma-redun-'))
  try {
    for (const suffix of ['', '-journal', '-wal']) {
      await copyFile(path + suffix, join(folder, `redun.db${suffix}`)).catch((error: unknown) => {
        if (suffix === '' || codeOf(error) !== 'ENOENT') throw error
      })
    }
    const database = await openSqliteFile(join(folder, 'redun.db'), { busyMs: LOCK_WAIT_MS })
    database.all('pragma journal_mode')
    database.script(CACHE)
    return tablesOf(database, path)
  } catch (error) {
    throw toOpenError(path, error)
  } finally {
    await rm(folder, { recursive: true, force: true }) // open files live on until they are closed
  }
}

async function needsCopy(path: string): Promise<boolean> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw toOpenError(path, error)
  })
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(1), 0, 1, WRITE_VERSION_AT)
    return bytesRead === 1 && buffer[0] === 2
  } finally {
    await file.close()
  }
}

function tablesOf(database: SqliteFile, path: string): Tables {
  return {
    all(sql, parameters) {
      try {
        return database.all(sql, parameters)
      } catch (error) {
        throw toOpenError(path, error)
      }
    },
    close() {
      database.close()
    },
  }
}

function toOpenError(path: string, cause: unknown): unknown {
  const code = codeOf(cause)
  const detail = { path }
  if (code.startsWith('SQLITE_BUSY'))
    return new StemmaError('source.locked', `redun's database is busy: "${path}"`, { cause, detail })
  if (code.startsWith('SQLITE_') || code === 'EACCES' || code === 'ENOENT' || code === 'EISDIR')
    return new StemmaError('source.unreadable', `cannot read redun's database: "${path}": ${code}`, { cause, detail })
  return cause
}

function codeOf(error: unknown): string {
  // Not by `instanceof`: errors of Node's own come from another realm under some test runners.
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
}
