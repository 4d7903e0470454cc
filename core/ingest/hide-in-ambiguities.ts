import { toAmbiguousFact } from '../db/fact-of-row.ts'
import { ambiguousRow } from '../db/row.ts'
import type { SqlRow } from '../db/sql.ts'
import { tables } from '../db/table.ts'
import type { Writer } from '../db/writer.ts'
import type { Batch } from './batch.ts'
import type { Redactor } from './redact.ts'
import { list } from './touched-places.ts'

/** More than these are not remembered one by one: then all that are there are looked at. */
const MOST_REMEMBERED = 20_000
const ROWS_AT_ONCE = 500

/** The ambiguities that an import states: no row of theirs says which import that was. */
export class StatedAmbiguities {
  #uids: string[] = []
  #all = true

  /** Called with every batch. */
  note(batch: Batch): void {
    if (!this.#all) return
    this.#uids.push(...batch.rows.ambiguous.keys())
    if (this.#uids.length <= MOST_REMEMBERED) return
    this.#all = false
    this.#uids = []
  }

  /**
   * Hides values in their reasons that were written before they were known to be secrets. The key of such a row is made
   * of its text: it is another row then, which may be there already.
   * @returns how many rows there are more than before: none, or less
   */
  async hide(writer: Writer, redactor: Redactor): Promise<number> {
    const dirty: string[] = []
    for await (const row of this.#rows(writer)) {
      if (redactor.literals(String(row.why)) !== row.why) dirty.push(String(row.uid))
    }
    let more = 0
    for (const uid of dirty) more += await hideIn(writer, redactor, uid)
    return more
  }

  async *#rows(writer: Writer): AsyncIterable<SqlRow> {
    if (!this.#all) yield* writer.sql.iterate('SELECT uid, why FROM ambiguous')
    const text = `SELECT a.uid, a.why FROM ${list(writer)} JOIN ambiguous a ON a.uid = v.value`
    for (let at = 0; at < this.#uids.length; at += ROWS_AT_ONCE)
      yield* await writer.sql.all(text, [JSON.stringify(this.#uids.slice(at, at + ROWS_AT_ONCE))])
  }
}

async function hideIn(writer: Writer, redactor: Redactor, uid: string): Promise<number> {
  const [row] = await writer.sql.all('SELECT * FROM ambiguous WHERE uid = ?', [uid])
  if (row === undefined) return 0
  const fact = toAmbiguousFact(row)
  await writer.run('DELETE FROM ambiguous WHERE uid = ?', [uid])
  const clean = ambiguousRow({ ...fact, why: redactor.literals(fact.why) })
  return (await writer.insert(tables.ambiguous, [clean])).added - 1
}
