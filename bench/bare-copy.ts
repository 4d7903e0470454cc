import { createReadStream, createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { timed } from './measure.ts'

/**
 * Copies every row of a schema that Stemma filled into empty tables with the same columns, keys and indexes, one COPY a
 * table and one transaction: the bare limit. Only the way in is timed.
 *
 * @returns rows and milliseconds
 */
export async function bareCopy(
  connection: string,
  schema: string,
  folder: string,
): Promise<{ readonly rows: number; readonly ms: number }> {
  const client = new pg.Client({ connectionString: connection })
  await client.connect()
  try {
    const tables = await tablesOf(client, schema)
    await client.query('CREATE SCHEMA bare')
    for (const table of tables) {
      await client.query(`CREATE TABLE bare.${table} (LIKE ${pg.escapeIdentifier(schema)}.${table} INCLUDING ALL)`)
      const out = client.query(copyTo(`COPY ${pg.escapeIdentifier(schema)}.${table} TO STDOUT`))
      await pipeline(out, createWriteStream(join(folder, `${table}.copy`)))
    }
    const { ms, value } = await timed(() => copyAll(client, tables, folder))
    return { ms, rows: value }
  } finally {
    await client.end()
  }
}

/** The words for searching are Stemma's own affair, not the limit's; migrations are no rows of an import. */
async function tablesOf(client: pg.Client, schema: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables
     WHERE schemaname = $1 AND tablename NOT IN ('search', '_prisma_migrations') ORDER BY 1`,
    [schema],
  )
  return rows.map(({ name }) => pg.escapeIdentifier(name))
}

async function copyAll(client: pg.Client, tables: readonly string[], folder: string): Promise<number> {
  let rows = 0
  await client.query('BEGIN')
  for (const table of tables) {
    const into = client.query(copyFrom(`COPY bare.${table} FROM STDIN`))
    await pipeline(createReadStream(join(folder, `${table}.copy`)), into)
    rows += into.rowCount
  }
  await client.query('COMMIT')
  return rows
}
