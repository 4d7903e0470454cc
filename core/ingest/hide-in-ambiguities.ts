import { toAmbiguousFact } from '../db/fact-of-row.ts'
import { ambiguousRow } from '../db/row.ts'
import { tables } from '../db/table.ts'
import type { Writer } from '../db/writer.ts'
import type { Redactor } from './redact.ts'

/**
 * Hides values in the reasons of ambiguities that were written before they were known to be secrets. The key of such a
 * row is made of its text: it is another row then, which may be there already.
 * @returns how many rows there are more than before: none, or less
 */
export async function hideInAmbiguities(writer: Writer, redactor: Redactor): Promise<number> {
  const dirty: string[] = []
  for await (const row of writer.sql.iterate('SELECT uid, why FROM ambiguous'))
    if (redactor.literals(String(row.why)) !== row.why) dirty.push(String(row.uid))
  let more = 0
  for (const uid of dirty) {
    const [row] = await writer.sql.all('SELECT * FROM ambiguous WHERE uid = ?', [uid])
    if (row === undefined) continue
    const fact = toAmbiguousFact(row)
    await writer.run('DELETE FROM ambiguous WHERE uid = ?', [uid])
    const clean = ambiguousRow({ ...fact, why: redactor.literals(fact.why) })
    more += (await writer.insert(tables.ambiguous, [clean])).added - 1
  }
  return more
}
