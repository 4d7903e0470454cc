import {
  ambiguousRow, artifactRow, consumedRow, copiedRow, digestRows, producedRow, rowUid, runRow, toJson, transformRow,
} from '../db/row.ts' // prettier-ignore
import type { TableName } from '../db/table.ts'
import type { SqlValue } from '../db/sql.ts'
import { columnAt, tables } from '../db/table.ts'
import { keyOf } from '../db/writer.ts'
import type { Row } from '../db/writer.ts'
import type { Fact } from '../fact/fact.ts'
import { z } from 'zod'
import { mergeRows } from './merge.ts'
import type { Redactor } from './redact.ts'

const JsonObject = z.record(z.string(), z.json())
const Values = z.array(z.union([z.string(), z.number(), z.null()]))

/** Facts written at once: enough that a statement's fixed cost vanishes, few enough to be young garbage afterwards. */
const BATCH_ROWS = 2_000
/** Long scripts and messages fill a batch before it has that many rows. */
const BATCH_CHARACTERS = 4_000_000

/** Tables in the order in which their rows may be written: what is referred to comes first. */
export const WRITE_ORDER = [
  'transform', 'run', 'artifact', 'digest', 'consumed', 'produced', 'copied', 'ambiguous',
] as const satisfies readonly TableName[] // prettier-ignore
type BatchTable = (typeof WRITE_ORDER)[number]

/** Facts about the lineage itself; the others belong to the import. */
export type LineageFact = Exclude<Fact, { kind: 'stream' | 'gap' | 'root' }>

/** Places of columns with text that may repeat a secret; uids, uris and times cannot. */
const TEXTS = {
  transform: placesOf('transform', ['name', 'source']),
  run: placesOf('run', ['name', 'params', 'command', 'container', 'environment', 'error', 'labels']),
  run_statement: placesOf('run_statement', ['columns']),
}

const WHY = columnAt(tables.ambiguous, 'why')
const EVIDENCE = columnAt(tables.run, 'evidence')

/** Columns that may be long; the others are as long as a path at most. */
const LONG: Partial<Record<BatchTable, readonly number[]>> = {
  transform: [...TEXTS.transform],
  run: [...TEXTS.run],
  ambiguous: [columnAt(tables.ambiguous, 'candidates'), WHY],
}

function placesOf(table: TableName, columns: readonly string[]): ReadonlySet<number> {
  return new Set(columns.map((column) => columnAt(tables[table], column)))
}

/** The same of an ambiguity: its key is made of its text. */
function hideInAmbiguous(row: Row, redactor: Redactor): Row {
  const why = redactor.literals(String(row[WHY]))
  if (why === row[WHY]) return row
  const [, subject = null, relation = null, candidates = null] = row
  return [rowUid(String(subject), String(relation), String(candidates), why), subject, relation, candidates, why]
}

/** The row without values that are known to be secrets by now. */
export function hideIn(table: keyof typeof TEXTS, row: Row, redactor: Redactor): Row {
  return row.map((value, at) => (TEXTS[table].has(at) ? hidden(value, redactor) : value))
}

function hidden(value: SqlValue, redactor: Redactor): SqlValue {
  if (typeof value !== 'string') return value
  const json = /^(?:\{|\[")/.test(value) ? parseJson(value) : undefined
  const object = JsonObject.safeParse(json)
  if (object.success) return toJson(redactor.json(object.data))
  // What one side said of a run, kept as one text: the row's values, among them JSON.
  const row = Values.safeParse(json)
  if (row.success) return JSON.stringify(row.data.map((one) => hidden(one, redactor)))
  return redactor.literals(value)
}

/** A command or a script may begin with a brace as well. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // no JSON
  }
}

/** Rows waiting to be written, one a key. */
export class Batch {
  readonly rows: Readonly<Record<BatchTable, Map<string, Row>>> = {
    transform: new Map(),
    run: new Map(),
    artifact: new Map(),
    digest: new Map(),
    consumed: new Map(),
    produced: new Map(),
    copied: new Map(),
    ambiguous: new Map(),
  }
  /** What is said of runs in `rows` with other evidence than there, by uid and evidence: it stays apart. */
  readonly runsAgain = new Map<string, Row>()
  #count = 0
  #characters = 0

  get full(): boolean {
    return this.#count >= BATCH_ROWS || this.#characters >= BATCH_CHARACTERS
  }

  add(fact: LineageFact): void {
    if (fact.kind === 'run') this.#putRun(runRow(fact))
    else if (fact.kind === 'consumed') this.#put('consumed', consumedRow(fact))
    else if (fact.kind === 'produced') this.#put('produced', producedRow(fact))
    else if (fact.kind === 'copied') this.#put('copied', copiedRow(fact))
    else if (fact.kind === 'transform') this.#put('transform', transformRow(fact))
    else if (fact.kind === 'ambiguous') this.#put('ambiguous', ambiguousRow(fact))
    else {
      this.#put('artifact', artifactRow(fact))
      for (const row of digestRows(fact)) this.#put('digest', row)
    }
  }

  /** Hides values that were found to be secrets after some of these rows were made. */
  hide(redactor: Redactor): void {
    for (const name of ['transform', 'run'] as const) {
      for (const [key, row] of this.rows[name]) this.rows[name].set(key, hideIn(name, row, redactor))
    }
    for (const [key, row] of this.runsAgain) this.runsAgain.set(key, hideIn('run', row, redactor))
    const ambiguous = [...this.rows.ambiguous.values()]
    this.rows.ambiguous.clear()
    for (const row of ambiguous) {
      const clean = hideInAmbiguous(row, redactor)
      this.rows.ambiguous.set(String(clean[0]), clean)
    }
  }

  #putRun(row: Row): void {
    const uid = String(row[0])
    const known = this.rows.run.get(uid)
    if (known === undefined || known[EVIDENCE] === row[EVIDENCE]) this.#put('run', row)
    else this.#putIn(this.runsAgain, 'run', `${uid}\n${String(row[EVIDENCE])}`, row)
  }

  #put(table: BatchTable, row: Row): void {
    this.#putIn(this.rows[table], table, keyOf(tables[table], row), row)
  }

  #putIn(rows: Map<string, Row>, table: BatchTable, key: string, row: Row): void {
    const known = rows.get(key)
    rows.set(key, known === undefined ? row : mergeRows(table, known, row))
    if (known !== undefined) return
    this.#count++
    for (const at of LONG[table] ?? []) {
      const value = row[at]
      if (typeof value === 'string') this.#characters += value.length
    }
  }
}
