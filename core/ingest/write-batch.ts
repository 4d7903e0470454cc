import { keyOf } from '../db/writer.ts'
import type { Inserted, NewRows, Row, Writer } from '../db/writer.ts'
import { tables } from '../db/table.ts'
import { WRITE_ORDER } from './batch.ts'
import type { Batch } from './batch.ts'
import { mergeRows } from './merge.ts'
import { mergeStatements, readStatements } from './run-statement.ts'
import { isSearched, searchEntry } from './search-entry.ts'

/** What writing changed. */
export interface Written {
  added: number
  changed: number
}

/**
 * Writes a batch: new rows are added, rows that are there learn what is new.
 * @returns the uids of runs that were there and changed
 */
export async function writeBatch(writer: Writer, batch: Batch, written: Written): Promise<string[]> {
  const parts = WRITE_ORDER.flatMap((name): NewRows[] => {
    const rows = [...batch.rows[name].values()]
    const wordsOf = isSearched(name) ? (row: Row) => searchEntry(name, row) : undefined
    return rows.length === 0 ? [] : [{ table: tables[name], rows, wordsOf }]
  })
  const inserted = await writer.insertAll(parts)
  let changedRuns: string[] = []
  for (const [at, part] of parts.entries()) {
    const found = inserted[at] ?? { added: 0, there: [] }
    written.added += found.added
    const changed =
      part.table.name === 'run' ? await mergeRuns(writer, found, batch, written) : await mergeThere(writer, part, found)
    if (part.table.name === 'run') changedRuns = changed.map((row) => String(row[0]))
    else written.changed += changed.length
    if (part.wordsOf !== undefined) await writer.enterWords(changed.map(part.wordsOf))
  }
  return changedRuns
}

/** @returns the rows that were there and changed */
async function mergeThere(writer: Writer, { table, rows }: NewRows, { there }: Inserted): Promise<Row[]> {
  if (there.length === 0) return []
  const byKey = new Map(rows.map((row) => [keyOf(table, row), row]))
  const changed: Row[] = []
  for (const old of there) {
    const merged = mergeRows(table.name, old, byKey.get(keyOf(table, old)) ?? old)
    if (!isSame(old, merged)) changed.push(merged)
  }
  if (changed.length > 0) await writer.update(table, changed)
  return changed
}

/** Runs are special in one way: what weaker evidence says never stands beside what stronger evidence says. */
async function mergeRuns(writer: Writer, { there }: Inserted, batch: Batch, written: Written): Promise<Row[]> {
  const changed = await mergeStated(writer, there, batch.rows.run)
  for (const row of batch.runsAgain.values()) {
    const known = await writer.insert(tables.run, [row])
    changed.push(...(await mergeStated(writer, known.there, new Map([[String(row[0]), row]]))))
  }
  written.changed += changed.length
  return changed
}

async function mergeStated(writer: Writer, stored: readonly Row[], stated: ReadonlyMap<string, Row>): Promise<Row[]> {
  if (stored.length === 0) return []
  const statements = await readStatements(writer, stored)
  const changed: Row[] = []
  for (const old of stored) {
    const merged = await mergeStatements(writer, statements, old, stated.get(String(old[0])) ?? old)
    if (!isSame(old, merged)) changed.push(merged)
  }
  if (changed.length > 0) await writer.update(tables.run, changed)
  return changed
}

function isSame(a: Row, b: Row): boolean {
  return a.every((value, at) => value === b[at])
}
