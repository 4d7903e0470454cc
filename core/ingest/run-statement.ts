import { z } from 'zod'
import type { SqlValue } from '../db/sql.ts'
import { tables, columnAt } from '../db/table.ts'
import type { Row, Writer } from '../db/writer.ts'
import { mergeRows } from './merge.ts'

const EVIDENCE = columnAt(tables.run, 'evidence')
/** Strongest first; the engine's own record has no word in the row. */
const STRENGTHS = ['recorded', 'observed', 'inferred']

const Columns = z.array(z.union([z.string(), z.number(), z.null()]))

/**
 * One run as told by the engine's own record, by a live recorder and by stubs in other records. What each kind of
 * evidence says is merged on its own and kept; the row shows, column by column, the strongest that says anything.
 * Kept apart, they give the same row in whatever order they come.
 */
export async function mergeStatements(writer: Writer, stored: Row, stated: Row): Promise<Row> {
  const kept = await readStatements(writer, stored)
  const strength = strengthOf(stated)
  if (kept.size === 0 && strength === strengthOf(stored)) return mergeRows('run', stored, stated)
  if (kept.size === 0) await keep(writer, kept, strengthOf(stored), stored)
  const before = kept.get(strength)
  await keep(writer, kept, strength, before === undefined ? stated : mergeRows('run', before, stated))
  return overlay(STRENGTHS.map((name) => kept.get(name)).filter((row) => row !== undefined))
}

function strengthOf(row: Row): string {
  return String(row[EVIDENCE] ?? 'recorded')
}

async function readStatements(writer: Writer, stored: Row): Promise<Map<string, Row>> {
  const rows = await writer.sql.all('SELECT evidence, columns FROM run_statement WHERE run_uid = ?', [
    stored[0] ?? null,
  ])
  return new Map(rows.map((row) => [String(row['evidence']), Columns.parse(JSON.parse(String(row['columns'])))]))
}

async function keep(writer: Writer, kept: Map<string, Row>, strength: string, row: Row): Promise<void> {
  kept.set(strength, row)
  const written: Row = [row[0] ?? null, strength, JSON.stringify(row)]
  const { there } = await writer.insert(tables.run_statement, [written])
  if (there.length > 0) await writer.update(tables.run_statement, [written])
}

/** The first row, filled in by the next ones; the evidence is that of the first. */
function overlay(rows: readonly Row[]): Row {
  const [first = [], ...weaker] = rows
  return first.map((value: SqlValue, at: number) => {
    if (value !== null || at === EVIDENCE) return value
    return weaker.map((row) => row[at] ?? null).find((other) => other !== null) ?? null
  })
}
