import { z } from 'zod'
import type { SqlValue } from '../db/sql.ts'
import { tables, columnAt } from '../db/table.ts'
import type { Row, Writer } from '../db/writer.ts'
import { mergeRows } from './merge.ts'
import { list } from './touched-places.ts'

const EVIDENCE = columnAt(tables.run, 'evidence')
/** Strongest first; the engine's own record has no word in the row. */
const STRENGTHS = ['recorded', 'observed', 'inferred']

const Columns = z.array(z.union([z.string(), z.number(), z.null()]))

/** What each side said, by uid and evidence; most runs are told by one side only, and have none. */
export type Statements = ReadonlyMap<string, Map<string, Row>>

export async function readStatements(writer: Writer, stored: readonly Row[]): Promise<Statements> {
  const rows = await writer.sql.all(
    `SELECT s.run_uid, s.evidence, s.columns FROM ${list(writer)} JOIN run_statement s ON s.run_uid = v.value`,
    [JSON.stringify(stored.map((row) => row[0]))],
  )
  const statements = new Map<string, Map<string, Row>>()
  for (const { run_uid, evidence, columns } of rows) {
    const kept = statements.get(String(run_uid)) ?? new Map<string, Row>()
    statements.set(String(run_uid), kept.set(String(evidence), Columns.parse(JSON.parse(String(columns)))))
  }
  return statements
}

/**
 * One run as told by the engine's own record, by a live recorder and by stubs in other records. What each kind of
 * evidence says is merged on its own and kept; the row shows, column by column, the strongest that says anything.
 * Kept apart, they give the same row in whatever order they come.
 */
export async function mergeStatements(writer: Writer, statements: Statements, stored: Row, stated: Row): Promise<Row> {
  const kept = statements.get(String(stored[0])) ?? new Map<string, Row>()
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
