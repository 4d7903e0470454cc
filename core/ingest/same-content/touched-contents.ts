import type { SqlValue } from '../../db/sql.ts'
import { columnAt, tables } from '../../db/table.ts'
import type { Writer } from '../../db/writer.ts'
import type { Batch } from '../batch.ts'
import { list } from '../touched-places.ts'

/** Of digests `d`: only those that cover every byte tell equal contents. */
export const IS_CONTENT = `d.algorithm = 'sha256' AND d.scope = 'full'`

const IS_SHARED = 'EXISTS (SELECT 1 FROM digest o WHERE o.value = d.value AND o.artifact_uid <> d.artifact_uid)'

/** Nothing was copied because nothing is in it. */
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

const ENDS = [
  ['consumed', columnAt(tables.consumed, 'stated_uid')],
  ['produced', columnAt(tables.produced, 'artifact_uid')],
  ['copied', columnAt(tables.copied, 'stated_uid')],
  ['copied', columnAt(tables.copied, 'to_uid')],
] as const

/**
 * Notes which contents an import touched that lie at more than one place, batch by batch, in the database: there may be
 * more of them than memory holds.
 */
export class TouchedContents {
  #made = false

  /** Called after a batch is written. `changedRuns`: uids of runs that were there and now say more. */
  async note(writer: Writer, batch: Batch, changedRuns: readonly string[]): Promise<void> {
    const artifacts = artifactsOf(batch)
    if (artifacts.size > 0) await this.#touch(writer, `SELECT value AS uid FROM ${list(writer)}`, [...artifacts])
    if (changedRuns.length === 0) return
    for (const table of ['consumed', 'produced'] as const) {
      const ends = `SELECT e.artifact_uid AS uid FROM ${list(writer)} JOIN ${table} e ON e.run_uid = v.value`
      await this.#touch(writer, ends, changedRuns)
    }
  }

  /** Who read these places may have read another version than was thought before. */
  async notePlaces(writer: Writer, stems: readonly string[]): Promise<void> {
    const ends = `SELECT a.uid FROM ${list(writer)} JOIN artifact a ON a.uid >= v.value || '0000' AND a.uid <= v.value || 'zzzz'`
    await this.#touch(writer, ends, stems)
  }

  /** Digests to look at, some hundred at once, in order. */
  async *values(writer: Writer, atOnce: number): AsyncIterable<string[]> {
    if (!this.#made) return
    const text = 'SELECT value FROM touched_content WHERE value > ? ORDER BY value LIMIT ?'
    for (let after = '', rows = atOnce; rows === atOnce;) {
      const values = (await writer.sql.all(text, [after, atOnce])).map((row) => String(row.value))
      rows = values.length
      after = values.at(-1) ?? after
      if (rows > 0) yield values
    }
  }

  async #touch(writer: Writer, artifacts: string, values: readonly string[]): Promise<void> {
    if (!this.#made) await this.#make(writer)
    await writer.run(
      `INSERT INTO touched_content SELECT DISTINCT d.value FROM (${artifacts}) t JOIN digest d ON d.artifact_uid = t.uid
       WHERE ${IS_CONTENT} AND d.value <> '${EMPTY}' AND ${IS_SHARED} ON CONFLICT DO NOTHING`,
      [JSON.stringify(values)],
    )
  }

  async #make(writer: Writer): Promise<void> {
    this.#made = true
    const [end, key] = writer.sql.provider === 'sqlite' ? ['', 'TEXT'] : [' ON COMMIT DROP', 'TEXT COLLATE "C"']
    await writer.run(`CREATE TEMPORARY TABLE IF NOT EXISTS touched_content (value ${key} PRIMARY KEY)${end}`)
    await writer.run('DELETE FROM touched_content')
  }
}

/** What the batch defines, and the ends of its edges. */
function artifactsOf(batch: Batch): Set<string> {
  const uids = new Set<string>()
  const add = (value: SqlValue | undefined): unknown => uids.add(String(value))
  for (const row of batch.rows.artifact.values()) add(row[0])
  for (const [table, at] of ENDS) for (const row of batch.rows[table].values()) add(row[at])
  return uids
}
