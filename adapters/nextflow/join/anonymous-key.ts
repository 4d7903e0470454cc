import { createHash } from 'node:crypto'
import { readTrace } from '../trace/read-trace.ts'
import type { Pipeline } from './pipeline.ts'

/** Rows that tell one trace from another: the first that was executed does, since its hash holds the session. */
const MOST_ROWS = 1000

/**
 * Natural key of a run of which neither session nor name is known: made of its first tasks, up to the first one that it
 * executed itself. A trace that grows or is imported elsewhere keeps it. `undefined`: the run has a name.
 */
export async function anonymousKey(pipeline: Pipeline): Promise<string | undefined> {
  if (pipeline.session !== undefined || pipeline.runName !== undefined) return undefined
  const hash = createHash('sha256')
  let rows = 0
  for (const trace of pipeline.traces) {
    for await (const row of readTrace(trace.source, trace.path)) {
      if (row.kind !== 'task') continue
      hash.update(`${row.taskId ?? ''} ${row.hash ?? row.workDir ?? ''} ${row.status ?? ''} ${row.nativeId ?? ''}\n`)
      if (row.status !== 'CACHED' || ++rows >= MOST_ROWS) break
    }
  }
  return `trace/${hash.digest('hex').slice(0, 32)}`
}
