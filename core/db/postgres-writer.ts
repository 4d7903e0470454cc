import type pg from 'pg'
import { query, transactionSql } from './postgres-connection.ts'
import { equals, quoted } from './column-list.ts'
import { copyRows, type CopyPart } from './postgres-copy.ts'
import { searchColumns, searchRow } from './postgres-words.ts'
import type { Sql, SqlValue } from './sql.ts'
import type { Table } from './table.ts'
import { addedOf, keyOf, toRow } from './writer.ts'
import type { Inserted, NewRows, Row, SearchEntry, Writer } from './writer.ts'

/** Fewer rows than this go as parameters of one statement: a staging table and a COPY have a fixed cost. */
const COPY_FROM = 100

const DUPLICATE_KEY = '23505'

/**
 * Writes through `COPY`: straight into the tables, as many as there are in one round trip, as long as no row is there
 * already; then into a staging table of this transaction and from there in one statement.
 */
export function postgresWriter(client: pg.PoolClient, shown: string): Writer {
  return new PostgresWriter(client, shown)
}

class PostgresWriter implements Writer {
  readonly sql: Sql
  readonly #client: pg.PoolClient
  readonly #shown: string
  /** Tables that have a staging table. */
  readonly #staged = new Set<string>()
  /** Tables of which rows were there already. */
  readonly #known = new Set<string>()

  constructor(client: pg.PoolClient, shown: string) {
    this.sql = transactionSql(client, shown)
    this.#client = client
    this.#shown = shown
  }

  async insert(table: Table, rows: readonly Row[]): Promise<Inserted> {
    const [inserted = { added: 0, there: [] }] = await this.insertAll([{ table, rows }])
    return inserted
  }

