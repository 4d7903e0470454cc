import pg from 'pg'
import type { Database, DatabaseInspection, OpenOptions } from './database.ts'
import { openImports, openPostgresClient } from './imports.ts'
import { appliedMigrations, toApplied } from './migration.ts'
import { connect, endOf, poolSql, query, transactionSql } from './postgres-connection.ts'
import { migrate, migrateWithin } from './postgres-migrate.ts'
import { postgresWriter } from './postgres-writer.ts'
import type { PostgresAddress } from './url.ts'
import { WRITE_TURN_MS } from './writer.ts'
import type { Writer } from './writer.ts'

const CONNECT_MS = 10_000
const MOST_CONNECTIONS = 8
const INT8 = 20

/** Opens a schema of a Postgres database. */
export async function openPostgres(address: PostgresAddress, options: OpenOptions): Promise<Database> {
  const pool = makePool(address)
  let made: boolean
  try {
    made = await migrate(pool, address, options)
  } catch (error) {
    await pool.end()
    throw error
  }
  const sql = poolSql(pool, address.shown)
  const imports = openImports(address, sql, () => openPostgresClient(address))
  const { repository } = imports
  return {
    provider: 'postgres',
    url: address.shown,
    sql,
    imports: {
      list: async (page) => (made ? repository.list(page) : []),
      lastReading: async (...reading) => (made ? repository.lastReading(...reading) : undefined),
    },
    async snapshot() {
      const client = await connect(pool, address.shown)
      await query(client, address.shown, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
      return { ...transactionSql(client, address.shown), close: () => endOf(client, true) }
    },
    async write(work) {
      const result = await writeAll(pool, address, { turnMs: options.writeTurnMs ?? WRITE_TURN_MS, made }, work)
      made = true
      return result
    },
    inspect: () => inspect(pool, address),
    async close() {
      await imports.close()
      await pool.end()
    },
  }
}

/** Without JIT: to compile a plan takes 0.2 s, and the planner does it for each batch that meets a large table. */
function makePool(address: PostgresAddress): pg.Pool {
  const pool = new pg.Pool({
    connectionString: address.connection,
    max: MOST_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    application_name: 'stemma',
    options: `-c search_path=${address.schema.replace(/[\\ ]/g, '\\$&')} -c client_min_messages=warning -c jit=off`,
    types: plainNumbers(),
  })
  // A connection that breaks while nobody uses it: the next query opens another or says that it cannot.
  pool.on('error', () => undefined)
  // And one that breaks in use: the query that waits for it is told.
  pool.on('connect', (client) => {
    client.on('error', () => undefined)
  })
  return pool
}

/** Sizes and times are below 2^53: plain numbers, as SQLite gives them. */
function plainNumbers(): pg.TypeOverrides {
  const types = new pg.TypeOverrides()
  types.setTypeParser(INT8, Number)
  return types
}

/**
 * A thousand rows at once meet tables of millions: each is to be found by its key, whatever the planner thinks of a
 * staging table without statistics, and of tables that have grown within this transaction.
 */
const SETTINGS = `SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off;
  SET LOCAL gin_pending_list_limit = '32MB'; SET LOCAL work_mem = '32MB'`

async function writeAll<T>(
  pool: pg.Pool,
  address: PostgresAddress,
  { turnMs, made }: { readonly turnMs: number; readonly made: boolean },
  work: (writer: Writer) => Promise<T>,
): Promise<T> {
  const client = await connect(pool, address.shown)
  let failed = true
  try {
    await query(client, address.shown, `BEGIN; SET LOCAL lock_timeout = ${String(turnMs)}`)
    if (!made) await migrateWithin(client, address)
    await query(
      client,
      address.shown,
      `${SETTINGS};
       SELECT pg_advisory_xact_lock(hashtextextended('stemma ' || current_schema(), 0))`,
    )
    const result = await work(postgresWriter(client, address.shown))
    await query(client, address.shown, 'COMMIT')
    failed = false
    return result
  } finally {
    if (failed) await endOf(client, true)
    else client.release()
  }
}

async function inspect(pool: pg.Pool, address: PostgresAddress): Promise<DatabaseInspection> {
  const sql = poolSql(pool, address.shown)
  const [version] = await sql.all(`SELECT current_setting('server_version') AS version`)
  const [size] = await sql.all(
    'SELECT sum(pg_total_relation_size(c.oid)) AS bytes FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace ' +
      `WHERE n.nspname = ? AND c.relkind = 'r'`,
    [address.schema],
  )
  return {
    version: `PostgreSQL ${String(version?.version)}`,
    migrations: (await sql.all(appliedMigrations)).map((row) => toApplied(row).name),
    sizeBytes: Number(size?.bytes ?? 0),
    damage: undefined,
  }
}
