import type { Row, Writer } from '../db/writer.ts'
import { tables } from '../db/table.ts'
import type { Table } from '../db/table.ts'
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
  const changedRuns: string[] = []
  for (const name of WRITE_ORDER) {
    const rows = batch.rows[name]
    if (rows.size === 0) continue
    const { fresh, changed } =
      name === 'run'
        ? await writeRuns(writer, [...rows.values()], written)
        : await writeRows(writer, tables[name], [...rows.values()], written)
    if (name === 'run') changedRuns.push(...changed.map((row) => String(row[0])))
    if (isSearched(name)) await writer.enterWords([...fresh, ...changed].map((row) => searchEntry(name, row)))
  }
  return changedRuns
}

/** Rows that were not there, and rows that were and changed. */
interface WrittenRows {
  readonly fresh: readonly Row[]
  readonly changed: Row[]
}

async function writeRows(writer: Writer, table: Table, rows: readonly Row[], written: Written): Promise<WrittenRows> {
  const { added, there } = await writer.insert(table, rows)
  written.added += added
  if (there.length === 0) return { fresh: rows, changed: [] }
  const byKey = new Map(rows.map((row) => [keyOf(table, row), row]))
  const changed: Row[] = []
  for (const old of there) {
    const key = keyOf(table, old)
    const merged = mergeRows(table.name, old, byKey.get(key) ?? old)
    byKey.delete(key)
    if (!isSame(old, merged)) changed.push(merged)
  }
  if (changed.length > 0) await writer.update(table, changed)
  written.changed += changed.length
  return { fresh: [...byKey.values()], changed }
}

/** Runs are special in one way: what weaker evidence says never stands beside what stronger evidence says. */
async function writeRuns(writer: Writer, rows: readonly Row[], written: Written): Promise<WrittenRows> {
  const first = new Map<unknown, Row>()
  const again: Row[] = []
  for (const row of rows) {
    if (first.has(row[0])) again.push(row)
    else first.set(row[0], row)
  }
  const { added, there } = await writer.insert(tables.run, [...first.values()])
  written.added += added
  const changed = await mergeRuns(writer, there, first, written)
  for (const row of again) {
    const known = await writer.insert(tables.run, [row])
    changed.push(...(await mergeRuns(writer, known.there, new Map([[row[0], row]]), written)))
  }
  const old = new Set(there.map((row) => row[0]))
  return {
    fresh: old.size === 0 ? [...first.values()] : [...first.values()].filter((row) => !old.has(row[0])),
    changed,
  }
}

async function mergeRuns(
  writer: Writer,
  stored: readonly Row[],
  stated: ReadonlyMap<unknown, Row>,
  written: Written,
): Promise<Row[]> {
  if (stored.length === 0) return []
  const statements = await readStatements(writer, stored)
  const changed: Row[] = []
  for (const old of stored) {
    const merged = await mergeStatements(writer, statements, old, stated.get(old[0]) ?? old)
    if (!isSame(old, merged)) changed.push(merged)
  }
  if (changed.length > 0) await writer.update(tables.run, changed)
  written.changed += changed.length
  return changed
}

function keyOf(table: Table, row: Row): string {
  return table.keys === 1 ? String(row[0]) : row.slice(0, table.keys).join('\n')
}

function isSame(a: Row, b: Row): boolean {
  return a.every((value, at) => value === b[at])
}
