import BetterSqlite3 from 'better-sqlite3'

/** As `core/db/sqlite.ts` sets them: references are checked, and what is overwritten is wiped. */
const SETTINGS = ['foreign_keys = ON', 'synchronous = NORMAL', 'cache_size = -49152', 'secure_delete = ON']

/**
 * Copies every row of a database that Stemma filled into an empty one with the same tables, references and indexes, a
 * prepared insert a row and one transaction, on a connection with Stemma's own settings: the bare limit. The words for
 * searching, which Stemma writes in the same time, are left out. @returns how many rows
 */
export function bareInserts(from: string, to: string): number {
  const source = new BetterSqlite3(from, { readonly: true })
  const target = new BetterSqlite3(to)
  try {
    target.pragma('journal_mode = WAL')
    for (const setting of SETTINGS) target.pragma(setting)
    const tables = createTables(source, target)
    let rows = 0
    target.transaction(() => {
      for (const table of tables) rows += copyTable(source, target, table)
    })()
    return rows
  } finally {
    source.close()
    target.close()
  }
}

/** Makes the tables and indexes; full-text tables and what belongs to them are Stemma's own affair, not the limit's. */
function createTables(source: BetterSqlite3.Database, target: BetterSqlite3.Database): string[] {
  const made = source
    .prepare<[], { type: string; name: string; sql: string }>(
      `SELECT type, name, sql FROM sqlite_schema
       WHERE sql IS NOT NULL AND type IN ('table', 'index') AND name NOT LIKE '%fts%' AND name NOT LIKE 'search%'
       ORDER BY type DESC`,
    )
    .all()
    .filter(({ name }) => !name.startsWith('sqlite_'))
  for (const { sql } of made) target.exec(sql)
  return made.filter(({ type }) => type === 'table').map(({ name }) => name)
}

function copyTable(source: BetterSqlite3.Database, target: BetterSqlite3.Database, table: string): number {
  const read = source.prepare<[], unknown[]>(`SELECT * FROM "${table}"`).raw()
  const places = read.columns().map(() => '?')
  const insert = target.prepare(`INSERT INTO "${table}" VALUES (${places.join(', ')})`)
  let rows = 0
  for (const row of read.iterate()) {
    insert.run(...row)
    rows++
  }
  return rows
}