  async insertAll(parts: readonly NewRows[]): Promise<Inserted[]> {
    const found: Inserted[] = []
    while (found.length < parts.length) {
      const rest = parts.slice(found.length)
      const fresh = rest.findIndex((part) => !this.#isCopied(part))
      const together = fresh < 0 ? rest : rest.slice(0, fresh)
      const [next] = rest
      if (next === undefined) break
      if (together.length === 0) found.push(await this.#insertKnown(next))
      else if (await this.#copyNew(together))
        found.push(...together.map(({ rows }) => ({ added: rows.length, there: [] })))
    }
    return found
  }

  async update(table: Table, rows: readonly Row[]): Promise<void> {
    if (rows.length < COPY_FROM) return this.#updateFew(table, rows)
    await this.#stage(table, rows)
    const [own, of] = [table.columns.slice(table.keys), table.columns.slice(0, table.keys)]
    await this.run(
      `UPDATE "${table.name}" AS t SET ${own.map((column) => `"${column}" = s."${column}"`).join(', ')}
       FROM "stage_${table.name}" AS s WHERE ${of.map((column) => `t."${column}" = s."${column}"`).join(' AND ')}`,
    )
  }

  async enterWords(entries: readonly SearchEntry[]): Promise<void> {
    if (entries.length === 0) return
    const rows = entries.map(searchRow)
    if (rows.length >= COPY_FROM) return copyRows(this.#client, this.#shown, [toSearch(rows)])
    const marks = rows.map(() => '(?, ?::tsvector)').join(', ')
    await this.run(`INSERT INTO search (uid, words) VALUES ${marks}`, rows.flat())
  }

  async run(text: string, params?: readonly SqlValue[]): Promise<void> {
    await query(this.#client, this.#shown, text, params)
  }

  #isCopied({ table, rows }: NewRows): boolean {
    return rows.length >= COPY_FROM && !this.#known.has(table.name)
  }

  /** @returns `false` when some of the rows are there already: then none was added */
  async #copyNew(parts: readonly NewRows[]): Promise<boolean> {
    const copies = parts.flatMap(({ table, rows, wordsOf }): CopyPart[] => {
      const copy = { into: `"${table.name}"`, columns: table.columns, rows }
      return wordsOf === undefined ? [copy] : [copy, toSearch(searchRows(rows, wordsOf))]
    })
    const around = { before: 'SAVEPOINT copy_new', after: 'RELEASE SAVEPOINT copy_new' }
    try {
      await copyRows(this.#client, this.#shown, copies, around)
      return true
    } catch (error) {
      const table = duplicateIn(error)
      if (table === undefined) throw error
      await this.run('ROLLBACK TO SAVEPOINT copy_new; RELEASE SAVEPOINT copy_new')
      this.#known.add(table)
      return false
    }
  }

  async #insertKnown(part: NewRows): Promise<Inserted> {
    const { table, rows, wordsOf } = part
    if (rows.length === 0) return { added: 0, there: [] }
    const inserted = await (rows.length < COPY_FROM ? this.#insertFew(table, rows) : this.#insertStaged(table, rows))
    if (wordsOf !== undefined) await this.enterWords(addedOf(part, inserted).map(wordsOf))
    return inserted
  }

  async #insertFew(table: Table, rows: readonly Row[]): Promise<Inserted> {
    const keys = quoted(table.columns.slice(0, table.keys))
    const added = await this.sql.all(
      `INSERT INTO "${table.name}" (${quoted(table.columns)}) VALUES ${rows.map(marks).join(', ')}
       ON CONFLICT DO NOTHING RETURNING ${keys}`,
      rows.flat(),
    )
    if (added.length === rows.length) return { added: added.length, there: [] }
    const fresh = new Set(added.map((row) => keyOf(table, toRow(table, row))))
    const old = rows.filter((row) => !fresh.has(keyOf(table, row))).map((row) => row.slice(0, table.keys))
    const text = `SELECT * FROM "${table.name}" WHERE (${keys}) IN (${old.map(marks).join(', ')})`
    const there = await this.sql.all(text, old.flat())
    return { added: added.length, there: there.map((row) => toRow(table, row)) }
  }

  /** The join sees the table as it was before the statement: it finds what was there and nothing that is added. */
  async #insertStaged(table: Table, rows: readonly Row[]): Promise<Inserted> {
    await this.#stage(table, rows)
    const columns = quoted(table.columns)
    const keys = table.columns.slice(0, table.keys)
    const found = await this.sql.all(
      `WITH added AS (INSERT INTO "${table.name}" (${columns}) SELECT ${columns} FROM "stage_${table.name}"
       ON CONFLICT DO NOTHING) SELECT t.* FROM "stage_${table.name}" AS s JOIN "${table.name}" AS t
       ON ${keys.map((column) => `t."${column}" = s."${column}"`).join(' AND ')}`,
    )
    return { added: rows.length - found.length, there: found.map((row) => toRow(table, row)) }
  }

  async #updateFew(table: Table, rows: readonly Row[]): Promise<void> {
    const [of, own] = [table.columns.slice(0, table.keys), table.columns.slice(table.keys)]
    const text = `UPDATE "${table.name}" SET ${equals(own, ', ')} WHERE ${equals(of, ' AND ')}`
    for (const row of rows) await this.run(text, [...row.slice(table.keys), ...row.slice(0, table.keys)])
  }

  /** Fills the staging table with these rows and no others. */
  async #stage(table: Table, rows: readonly Row[]): Promise<void> {
    const into = `"stage_${table.name}"`
    const before = this.#staged.has(table.name)
      ? `TRUNCATE ${into}`
      : `CREATE TEMPORARY TABLE ${into} ON COMMIT DROP AS SELECT * FROM "${table.name}" LIMIT 0`
    this.#staged.add(table.name)
    await copyRows(this.#client, this.#shown, [{ into, columns: table.columns, rows }], { before })
  }
}

/** The table whose key a row has that is to be added. */
function duplicateIn(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error) || error.code !== DUPLICATE_KEY)
    return undefined
  return 'table' in error && typeof error.table === 'string' ? error.table : undefined
}

function* searchRows(rows: readonly Row[], wordsOf: (row: Row) => SearchEntry): Iterable<Row> {
  for (const row of rows) yield searchRow(wordsOf(row))
}

function toSearch(rows: Iterable<Row>): CopyPart {
  return { into: 'search', columns: searchColumns, rows }
}

function marks(values: readonly unknown[]): string {
  return `(${values.map(() => '?').join(', ')})`
}
