import type { Row, Writer } from '../db/writer.ts'
import { tables } from '../db/table.ts'
import type { Table } from '../db/table.ts'
import { WRITE_ORDER } from './batch.ts'
import type { Batch } from './batch.ts'
import { mergeRows } from './merge.ts'
import { mergeStatements } from './run-statement.ts'

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
    if (name === 'run') changedRuns.push(...(await writeRuns(writer, [...rows.values()], written)))
    else await writeRows(writer, tables[name], [...rows.values()], written)
  }
  return changedRuns
}

async function writeRows(writer: Writer, table: Table, rows: readonly Row[], written: Written): Promise<void> {
  const { added, there } = await writer.insert(table, rows)
  written.added += added
  if (there.length === 0) return
  const byKey = new Map(rows.map((row) => [keyOf(table, row), row]))
  const changed: Row[] = []
  for (const old of there) {
    const merged = mergeRows(table.name, old, byKey.get(keyOf(table, old)) ?? old)
    if (!isSame(old, merged)) changed.push(merged)
  }
  if (changed.length > 0) await writer.update(table, changed)
  written.changed += changed.length
}

/** Runs are special in one way: what weaker evidence says never stands beside what stronger evidence says. */
async function writeRuns(writer: Writer, rows: readonly Row[], written: Written): Promise<string[]> {
  const first = new Map<unknown, Row>()
  const again: Row[] = []
  for (const row of rows) {
    if (first.has(row[0])) again.push(row)
    else first.set(row[0], row)
  }
  const { added, there } = await writer.insert(tables.run, [...first.values()])
  written.added += added
  const changed = await mergeRuns(writer, there, (uid) => first.get(uid), written)
  for (const row of again) {
    const known = await writer.insert(tables.run, [row])
    changed.push(...(await mergeRuns(writer, known.there, () => row, written)))
  }
  return changed
}

async function mergeRuns(
  writer: Writer,
  stored: readonly Row[],
  statedOf: (uid: unknown) => Row | undefined,
  written: Written,
): Promise<string[]> {
  const changed: Row[] = []
  for (const old of stored) {
    const merged = await mergeStatements(writer, old, statedOf(old[0]) ?? old)
    if (!isSame(old, merged)) changed.push(merged)
  }
  if (changed.length > 0) await writer.update(tables.run, changed)
  written.changed += changed.length
  return changed.map((row) => String(row[0]))
}

function keyOf(table: Table, row: Row): string {
  return row.slice(0, table.keys).join('\n')
}

function isSame(a: Row, b: Row): boolean {
  return a.every((value, at) => value === b[at])
}
