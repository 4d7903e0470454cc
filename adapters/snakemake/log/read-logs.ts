import { isStemmaError } from '../../../core/adapter.ts'
import type { FileSource, GapFact } from '../../../core/adapter.ts'
import { gap } from '../gaps.ts'
import type { Execution } from './execution.ts'
import { readLines } from './lines.ts'
import { LogParser } from './parse-log.ts'
import { parseStem } from './stamp.ts'

export const LOG_ENDING = '.snakemake.log'

/** What is not UTF-8 comes out as the replacement character. */
const NO_TEXT = /[\0\uFFFD]/

/** All logs of a `.snakemake` folder, oldest first by their names. */
export async function* readLogs(source: FileSource, store: string, gaps: GapFact[]): AsyncIterable<Execution> {
  for await (const entry of source.list(`${store}/log`)) {
    if (entry.type !== 'file' || !entry.name.endsWith(LOG_ENDING)) continue
    const stem = entry.name.slice(0, -LOG_ENDING.length)
    const path = `${store}/log/${entry.name}`
    if (parseStem(stem) === undefined) {
      gaps.push(gap('unknown-log', path, 'its name is no time: Snakemake did not write it'))
      continue
    }
    const parser = new LogParser(stem)
    let damaged = 0
    try {
      for await (const line of readLines(source, path)) {
        if (NO_TEXT.test(line)) damaged += 1
        parser.line(line)
      }
    } catch (error) {
      if (!isStemmaError(error)) throw error
      gaps.push(gap('unreadable-log', path, error.message)) // what was read before stands
    }
    if (damaged > 0) gaps.push(gap('damaged-log', path, `${damaged} lines that are no text`))
    yield parser.finish()
  }
}
