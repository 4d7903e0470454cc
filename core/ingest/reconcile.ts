import { ambiguousRow } from '../db/row.ts'
import { tables } from '../db/table.ts'
import { toRow, type Row, type Writer } from '../db/writer.ts'
import { AmbiguousFact } from '../fact/fact.ts'
import { chooseVersion } from './choose-version.ts'
import type { Choice } from './choose-version.ts'
import { closesCycle } from './closes-cycle.ts'
import { loadPlaces } from './load-places.ts'
import type { Place, ReaderRow } from './load-places.ts'
import type { TouchedContents } from './same-content/touched-contents.ts'
import { list } from './touched-places.ts'
import type { TouchedPlaces } from './touched-places.ts'

export interface Reconciled {
  /** Edges that now lead to a version that their adapter did not state. */
  reconciled: number
  /** Readers of whom nobody can say which version they read. */
  ambiguous: number
}

const PLACES_AT_ONCE = 300

/** The `why` of what reconciling leaves open; rows with it are ours to take back. */
export const SEVERAL_VERSIONS =
  'several versions lay at this path, and nothing that was written down tells which was read'

/**
 * Joins what was read to what was written: an artifact that nobody made, read from a place where others were made, was
 * the version that lay there at the time. Every place that the import touched is decided anew from all that is known,
 * so the order of imports never shows. What time alone cannot decide comes last, place by place in a fixed order,
 * since one such edge may forbid another.
 */
export async function reconcile(
  writer: Writer,
  touched: TouchedPlaces,
  contents: TouchedContents,
): Promise<Reconciled> {
  const result: Reconciled = { reconciled: 0, ambiguous: 0 }
  for await (const stems of touched.places(writer, PLACES_AT_ONCE)) {
    const decisions = (await loadPlaces(writer, stems)).flatMap(decide)
    await store(
      writer,
      decisions.map((decision) => (isUntimed(decision) ? unread(decision) : decision)),
    )
    await markAgain(writer, stems, decisions)
    await contents.notePlaces(writer, stems)
    result.ambiguous += await storeAmbiguous(writer, stems, decisions)
    result.reconciled += decisions.filter((decision) => decision.choice.kind === 'one' && !isUntimed(decision)).length
  }
  for await (const stems of touched.again(writer, PLACES_AT_ONCE)) {
    for (const decision of (await loadPlaces(writer, stems)).flatMap(decide).filter(isUntimed)) {
      if (decision.choice.kind !== 'one' || (await closesCycle(writer, decision.reader.subject, decision.choice.uid)))
        continue
      await store(writer, [decision])
      result.reconciled++
    }
  }
  return result
}

interface Decision {
  readonly stem: string
  readonly reader: ReaderRow
  readonly choice: Choice
}

function isUntimed({ choice }: Decision): boolean {
  return choice.kind === 'one' && choice.untimed
}

function unread(decision: Decision): Decision {
  return { ...decision, choice: { kind: 'none' } }
}

function decide(place: Place): Decision[] {
  const made = new Set(place.made.map((version) => version.uid))
  const named = new Map<string, string[]>()
  for (const { table, subject, stated } of place.readers) {
    if (table === 'consumed' && made.has(stated)) named.set(subject, [...(named.get(subject) ?? []), stated])
  }
  return place.readers.map((reader): Decision => {
    const { stated, subject, at, table } = reader
    // Where the version that was stated was made, it is known what was read.
    if (made.has(stated)) return { stem: place.stem, reader, choice: { kind: 'none' } }
    const known = table === 'consumed' ? (named.get(subject) ?? []) : []
    const digests = place.digests.get(stated) ?? []
    return {
      stem: place.stem,
      reader,
      choice: chooseVersion({ stated, subject, at, digests, named: known }, place.made),
    }
  })
}

/** Writes the edges whose other end is another than it was. */
async function store(writer: Writer, decisions: readonly Decision[]): Promise<void> {
  const changed: Record<'consumed' | 'copied', Row[]> = { consumed: [], copied: [] }
  for (const { reader, choice } of decisions) {
    const { now, stated, table } = reader
    const end = table === 'consumed' ? 'artifact_uid' : 'from_uid'
    const [uid, method] = choice.kind === 'one' ? [choice.uid, choice.method] : [stated, null]
    if (now[end] === uid && now.resolved_method === method) continue
    now[end] = uid
    now.resolved_method = method
    changed[table].push(toRow(tables[table], now))
  }
  for (const table of ['consumed', 'copied'] as const) {
    if (changed[table].length > 0) await writer.update(tables[table], changed[table])
  }
}

/** Marks places whose decision depends on more than their own rows. */
async function markAgain(writer: Writer, stems: readonly string[], decisions: readonly Decision[]): Promise<void> {
  const untimed = new Set(decisions.filter(isUntimed).map(({ stem }) => stem))
  for (const mark of [0, 1]) {
    const those = stems.filter((stem) => untimed.has(stem) === (mark === 1))
    if (those.length === 0) continue
    const text = `UPDATE versioned_place SET again = ${mark} WHERE again <> ${mark} AND stem IN (SELECT value FROM ${list(writer)})`
    await writer.run(text, [JSON.stringify(those)])
  }
}

/** @returns how many there are */
async function storeAmbiguous(
  writer: Writer,
  stems: readonly string[],
  decisions: readonly Decision[],
): Promise<number> {
  // Candidates all lie at one place: the list starts with its stem, behind a bracket and a quote.
  await writer.run(
    `DELETE FROM ambiguous WHERE substr(candidates, 3, 16) IN (SELECT value FROM ${list(writer)}) AND why = ?`,
    [JSON.stringify(stems), SEVERAL_VERSIONS],
  )
  const rows = new Map<unknown, Row>()
  for (const { reader, choice } of decisions) {
    if (choice.kind !== 'several') continue
    const { subject, table: relation } = reader
    const { candidates } = choice
    const row = ambiguousRow(
      AmbiguousFact.parse({ kind: 'ambiguous', subject, relation, candidates, why: SEVERAL_VERSIONS }),
    )
    rows.set(row[0], row)
  }
  if (rows.size > 0) await writer.insert(tables.ambiguous, [...rows.values()])
  return rows.size
}
