import { stat } from 'node:fs/promises'
import type { Database } from '../db/database.ts'
import type { Sql } from '../db/sql.ts'
import { filePath } from '../fact/uri.ts'
import { findPresentUris } from './roots.ts'
import type { Check } from './view.ts'

/** Files looked for on disk: enough to tell that a folder has moved. */
const MOST_FILES = 500

/** References that must lead somewhere, as `SELECT COUNT(*) …` of those that do not. */
const REFERENCES: readonly (readonly [name: string, count: string])[] = [
  ['runs without their transform', missing('run', 'transform_uid', 'transform')],
  ['runs without the run that started them', missing('run', 'parent_uid', 'run')],
  ['runs without the run that they reused', missing('run', 'reuses_uid', 'run')],
  ['consumed edges without their run', missing('consumed', 'run_uid', 'run')],
  ['consumed edges without their artifact', missing('consumed', 'artifact_uid', 'artifact')],
  ['produced edges without their run', missing('produced', 'run_uid', 'run')],
  ['produced edges without their artifact', missing('produced', 'artifact_uid', 'artifact')],
  ['copies without their source', missing('copied', 'from_uid', 'artifact')],
  ['copies without their target', missing('copied', 'to_uid', 'artifact')],
  ['digests without their artifact', missing('digest', 'artifact_uid', 'artifact')],
]

/** What `doctor` says of a database, good or bad, in the order to read it. */
export async function checkDatabase(database: Database): Promise<Check[]> {
  const { version, migrations, sizeBytes, damage } = await database.inspect()
  return [
    { name: 'database', ok: true, message: `${database.url}: ${version}, ${String(sizeBytes)} bytes` },
    { name: 'migrations', ok: migrations.length > 0, message: migrations.join(', ') },
    { name: 'integrity', ok: damage === undefined, message: damage ?? 'no damage found' },
    await checkContent(database.sql),
    await checkReferences(database.sql),
    await checkFiles(database.sql),
  ]
}

async function checkContent(sql: Sql): Promise<Check> {
  const counts: string[] = []
  for (const table of ['transform', 'run', 'artifact', 'import', 'gap']) {
    const [row] = await sql.all(`SELECT COUNT(*) AS total FROM ${table}`)
    counts.push(`${String(row?.total)} ${table}${row?.total === 1 ? '' : 's'}`)
  }
  return { name: 'content', ok: true, message: counts.join(', ') }
}

async function checkReferences(sql: Sql): Promise<Check> {
  const broken: string[] = []
  for (const [name, text] of REFERENCES) {
    const [row] = await sql.all(text)
    if (Number(row?.total) > 0) broken.push(`${String(row?.total)} ${name}`)
  }
  const ok = broken.length === 0
  return { name: 'references', ok, message: ok ? 'every reference leads somewhere' : broken.join(', ') }
}

/** Results that runs wrote or copied, the latest first: are they where they were, or where their folder is now? */
async function checkFiles(sql: Sql): Promise<Check> {
  const rows = await sql.all(
    `SELECT uri FROM artifact WHERE uid IN (SELECT c.to_uid FROM copied c) AND uri LIKE 'file:%'
     ORDER BY COALESCE(modified_at, 0) DESC, uid LIMIT ?`,
    [MOST_FILES],
  )
  let gone = 0
  for (const row of rows) if (!(await isThere(sql, String(row.uri)))) gone++
  const message = `${String(rows.length - gone)} of ${String(rows.length)} published files looked for are on this machine`
  // Cleaned folders and files of other machines are no defect of the database.
  return { name: 'files', ok: true, message }
}

async function isThere(sql: Sql, uri: string): Promise<boolean> {
  for (const place of await findPresentUris(sql, uri)) {
    const path = filePath(place)
    if (path === undefined) continue
    const found = await stat(path).then(
      () => true,
      () => false,
    )
    if (found) return true
  }
  return false
}

function missing(table: string, column: string, target: string): string {
  return `SELECT COUNT(*) AS total FROM ${table} t WHERE t.${column} IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM ${target} o WHERE o.uid = t.${column})`
}
