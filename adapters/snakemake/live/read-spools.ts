import type { FileSource, GapFact } from '../../../core/adapter.ts'
import { gap } from '../gaps.ts'
import { readLines } from '../log/lines.ts'
import type { Execution } from '../log/execution.ts'
import type { Writer } from './spool-reader.ts'
import { SpoolReader } from './spool-reader.ts'

export const SPOOL_FOLDER = 'stemma'
const ENDING = '.jsonl'

export interface Spool {
  readonly execution: Execution
  readonly writer: Writer | undefined
}

/** The live events of a `.snakemake` folder, a run each, oldest first by their names. */
export async function* readSpools(source: FileSource, store: string, gaps: GapFact[]): AsyncIterable<Spool> {
  const folder = `${store}/${SPOOL_FOLDER}`
  for await (const entry of source.list(folder)) {
    if (entry.type !== 'file' || !entry.name.endsWith(ENDING)) continue
    const path = `${folder}/${entry.name}`
    const reader = new SpoolReader(entry.name.slice(0, -ENDING.length))
    let damaged = 0
    let torn = 0
    for await (const line of readLines(source, path)) {
      damaged += torn
      torn = line === '' || reader.line(line) ? 0 : 1
    }
    // A process that was killed leaves its last line cut: nothing of it is lost that was whole.
    if (damaged > 0) gaps.push(gap('damaged-spool', path, `${damaged} lines that are no events`))
    const execution = reader.finish()
    if (execution.told) yield { execution, writer: reader.writer }
  }
}
