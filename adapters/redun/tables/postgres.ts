import type { Client } from 'pg'
import { StemmaError } from '../../../core/adapter.ts'
import { postgresTables } from './postgres-tables.ts'
import type { TableCopy } from './postgres-tables.ts'
import { toClientAddress } from '../find/postgres-address.ts'
import { openScratch } from './sqlite.ts'
import type { ScratchTables, Tables } from './tables.ts'

const CONNECT_MS = 15_000

/**
 * Copies what is needed of redun's tables in Postgres into a private database, from one snapshot of a read-only
 * transaction: the server sees a few short queries, and the rest works as with a file.
 * @param address with its secrets
 * @param place without them, for messages
 */
export async function readPostgres(address: string, place: string): Promise<Tables> {
  const client = await connect(address, place)
  try {
    const tables = await openScratch()
    try {
      await copyTables(client, tables, place)
    } catch (error) {
      tables.close()
      throw toSourceError(error, place)
    }
    return tables
  } finally {
    await client.end()
  }
}

async function connect(address: string, place: string): Promise<Client> {
  const { default: pg } = await import('pg')
  const url = URL.canParse(toClientAddress(address)) ? new URL(toClientAddress(address)) : undefined
  if (url === undefined) throw new StemmaError('source.not-found', `not an address: "${place}"`)
  const schema = url.searchParams.get('schema')
  url.searchParams.delete('schema')
  const client = new pg.Client({ connectionString: url.href, connectionTimeoutMillis: CONNECT_MS })
  client.on('error', () => undefined) // a lost connection also fails the query that is waiting
  try {
    await client.connect()
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    if (schema !== null) await client.query(`SELECT set_config('search_path', $1, true)`, [schema])
    return client
  } catch (error) {
    await client.end().catch(() => undefined)
    throw toSourceError(error, place)
  }
}

async function copyTables(client: Client, tables: ScratchTables, place: string): Promise<void> {
  const { rows } = await client.query<{ missing: boolean; heartbeat: boolean }>(
    `SELECT to_regclass('redun_version') IS NULL OR to_regclass('job') IS NULL AS missing, EXISTS (SELECT FROM pg_attribute
      WHERE attrelid = to_regclass('execution') AND attname = 'updated_time' AND NOT attisdropped) AS heartbeat`,
  )
  if (rows[0]?.missing !== false) {
    throw new StemmaError('source.unreadable', `no redun database: "${place}": no table redun_version`, {
      detail: { place },
      advice: 'Name the database in the db_uri of .redun/redun.ini, with its schema if it has one.',
    })
  }
  for (const copy of postgresTables(rows[0].heartbeat)) await copyTable(client, tables, copy)
  await client.query('COMMIT')
}

async function copyTable(client: Client, tables: ScratchTables, { table, columns, batch }: TableCopy): Promise<void> {
  const names = columns.map(([name]) => name)
  const select = columns.map(([name, expression]) => `${expression} AS ${name}`).join(', ')
  await client.query(`DECLARE copying NO SCROLL CURSOR FOR SELECT ${select} FROM ${table}`)
  for (;;) {
    const { rows } = await client.query<unknown[]>({ text: `FETCH ${String(batch)} FROM copying`, rowMode: 'array' })
    if (rows.length === 0) break
    tables.insert(table, names, rows)
  }
  await client.query('CLOSE copying')
}

function toSourceError(cause: unknown, place: string): unknown {
  if (cause instanceof StemmaError) return cause
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : ''
  return new StemmaError('source.unreadable', `cannot read redun's database: "${place}": ${code || 'no answer'}`, {
    cause,
    detail: { place },
    advice: 'Check the address, that the server runs, and your permissions.',
  })
}
