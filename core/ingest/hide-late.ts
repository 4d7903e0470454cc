import { toGapFact } from '../db/fact-of-row.ts'
import { gapRow } from '../db/row.ts'
import type { SqlRow } from '../db/sql.ts'
import { tables } from '../db/table.ts'
import { toRow, type Row, type Writer } from '../db/writer.ts'
import type { ImportUid } from '../fact/uid.ts'
import { hideIn } from './batch.ts'
import type { Redactor } from './redact.ts'
import { searchEntry } from './search-entry.ts'
import { list } from './touched-places.ts'

/** Rows rewritten at once. */
const ROWS_AT_ONCE = 500

/** What an import told of: its executions, and all that is below them. Parameter: the import's uid. */
const MINE = `WITH RECURSIVE mine(uid) AS (
  SELECT run_uid FROM import_run WHERE import_uid = ?
  UNION SELECT r.uid FROM run r JOIN mine m ON r.parent_uid = m.uid)`

const HIDDEN_IN = {
  run: `${MINE} SELECT t.* FROM run t JOIN mine m ON m.uid = t.uid`,
  transform: `${MINE} SELECT t.* FROM transform t
    WHERE t.uid IN (SELECT r.transform_uid FROM run r JOIN mine m ON m.uid = r.uid)`,
  run_statement: `${MINE} SELECT t.* FROM run_statement t JOIN mine m ON m.uid = t.run_uid`,
} as const

/**
 * Hides values in what this import wrote before their names told that they are secrets. Only the uids of rows that hold
 * one are kept in memory.
 */
export async function hideInWritten(writer: Writer, redactor: Redactor, uid: ImportUid): Promise<void> {
  let words = 0
  for (const name of ['run', 'transform', 'run_statement'] as const) {
    const found: string[] = []
    for await (const row of writer.sql.iterate(HIDDEN_IN[name], [uid])) {
      if (isDirty(name, row, redactor)) found.push(String(row[tables[name].columns[0] ?? '']))
    }
    for (let at = 0; at < found.length; at += ROWS_AT_ONCE) {
      const rows = await rewrite(writer, name, found.slice(at, at + ROWS_AT_ONCE), redactor)
      if (name === 'run_statement') continue
      await enterAgain(writer, name, rows)
      words += rows.length
    }
  }
  // The index keeps words of deleted entries until its parts are merged.
  if (words > 0 && writer.sql.provider === 'sqlite') await writer.run("INSERT INTO search(search) VALUES ('optimize')")
}

/** The same for its gaps, which are few, and may be told before anything has a name. */
export async function hideInGaps(writer: Writer, redactor: Redactor, uid: ImportUid): Promise<void> {
  const gaps = await writer.sql.all('SELECT * FROM gap WHERE import_uid = ?', [uid])
  for (const row of gaps) {
    const gap = toGapFact(row)
    const clean = redactor.fact(gap)
    if (clean === gap || clean.kind !== 'gap') continue
    await writer.run('DELETE FROM gap WHERE uid = ?', [row.uid ?? null])
    await writer.insert(tables.gap, [gapRow(uid, clean)]) // the key is made of the text
  }
}

type Hidden = keyof typeof HIDDEN_IN

function isDirty(name: Hidden, stored: SqlRow, redactor: Redactor): boolean {
  const row = toRow(tables[name], stored)
  return hideIn(name, row, redactor).some((value, at) => value !== row[at])
}

async function rewrite(writer: Writer, name: Hidden, uids: readonly string[], redactor: Redactor): Promise<Row[]> {
  const key = tables[name].columns[0] ?? ''
  const stored = await writer.sql.all(`SELECT t.* FROM ${list(writer)} JOIN "${name}" t ON t.${key} = v.value`, [
    JSON.stringify(uids),
  ])
  const rows = stored.map((row) => hideIn(name, toRow(tables[name], row), redactor))
  await writer.update(tables[name], rows)
  return rows
}

async function enterAgain(writer: Writer, name: 'run' | 'transform', rows: readonly Row[]): Promise<void> {
  const uids = JSON.stringify(rows.map((row) => row[0]))
  await writer.run(`DELETE FROM search WHERE uid IN (SELECT v.value FROM ${list(writer)})`, [uids])
  await writer.enterWords(rows.map((row) => searchEntry(name, row)))
}
