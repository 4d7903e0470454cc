import { toJson } from '../db/row.ts'
import type { SqlValue } from '../db/sql.ts'
import type { TableName } from '../db/table.ts'
import { tables } from '../db/table.ts'
import type { Row } from '../db/writer.ts'
import { transformTypes } from '../fact/fact.ts'
import { outcomeRanks } from '../fact/outcome.ts'

/**
 * Two statements about one thing become one, column by column: present beats absent, and where both are present and
 * differ, a fixed rule decides that looks at nothing but the two values. Every rule takes the greater by some order,
 * so merging is commutative, associative and idempotent: the order of imports never shows.
 */
export function mergeRows(table: TableName, a: Row, b: Row): Row {
  const rules = RULES[table]
  const merged = a.map((value, at) => {
    const other = b[at] ?? null
    if (value === null || other === value) return other
    return other === null ? value : (rules?.[at] ?? longer)(value, other)
  })
  return BY_EVIDENCE[table] === undefined ? merged : strongerEvidence(BY_EVIDENCE[table], merged, a, b)
}

type Present = string | number
type Rule = (a: Present, b: Present) => SqlValue

const EVIDENCE_RANK = ['inferred', 'observed', 'recorded']

function longer(a: Present, b: Present): Present {
  const [x, y] = [String(a), String(b)]
  if (x.length !== y.length) return x.length > y.length ? a : b
  return x > y ? a : b
}

function greatest(a: Present, b: Present): Present {
  return a > b ? a : b
}

/** A time cut to whole seconds is worth less than one with milliseconds. */
function precise(time: Present): boolean {
  return Number(time) % 1000 !== 0
}

function earliest(a: Present, b: Present): Present {
  if (precise(a) !== precise(b)) return precise(a) ? a : b
  return a < b ? a : b
}

function latest(a: Present, b: Present): Present {
  if (precise(a) !== precise(b)) return precise(a) ? a : b
  return a > b ? a : b
}

function byRank(ranks: readonly string[]): Rule {
  return (a, b) => (ranks.indexOf(String(a)) >= ranks.indexOf(String(b)) ? a : b)
}

/** A stated version tells more than none. */
function versioned(a: Present, b: Present): Present {
  const [x, y] = [a, b].map((uid) => !String(uid).endsWith('0000'))
  if (x !== y) return x === true ? a : b
  return greatest(a, b)
}

/** Objects, key by key. */
function union(a: Present, b: Present): string {
  const [x, y] = [parseObject(a), parseObject(b)]
  for (const [key, value] of Object.entries(y)) {
    const mine = Object.hasOwn(x, key) ? x[key] : undefined
    Object.defineProperty(x, key, { value: choose(mine, value), enumerable: true, configurable: true, writable: true })
  }
  return toJson(x)
}

function choose(a: unknown, b: unknown): unknown {
  if (a === undefined || a === null) return b
  if (b === null) return a
  // One order for all: numbers by value, below whatever else there is by its length.
  if (typeof a === 'number') return typeof b === 'number' ? Math.max(a, b) : b
  if (typeof b === 'number') return a
  const [x, y] = [toJson(a), toJson(b)]
  return longer(x, y) === x ? a : b
}

function parseObject(text: Present): Record<string, unknown> {
  const value: unknown = JSON.parse(String(text))
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

/** What reconciling made of a row is not for the merge to decide. */
const stored: Rule = (a) => a

const COLUMN_RULES: Partial<Record<TableName, Readonly<Record<string, Rule>>>> = {
  transform: { type: byRank(transformTypes) },
  run: {
    transform_uid: versioned,
    outcome: byRank(outcomeRanks),
    attempt: greatest,
    exit_code: greatest,
    started_at: earliest,
    ended_at: latest,
    params: union,
    environment: union,
    requested: union,
    used: union,
    labels: union,
    evidence: byRank(EVIDENCE_RANK),
  },
  artifact: { type: byRank(['value', 'object', 'file', 'folder']), size_bytes: greatest, modified_at: latest },
  digest: { evidence: byRank(EVIDENCE_RANK) },
  consumed: { artifact_uid: stored, resolved_method: stored },
  copied: { from_uid: stored, resolved_method: stored, evidence: byRank(EVIDENCE_RANK), copied_at: earliest },
}

const RULES = Object.fromEntries(
  Object.values(tables).map((table) => [
    table.name,
    table.columns.map((column) => COLUMN_RULES[table.name]?.[column] ?? longer),
  ]),
)

/** Where `evidence` and `method` belong together: the method is that of the stronger evidence. */
const BY_EVIDENCE: Partial<Record<TableName, readonly [number, number]>> = {
  consumed: [tables.consumed.columns.indexOf('evidence'), tables.consumed.columns.indexOf('method')],
  produced: [tables.produced.columns.indexOf('evidence'), tables.produced.columns.indexOf('method')],
}

function strongerEvidence([at, methodAt]: readonly [number, number], merged: Row, a: Row, b: Row): Row {
  const rank = (row: Row): number => EVIDENCE_RANK.indexOf(String(row[at]))
  if (rank(a) === rank(b)) return merged
  const strong = rank(a) > rank(b) ? a : b
  return merged.map((value, column) => (column === at || column === methodAt ? (strong[column] ?? null) : value))
}
