import { isStemmaError } from '../../../core/adapter.ts'
import type { FileSource, GapFact } from '../../../core/adapter.ts'
import { gap } from '../gaps.ts'
import type { Execution } from './execution.ts'
import { readLines } from './lines.ts'
import { LogParser } from './parse-log.ts'

export const LOG_ENDING = '.snakemake.log'

/** All logs of a `.snakemake` folder, oldest first by their names. */
export async function* readLogs(source: FileSource, store: string, gaps: GapFact[]): AsyncIterable<Execution> {
  for await (const entry of source.list(`${store}/log`)) {
    if (entry.type !== 'file' || !entry.name.endsWith(LOG_ENDING)) continue
    const parser = new LogParser(entry.name.slice(0, -LOG_ENDING.length))
    const path = `${store}/log/${entry.name}`
    try {
      for await (const line of readLines(source, path)) parser.line(line)
    } catch (error) {
      if (!isStemmaError(error)) throw error
      gaps.push(gap('unreadable-log', path, error.message)) // what was read before stands
    }
    yield parser.finish()
  }
}
