import pg from 'pg'
import { StemmaError } from '../errors.ts'
import type { OpenOptions } from './database.ts'
import {
  appliedMigrations, listMigrations, migrationsTable, noteMigration, pendingMigrations, readMigration, toApplied,
} from './migration.ts' // prettier-ignore
import { connect, endOf, query } from './postgres-connection.ts'
import type { PostgresAddress } from './url.ts'
import { WRITE_TURN_MS } from './writer.ts'

/** The lock that Prisma's own migrate takes: the two never migrate at once. */
const MIGRATION_LOCK = 72707369

/**
 * Applies what is missing, one process at a time: whoever waited for the lock looks again.
 * @returns whether the tables are there; they are not when they shall be made with the first write
 */
export async function migrate(pool: pg.Pool, address: PostgresAddress, options: OpenOptions): Promise<boolean> {
  const client = await connect(pool, address.shown)
  try {
    const found = await findPending(client, address)
    if (found?.length === 0) return true
    if (found === undefined && options.create === 'with-first-write') return false
    if (options.readOnly === true || (found === undefined && options.create !== true)) throw notInitialised(address)
    await query(client, address.shown, `BEGIN; SET LOCAL lock_timeout = ${String(WRITE_TURN_MS)}`)
    await migrateWithin(client, address)
    await query(client, address.shown, 'COMMIT')
    return true
  } finally {
    await endOf(client, true)
  }
}

/** The same inside a transaction, which holds the lock until it ends. */
export async function migrateWithin(client: pg.PoolClient, address: PostgresAddress): Promise<void> {
  const ask = query.bind(undefined, client, address.shown)
  await ask('SELECT pg_advisory_xact_lock(?)', [MIGRATION_LOCK])
  await ask(`CREATE SCHEMA IF NOT EXISTS ${pg.escapeIdentifier(address.schema)}`)
  const pending = (await findPending(client, address)) ?? (await listMigrations('postgres'))
  if (pending.length > 0) await ask(migrationsTable.postgres)
  for (const name of pending) {
    const migration = await readMigration('postgres', name)
    await ask(migration.text)
    await ask(...noteMigration('postgres', migration))
  }
}

/** What has still to be applied; `undefined` where nothing is at all. */
async function findPending(client: pg.PoolClient, address: PostgresAddress): Promise<string[] | undefined> {
  const ask = query.bind(undefined, client, address.shown)
  const found = await ask('SELECT tablename AS name FROM pg_tables WHERE schemaname = ?', [address.schema])
  const names = found.map((row) => row.name)
  if (names.length === 0) return undefined
  if (!names.includes('_prisma_migrations')) {
    throw new StemmaError('database.foreign', `the schema holds other tables: "${address.shown}"`, {
      detail: { url: address.shown },
    })
  }
  const applied = (await ask(appliedMigrations)).map(toApplied)
  return pendingMigrations(await listMigrations('postgres'), applied, address.shown)
}

function notInitialised(address: PostgresAddress): StemmaError {
  return new StemmaError('database.not-initialised', `no database there: "${address.shown}"`, {
    detail: { url: address.shown },
  })
}
