import type { SqlValue } from '../db/sql.ts'
import { columnAt, tables } from '../db/table.ts'
import type { Writer } from '../db/writer.ts'
import { ARTIFACT_STEM_LENGTH } from '../fact/uid.ts'
import type { Batch } from './batch.ts'

/** Copies of copies are followed this far. */
const MOST_COPIES = 8

/**
 * Notes which places reconciling has to look at again, batch by batch, in the database: there may be more of them than
 * memory holds. Most pipelines write each place once, and then there are none.
 */
export class TouchedPlaces {
  #made = false
  #any = false

  /** Called after a batch is written. `changedRuns`: uids of runs that were there and now say more. */
  async note(writer: Writer, batch: Batch, changedRuns: readonly string[]): Promise<void> {
    const artifacts = [...batch.rows.artifact.values()].map((row) => String(row[0]))
    if (!this.#made) await this.#make(writer)
    await this.#noteVersioned(writer, artifacts)
    if (!this.#any) return
    await this.#touch(writer, `SELECT substr(value, 1, 16) AS stem FROM ${list(writer)}`, [...endsOf(batch)])
    await this.#touchCopies(writer, [...madeIn(batch)])
    if (changedRuns.length > 0) await this.#touchRuns(writer, changedRuns)
  }

  /** Places to look at, some hundred at once, in order. */
  async *places(writer: Writer, atOnce: number): AsyncIterable<string[]> {
    if (!this.#any) return
    await writer.run(
      'INSERT INTO touched_place SELECT stem FROM versioned_place WHERE again = 1 ON CONFLICT DO NOTHING',
    )
    yield* pages(writer, 'SELECT stem FROM touched_place WHERE stem > ? ORDER BY stem LIMIT ?', atOnce)
  }

  /** Places whose decision depends on more than their own rows. */
  async *again(writer: Writer, atOnce: number): AsyncIterable<string[]> {
    if (!this.#any) return
    yield* pages(writer, 'SELECT stem FROM versioned_place WHERE again = 1 AND stem > ? ORDER BY stem LIMIT ?', atOnce)
  }

  async #make(writer: Writer): Promise<void> {
    this.#made = true
    const [end, key] = writer.sql.provider === 'sqlite' ? ['', 'TEXT'] : [' ON COMMIT DROP', 'TEXT COLLATE "C"']
    await writer.run(`CREATE TEMPORARY TABLE IF NOT EXISTS touched_place (stem ${key} PRIMARY KEY)${end}`)
    await writer.run('DELETE FROM touched_place')
    const [some] = await writer.sql.all('SELECT 1 AS some FROM versioned_place LIMIT 1')
    this.#any = some !== undefined
  }

  /** Places that got a second version with this batch. */
  async #noteVersioned(writer: Writer, artifacts: readonly string[]): Promise<void> {
    if (artifacts.length === 0) return
    const rows = await writer.sql.all(
      `SELECT DISTINCT substr(v.value, 1, 16) AS stem FROM ${list(writer)} WHERE EXISTS (SELECT 1 FROM artifact a
       WHERE a.uid >= substr(v.value, 1, 16) || '0000' AND a.uid <= substr(v.value, 1, 16) || 'zzzz' AND a.uid <> v.value)`,
      [JSON.stringify(artifacts)],
    )
    if (rows.length === 0) return
    this.#any = true
    const stems = rows.map((row): SqlValue => row.stem ?? null)
    await writer.insert(
      tables.versioned_place,
      stems.map((stem) => [stem, 0]),
    )
  }

  async #touch(writer: Writer, stems: string, values: readonly string[]): Promise<void> {
    if (values.length === 0) return
    await writer.run(
      `INSERT INTO touched_place SELECT DISTINCT p.stem FROM (${stems}) t JOIN versioned_place p ON p.stem = t.stem
       WHERE true ON CONFLICT DO NOTHING`,
      [JSON.stringify(values)],
    )
  }

  /** When a file was made tells when its copies lay where they lie. */
  async #touchCopies(writer: Writer, made: readonly string[]): Promise<void> {
    await this.#touch(
      writer,
      `SELECT substr(uid, 1, 16) AS stem FROM (WITH RECURSIVE down(uid, depth) AS (
         SELECT c.to_uid, 1 FROM ${list(writer)} JOIN copied c ON c.stated_uid = v.value
         UNION SELECT c.to_uid, d.depth + 1 FROM down d JOIN copied c ON c.stated_uid = d.uid
         WHERE d.depth < ${String(MOST_COPIES)}) SELECT uid FROM down) AS copies`,
      made,
    )
  }

  async #touchRuns(writer: Writer, runs: readonly string[]): Promise<void> {
    for (const [table, column] of [
      ['consumed', 'stated_uid'],
      ['produced', 'artifact_uid'],
    ] as const) {
      await this.#touch(
        writer,
        `SELECT substr(e.${column}, 1, 16) AS stem FROM ${list(writer)} JOIN ${table} e ON e.run_uid = v.value`,
        runs,
      )
    }
    const made = await writer.sql.all(
      `SELECT e.artifact_uid AS uid FROM ${list(writer)} JOIN produced e ON e.run_uid = v.value`,
      [JSON.stringify(runs)],
    )
    await this.#touchCopies(
      writer,
      made.map((row) => String(row.uid)),
    )
  }
}

async function* pages(writer: Writer, text: string, atOnce: number): AsyncIterable<string[]> {
  for (let after = ''; ;) {
    const rows = await writer.sql.all(text, [after, atOnce])
    if (rows.length > 0) yield rows.map((row) => String(row.stem))
    if (rows.length < atOnce) return
    after = String(rows.at(-1)?.stem)
  }
}

/** The one parameter, a JSON array of texts, as the table `v` with the column `value`. */
export function list(writer: Writer): string {
  return writer.sql.provider === 'sqlite'
    ? '(SELECT value FROM json_each(?)) v'
    : '(SELECT value COLLATE "C" AS value FROM json_array_elements_text(?::json)) v'
}

const STATED = columnAt(tables.consumed, 'stated_uid')
const PRODUCED = columnAt(tables.produced, 'artifact_uid')
const COPIED = [columnAt(tables.copied, 'stated_uid'), columnAt(tables.copied, 'to_uid')]

/** Places at either end of the batch's edges, and of its digests. */
function endsOf(batch: Batch): Set<string> {
  const stems = new Set<string>()
  const add = (value: SqlValue | undefined): unknown => stems.add(String(value).slice(0, ARTIFACT_STEM_LENGTH))
  for (const row of batch.rows.artifact.values()) add(row[0])
  for (const row of batch.rows.consumed.values()) add(row[STATED])
  for (const row of batch.rows.produced.values()) add(row[PRODUCED])
  for (const row of batch.rows.copied.values()) for (const at of COPIED) add(row[at])
  return stems
}

function madeIn(batch: Batch): Set<string> {
  const made = new Set<string>()
  for (const row of batch.rows.produced.values()) made.add(String(row[PRODUCED]))
  for (const row of batch.rows.copied.values()) for (const at of COPIED) made.add(String(row[at]))
  return made
}
