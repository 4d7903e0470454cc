// The schema of a freshly migrated database as text: what the golden files hold.
import type { Database } from '../../core/db/database.ts'

export async function dumpSchema(database: Database): Promise<string> {
  return database.provider === 'sqlite' ? dumpSqlite(database) : dumpPostgres(database)
}

async function dumpSqlite(database: Database): Promise<string> {
  const rows = await database.sql.all(
    `SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type DESC, name`,
  )
  return `${rows.map((row) => `${String(row.sql)};`).join('\n\n')}\n`
}

async function dumpPostgres(database: Database): Promise<string> {
  const columns = await database.sql.all(
    `SELECT c.relname AS "table", a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
       || CASE WHEN co.collname = 'C' THEN ' COLLATE "C"' ELSE '' END
       || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
       || coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '') AS line
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
     LEFT JOIN pg_collation co ON co.oid = a.attcollation
     WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace ORDER BY c.relname, a.attnum`,
  )
  const tables = new Map<string, string[]>()
  for (const { table, line } of columns) tables.set(String(table), [...(tables.get(String(table)) ?? []), String(line)])
  const rest = await database.sql.all(
    `SELECT pg_get_indexdef(i.indexrelid) AS line FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
     WHERE c.relnamespace = current_schema()::regnamespace
     UNION ALL SELECT 'ALTER TABLE ' || c.relname || ' ADD CONSTRAINT ' || k.conname || ' ' || pg_get_constraintdef(k.oid)
     FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE k.connamespace = current_schema()::regnamespace
     ORDER BY 1`,
  )
  const schema = await database.sql.all('SELECT current_schema() AS name')
  const lines = rest.map((row) => `${String(row.line).replaceAll(`${String(schema[0]?.name)}.`, '')};`)
  const made = [...tables].map(([table, body]) => `CREATE TABLE ${table} (\n  ${body.join(',\n  ')}\n);`)
  return `${[...made, lines.join('\n')].join('\n\n')}\n`
}
