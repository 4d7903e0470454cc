import type { FileSource } from '../../../core/adapter.ts'
import type { Execution } from './execution.ts'
import { readLines } from './lines.ts'
import { LogParser } from './parse-log.ts'

export const LOG_ENDING = '.snakemake.log'

/** All logs of a `.snakemake` folder, oldest first by their names. */
export async function* readLogs(source: FileSource, folder: string): AsyncIterable<Execution> {
  for await (const entry of source.list(`${folder}/log`)) {
    if (entry.type !== 'file' || !entry.name.endsWith(LOG_ENDING)) continue
    const parser = new LogParser(entry.name.slice(0, -LOG_ENDING.length))
    for await (const line of readLines(source, `${folder}/log/${entry.name}`)) parser.line(line)
    yield parser.finish()
  }
}
