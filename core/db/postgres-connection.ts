import type pg from 'pg'
import { toDatabaseError } from './failure.ts'
import { numberParameters } from './sql.ts'
import type { Sql, SqlRow, SqlValue } from './sql.ts'

/** Rows fetched at once from a cursor. */
const FETCH_ROWS = 2_000

type Client = Pick<pg.ClientBase, 'query'>

/** One statement on one connection. */
export async function query(
  client: Client,
  shown: string,
  text: string,
  params: readonly SqlValue[] = [],
): Promise<SqlRow[]> {
  try {
    const found = await client.query<SqlRow>(params.length === 0 ? text : numberParameters(text), [...params])
    return found.rows
  } catch (error) {
    throw toDatabaseError(error, shown)
  }
}

/** Reads on one connection that is inside a transaction already. */
export function transactionSql(client: Client, shown: string): Sql {
  let cursors = 0
  return {
    provider: 'postgres',
    all: (text, params) => query(client, shown, text, params),
    async *iterate(text, params) {
      yield* cursorRows(client, shown, `stemma_${String(++cursors)}`, text, params)
    },
  }
}

/** Reads that take a connection of the pool each; a stream keeps its own until it ends. */
export function poolSql(pool: pg.Pool, shown: string): Sql {
  return {
    provider: 'postgres',
    all: (text, params) => query(asClient(pool), shown, text, params),
    async *iterate(text, params) {
      const client = await connect(pool, shown)
      let failed = true
      try {
        await query(client, shown, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
        yield* cursorRows(client, shown, 'stemma_rows', text, params)
        failed = false
      } finally {
        await endOf(client, failed)
      }
    },
  }
}

/** Ends a reading transaction and gives the connection back; one that failed is thrown away. */
export async function endOf(client: pg.PoolClient, failed: boolean): Promise<void> {
  const ended = await client.query('ROLLBACK').then(
    () => true,
    () => false, // the connection is gone: the pool drops it below
  )
  client.release(failed && !ended)
}

/** A connection of the pool. */
export async function connect(pool: pg.Pool, shown: string): Promise<pg.PoolClient> {
  try {
    return await pool.connect()
  } catch (error) {
    throw toDatabaseError(error, shown)
  }
}

function asClient(pool: pg.Pool): Client {
  return pool
}

async function* cursorRows(
  client: Client,
  shown: string,
  cursor: string,
  text: string,
  params: readonly SqlValue[] = [],
): AsyncIterable<SqlRow> {
  await query(client, shown, `DECLARE ${cursor} NO SCROLL CURSOR FOR ${text}`, params)
  for (;;) {
    const rows = await query(client, shown, `FETCH ${String(FETCH_ROWS)} FROM ${cursor}`)
    yield* rows
    if (rows.length < FETCH_ROWS) break
  }
  await query(client, shown, `CLOSE ${cursor}`)
}
