import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { toDatabaseError } from './failure.ts'
import { query, transactionSql } from './postgres-connection.ts'
import type { SqlRow, SqlValue } from './sql.ts'
import type { Table } from './table.ts'
import type { Inserted, Row, Writer } from './writer.ts'

/** Fewer rows than this go as parameters: a COPY has a fixed cost. */
const COPY_FROM = 40

/** Writes through `COPY` into a staging table of this transaction, and from there in one statement. */
export function postgresWriter(client: pg.PoolClient, shown: string): Writer {
  const staged = new Set<string>()
  return {
    sql: transactionSql(client, shown),
    async insert(table, rows) {
      await stage(client, shown, staged, table, rows)
      return insertStaged(client, shown, table, rows.length)
    },
    async update(table, rows) {
      await stage(client, shown, staged, table, rows)
      const [own, of] = [table.columns.slice(table.keys), table.columns.slice(0, table.keys)]
      await query(
        client,
        shown,
        `UPDATE "${table.name}" AS t SET ${own.map((column) => `"${column}" = s."${column}"`).join(', ')}
         FROM "stage_${table.name}" AS s WHERE ${of.map((column) => `t."${column}" = s."${column}"`).join(' AND ')}`,
      )
    },
    async run(text, params) {
      await query(client, shown, text, params)
    },
  }
}

/** Fills the staging table with these rows and no others. */
async function stage(
  client: pg.PoolClient,
  shown: string,
  staged: Set<string>,
  table: Table,
  rows: readonly Row[],
): Promise<void> {
  const name = `"stage_${table.name}"`
  if (staged.has(table.name)) await query(client, shown, `TRUNCATE ${name}`)
  else
    await query(client, shown, `CREATE TEMPORARY TABLE ${name} ON COMMIT DROP AS SELECT * FROM "${table.name}" LIMIT 0`)
  staged.add(table.name)
  if (rows.length < COPY_FROM) return stageByParameters(client, shown, table, rows)
  try {
    const target = client.query(copyFrom(`COPY ${name} (${quoted(table.columns)}) FROM STDIN`))
    await pipeline(Readable.from(copyChunks(rows)), target)
  } catch (error) {
    throw toDatabaseError(error, shown)
  }
}

async function stageByParameters(
  client: pg.PoolClient,
  shown: string,
  table: Table,
  rows: readonly Row[],
): Promise<void> {
  if (rows.length === 0) return
  const marks = `(${table.columns.map(() => '?').join(', ')})`
  await query(
    client,
    shown,
    `INSERT INTO "stage_${table.name}" (${quoted(table.columns)}) VALUES ${rows.map(() => marks).join(', ')}`,
    rows.flat(),
  )
}

async function insertStaged(client: pg.PoolClient, shown: string, table: Table, count: number): Promise<Inserted> {
  const columns = quoted(table.columns)
  const inserted = await query(
    client,
    shown,
    `WITH added AS (INSERT INTO "${table.name}" (${columns}) SELECT ${columns} FROM "stage_${table.name}"
     ON CONFLICT DO NOTHING RETURNING 1) SELECT count(*) AS added FROM added`,
  )
  const added = Number(inserted[0]?.['added'])
  if (added === count) return { added, there: [] }
  const keys = table.columns.slice(0, table.keys)
  const there = await query(
    client,
    shown,
    `SELECT t.* FROM "${table.name}" AS t JOIN "stage_${table.name}" AS s
     ON ${keys.map((column) => `t."${column}" = s."${column}"`).join(' AND ')}`,
  )
  return { added, there: there.map((row) => toRow(table, row)) }
}

function toRow(table: Table, row: SqlRow): Row {
  return table.columns.map((column) => row[column] ?? null)
}

function quoted(columns: readonly string[]): string {
  return columns.map((column) => `"${column}"`).join(', ')
}

/** Rows in COPY's text format, some hundred at once. */
function* copyChunks(rows: readonly Row[]): Generator<string> {
  let chunk = ''
  for (const row of rows) {
    chunk += `${row.map(copyField).join('\t')}\n`
    if (chunk.length < 1 << 16) continue
    yield chunk
    chunk = ''
  }
  if (chunk !== '') yield chunk
}

const SPECIAL = /[\\\t\n\r]/
const EVERY_SPECIAL = new RegExp(SPECIAL, 'g')
const ESCAPED: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

function copyField(value: SqlValue): string {
  if (value === null) return '\\N'
  if (typeof value === 'number') return String(value)
  return SPECIAL.test(value) ? value.replace(EVERY_SPECIAL, (character) => ESCAPED[character] ?? character) : value
}
