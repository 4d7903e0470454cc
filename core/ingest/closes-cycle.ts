import type { Writer } from '../db/writer.ts'
import { IS_STATED } from './same-content/own-edges.ts'
import { list } from './touched-places.ts'

/** Nodes looked at before giving up: an edge that cannot be shown to be harmless is not asserted. */
const MOST_NODES = 20_000

/**
 * Whether `subject`, a run or an artifact, was used to make `artifact`: then it cannot have come from that. Asked only
 * where time has no say; recorded times forbid it otherwise.
 */
export async function closesCycle(writer: Writer, subject: string, artifact: string): Promise<boolean> {
  const seen = new Set([artifact])
  const at = list(writer)
  for (let frontier = [artifact]; frontier.length > 0;) {
    const values = [JSON.stringify(frontier)]
    const rows = [
      await writer.sql.all(`SELECT p.run_uid AS uid FROM ${at} JOIN produced p ON p.artifact_uid = v.value`, values),
      await writer.sql.all(
        `SELECT c.from_uid AS uid FROM ${at} JOIN copied c ON c.to_uid = v.value WHERE ${IS_STATED}`,
        values,
      ),
      await writer.sql.all(`SELECT c.artifact_uid AS uid FROM ${at} JOIN consumed c ON c.run_uid = v.value`, values),
    ].flat()
    frontier = [...new Set(rows.map((row) => String(row.uid)))].filter((uid) => !seen.has(uid))
    for (const uid of frontier) seen.add(uid)
    if (seen.has(subject) || seen.size > MOST_NODES) return true
  }
  return false
}
