import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { StemmaError } from '../errors.ts'
import type { Database, DatabaseInspection, OpenOptions, Snapshot } from './database.ts'
import { toDatabaseError } from './failure.ts'
import { openImports, openSqliteClient } from './imports.ts'
import {
  appliedMigrations, listMigrations, migrationsTable, noteMigration, pendingMigrations, readMigration, toApplied,
} from './migration.ts' // prettier-ignore
import { BUSY_MS, SqliteConnection, settle, sqliteSql } from './sqlite-connection.ts'
import { SqliteDriver } from './sqlite-driver.ts'
import { sqliteWriter } from './sqlite-writer.ts'
import type { DatabaseAddress } from './url.ts'
import { WRITE_TURN_MS } from './writer.ts'
import type { Writer } from './writer.ts'

type SqliteAddress = Extract<DatabaseAddress, { provider: 'sqlite' }>

/** Opens a SQLite file: one connection for reads, another for writes, so that an open read never stops a write. */
export async function openSqlite(address: SqliteAddress, options: OpenOptions): Promise<Database> {
  if (!existsSync(address.path)) {
    if (!mayCreate(options)) throw notInitialised(address)
    mkdirSync(dirname(address.path), { recursive: true })
  }
  const reader = connect(address, options)
  try {
    await migrate(reader, address, options)
    if (options.readOnly !== true) reader.run('PRAGMA query_only = ON')
  } catch (error) {
    reader.close()
    throw error
  }
  let writer: SqliteConnection | undefined
  const sql = sqliteSql(reader)
  const imports = openImports(address, sql, () => openSqliteClient(reader))
  let turn: Promise<unknown> = Promise.resolve()
  return {
    provider: 'sqlite',
    url: address.shown,
    sql,
    imports: imports.repository,
    snapshot: () => settle(() => openSnapshot(address)),
    write(work) {
      const mine = turn.then(async () => writeAll((writer ??= connect(address, options)), options, work))
      turn = mine.catch(() => undefined)
      return mine
    },
    inspect: () => settle(() => inspect(reader, address)),
    async close() {
      await turn
      await imports.close()
      reader.close()
      writer?.close()
    },
  }
}

/** A connection of its own: a transaction that reads keeps its state. */
function openSnapshot(address: SqliteAddress): Snapshot {
  const connection = connect(address, { readOnly: true })
  connection.script('BEGIN; SELECT 1 FROM sqlite_schema')
  return {
    ...sqliteSql(connection),
    close: () =>
      settle(() => {
        connection.close()
      }),
  }
}

async function writeAll<T>(
  connection: SqliteConnection,
  options: OpenOptions,
  work: (writer: Writer) => Promise<T>,
): Promise<T> {
  await connection.begin(options.writeTurnMs ?? WRITE_TURN_MS)
  try {
    const result = await work(sqliteWriter(connection))
    connection.commit()
    return result
  } finally {
    connection.rollback()
  }
}

function connect(address: SqliteAddress, options: OpenOptions): SqliteConnection {
  try {
    const driver = new SqliteDriver(address.path, { busyMs: BUSY_MS, readOnly: options.readOnly === true })
    const connection = new SqliteConnection(driver, address.shown)
    connection.script('PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -49152')
    // What is overwritten (a secret that was named late) is not to lie on in the free space of a page.
    connection.script('PRAGMA secure_delete = ON')
    if (options.readOnly !== true) connection.script('PRAGMA journal_size_limit = 67108864')
    return connection
  } catch (error) {
    throw toDatabaseError(error, address.shown)
  }
}

/** Applies what is missing, one process at a time: whoever waited for the lock looks again. */
async function migrate(connection: SqliteConnection, address: SqliteAddress, options: OpenOptions): Promise<void> {
  const known = await listMigrations('sqlite')
  if (pendingOf(connection, known, address, options).length === 0) return
  if (options.readOnly === true) throw notInitialised(address)
  await switchToWal(connection)
  await connection.begin(WRITE_TURN_MS)
  try {
    const pending = pendingOf(connection, known, address, options)
    if (pending.length > 0) connection.script(migrationsTable.sqlite)
    for (const name of pending) {
      const migration = await readMigration('sqlite', name)
      connection.script(migration.text)
      connection.run(...noteMigration('sqlite', migration))
    }
    connection.commit()
  } finally {
    connection.rollback()
  }
}

function pendingOf(
  connection: SqliteConnection,
  known: string[],
  address: SqliteAddress,
  options: OpenOptions,
): string[] {
  const names = connection.all(`SELECT name FROM sqlite_schema WHERE type = 'table'`).map((row) => row.name)
  if (names.includes('_prisma_migrations')) {
    return pendingMigrations(known, connection.all(appliedMigrations).map(toApplied), address.shown)
  }
  if (names.length > 0) {
    throw new StemmaError('database.foreign', `not a database of Stemma: "${address.shown}"`, {
      detail: { url: address.shown },
    })
  }
  if (!mayCreate(options)) throw notInitialised(address)
  return known
}

/** The switch needs the file for itself for a moment, and SQLite does not wait for it. */
async function switchToWal(connection: SqliteConnection): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      connection.all('PRAGMA journal_mode = WAL')
      return
    } catch (error) {
      if (!(error instanceof StemmaError) || error.code !== 'database.locked' || tries === 50) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

function mayCreate({ create = false }: OpenOptions): boolean {
  return create !== false
}

function notInitialised(address: SqliteAddress): StemmaError {
  return new StemmaError('database.not-initialised', `no database there: "${address.shown}"`, {
    detail: { url: address.shown },
  })
}

function inspect(connection: SqliteConnection, address: SqliteAddress): DatabaseInspection {
  const [version] = connection.all('SELECT sqlite_version() AS version')
  const [check] = connection.all('PRAGMA quick_check(1)')
  const verdict = String(check?.quick_check)
  return {
    version: `SQLite ${String(version?.version)}`,
    migrations: connection.all(appliedMigrations).map((row) => toApplied(row).name),
    sizeBytes: statSync(address.path).size,
    damage: verdict === 'ok' ? undefined : verdict,
  }
}
