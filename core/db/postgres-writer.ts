import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { toDatabaseError } from './failure.ts'
import { query, transactionSql } from './postgres-connection.ts'
import type { SqlRow, SqlValue } from './sql.ts'
import type { Table } from './table.ts'
import type { Inserted, Row, SearchEntry, Writer } from './writer.ts'

/** Fewer rows than this go as parameters of one statement: a staging table and a COPY have a fixed cost. */
const COPY_FROM = 100

const DUPLICATE_KEY = '23505'

/**
 * Writes through `COPY`: straight into the table as long as no row is there already, then into a staging table of this
 * transaction and from there in one statement.
 */
export function postgresWriter(client: pg.PoolClient, shown: string): Writer {
  const staged = new Set<string>()
  const known = new Set<string>()
  return {
    sql: transactionSql(client, shown),
    async insert(table, rows) {
      if (rows.length === 0) return { added: 0, there: [] }
      if (rows.length < COPY_FROM) return insertFew(client, shown, table, rows)
      if (!known.has(table.name) && (await copyNew(client, shown, table, rows)))
        return { added: rows.length, there: [] }
      known.add(table.name)
      await stage(client, shown, staged, table, rows)
      return insertStaged(client, shown, table, rows)
    },
    async update(table, rows) {
      if (rows.length < COPY_FROM) return updateFew(client, shown, table, rows)
      await stage(client, shown, staged, table, rows)
      const [own, of] = [table.columns.slice(table.keys), table.columns.slice(0, table.keys)]
      await query(
        client,
        shown,
        `UPDATE "${table.name}" AS t SET ${own.map((column) => `"${column}" = s."${column}"`).join(', ')}
         FROM "stage_${table.name}" AS s WHERE ${of.map((column) => `t."${column}" = s."${column}"`).join(' AND ')}`,
      )
    },
    enterWords: (entries) => enterWords(client, shown, entries),
    async run(text, params) {
      await query(client, shown, text, params)
    },
  }
}

async function insertFew(client: pg.PoolClient, shown: string, table: Table, rows: readonly Row[]): Promise<Inserted> {
  const marks = (count: number): string => `(${Array.from({ length: count }, () => '?').join(', ')})`
  const keys = quoted(table.columns.slice(0, table.keys))
  const added = await query(
    client,
    shown,
    `INSERT INTO "${table.name}" (${quoted(table.columns)}) VALUES ${rows.map((row) => marks(row.length)).join(', ')}
     ON CONFLICT DO NOTHING RETURNING ${keys}`,
    rows.flat(),
  )
  if (added.length === rows.length) return { added: added.length, there: [] }
  const fresh = new Set(added.map((row) => keyOf(table, toRow(table, row))))
  const old = rows.map((row) => row.slice(0, table.keys)).filter((key) => !fresh.has(key.join('\n')))
  const there = await query(
    client,
    shown,
    `SELECT * FROM "${table.name}" WHERE (${keys}) IN (${old.map((key) => marks(key.length)).join(', ')})`,
    old.flat(),
  )
  return { added: added.length, there: there.map((row) => toRow(table, row)) }
}

async function updateFew(client: pg.PoolClient, shown: string, table: Table, rows: readonly Row[]): Promise<void> {
  const equals = (columns: readonly string[], between: string): string =>
    columns.map((column) => `"${column}" = ?`).join(between)
  const [of, own] = [table.columns.slice(0, table.keys), table.columns.slice(table.keys)]
  const text = `UPDATE "${table.name}" SET ${equals(own, ', ')} WHERE ${equals(of, ' AND ')}`
  for (const row of rows) await query(client, shown, text, [...row.slice(table.keys), ...row.slice(0, table.keys)])
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
  await copy(client, shown, name, table.columns, rows)
}

async function copy(
  client: pg.PoolClient,
  shown: string,
  into: string,
  columns: readonly string[],
  rows: readonly Row[],
): Promise<void> {
  try {
    const target = client.query(copyFrom(`COPY ${into} (${quoted(columns)}) FROM STDIN`))
    await pipeline(Readable.from(copyChunks(rows)), target)
  } catch (error) {
    throw toDatabaseError(error, shown)
  }
}

/** @returns `false` when some of the rows are there already: then none was added */
async function copyNew(client: pg.PoolClient, shown: string, table: Table, rows: readonly Row[]): Promise<boolean> {
  await query(client, shown, 'SAVEPOINT copy_new')
  try {
    await copy(client, shown, `"${table.name}"`, table.columns, rows)
  } catch (error) {
    if (typeof error !== 'object' || error === null || !('code' in error) || error.code !== DUPLICATE_KEY) throw error
    await query(client, shown, 'ROLLBACK TO SAVEPOINT copy_new')
    return false
  }
  await query(client, shown, 'RELEASE SAVEPOINT copy_new')
  return true
}

async function insertStaged(
  client: pg.PoolClient,
  shown: string,
  table: Table,
  rows: readonly Row[],
): Promise<Inserted> {
  const columns = quoted(table.columns)
  const keys = table.columns.slice(0, table.keys)
  const inserted = await query(
    client,
    shown,
    `INSERT INTO "${table.name}" (${columns}) SELECT ${columns} FROM "stage_${table.name}"
     ON CONFLICT DO NOTHING RETURNING ${quoted(keys)}`,
  )
  if (inserted.length === rows.length) return { added: inserted.length, there: [] }
  const added = new Set(inserted.map((row) => keyOf(table, toRow(table, row))))
  const found = await query(
    client,
    shown,
    `SELECT t.* FROM "stage_${table.name}" AS s JOIN "${table.name}" AS t
     ON ${keys.map((column) => `t."${column}" = s."${column}"`).join(' AND ')}`,
  )
  const there = found.map((row) => toRow(table, row)).filter((row) => !added.has(keyOf(table, row)))
  return { added: inserted.length, there }
}

/** Words are split here: Postgres' own parser takes a path or a file name for one word. */
const BETWEEN_WORDS = /[^\p{L}\p{N}]+/u
const LONGEST_WORD = 200

/** As SQLite's tokenizer does: no accents, no case, whatever the server's locale. A tsvector's text form. */
function toWords(text: string): string {
  const plain = isAscii(text) ? text : text.normalize('NFKD').replace(/\p{M}/gu, '')
  const words = new Set(plain.toLowerCase().split(BETWEEN_WORDS))
  words.delete('')
  return [...words].map((word) => `'${word.slice(0, LONGEST_WORD)}'`).join(' ')
}

function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text)
}

async function enterWords(client: pg.PoolClient, shown: string, entries: readonly SearchEntry[]): Promise<void> {
  if (entries.length === 0) return
  const rows = entries.map(({ uid, text }) => [uid, toWords(text)])
  if (rows.length >= COPY_FROM) return copy(client, shown, 'search', ['uid', 'words'], rows)
  const marks = rows.map(() => '(?, ?::tsvector)').join(', ')
  await query(client, shown, `INSERT INTO search (uid, words) VALUES ${marks}`, rows.flat())
}

function toRow(table: Table, row: SqlRow): Row {
  return table.columns.map((column) => row[column] ?? null)
}

function keyOf(table: Table, row: Row): string {
  return row.slice(0, table.keys).join('\n')
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
