import { createReadStream, createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { openDatabase } from '../core/db/open-database.ts'
import { tables } from '../core/db/table.ts'
import { timed } from './measure.ts'

/** Referred to before referring. The words for searching, which Stemma writes in the same time, are left out. */
const NAMES = Object.keys(tables)

/**
 * Copies every row of a schema that Stemma filled into the same tables (keys, references and indexes as well) in an
 * empty schema beside it, one COPY a table and one transaction: the bare limit. Only the way in is timed, from files
 * that hold COPY's own text, on a server that has just met the same rows.
 *
 * @returns rows and milliseconds
 */
export async function bareCopy(
  connection: string,
  schema: string,
  folder: string,
): Promise<{ readonly rows: number; readonly ms: number }> {
  await (await openDatabase(withSchema(connection, 'bare'), { create: true })).close()
  const client = new pg.Client({ connectionString: connection })
  await client.connect()
  try {
    for (const name of NAMES) {
      const out = client.query(copyTo(`COPY ${pg.escapeIdentifier(schema)}.${name} TO STDOUT`))
      await pipeline(out, createWriteStream(join(folder, `${name}.copy`)))
    }
    const { ms, value } = await timed(() => copyAll(client, folder))
    return { ms, rows: value }
  } finally {
    await client.end()
  }
}

function withSchema(connection: string, schema: string): string {
  const url = new URL(connection)
  url.searchParams.set('schema', schema)
  return url.href
}

async function copyAll(client: pg.Client, folder: string): Promise<number> {
  let rows = 0
  await client.query('BEGIN')
  for (const name of NAMES) {
    const into = client.query(copyFrom(`COPY bare.${name} FROM STDIN`))
    await pipeline(createReadStream(join(folder, `${name}.copy`)), into)
    rows += into.rowCount
  }
  await client.query('COMMIT')
  return rows
}
