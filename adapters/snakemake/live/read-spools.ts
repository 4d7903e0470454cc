import { isStemmaError } from '../../../core/adapter.ts'
import type { FileSource, GapFact } from '../../../core/adapter.ts'
import { gap } from '../gaps.ts'
import { readLines } from '../log/lines.ts'
import type { Execution, ProcessState } from '../log/execution.ts'
import { processState } from './process-state.ts'
import { SpoolReader } from './spool-reader.ts'

export const SPOOL_FOLDER = 'stemma'
const ENDING = '.jsonl'

/** The live events of a `.snakemake` folder, a run each, oldest first by their names. */
export async function* readSpools(source: FileSource, store: string, gaps: GapFact[]): AsyncIterable<Execution> {
  const folder = `${store}/${SPOOL_FOLDER}`
  for await (const entry of source.list(folder)) {
    if (entry.type !== 'file' || !entry.name.endsWith(ENDING)) continue
    const path = `${folder}/${entry.name}`
    const reader = new SpoolReader(entry.name.slice(0, -ENDING.length))
    const state = await askForWriter(source, path)
    const damaged = await follow(source, path, reader, gaps)
    if (damaged > 0) gaps.push(gap('damaged-spool', path, `${damaged} lines that are no events`))
    const execution = reader.finish()
    if (state !== undefined) execution.process = state
    if (execution.told) yield execution
  }
}

/** @returns how many lines are no events; a last line that was cut by the end of its process is none of them */
async function follow(source: FileSource, path: string, reader: SpoolReader, gaps: GapFact[]): Promise<number> {
  let damaged = 0
  let torn = 0
  try {
    for await (const line of readLines(source, path)) {
      damaged += torn
      torn = line === '' || reader.line(line) ? 0 : 1
    }
  } catch (error) {
    if (!isStemmaError(error)) throw error
    gaps.push(gap('unreadable-spool', path, error.message))
  }
  return damaged
}

/** Before the events are read: a process that ends meanwhile has said so in what is read. */
async function askForWriter(source: FileSource, path: string): Promise<ProcessState | undefined> {
  const reader = new SpoolReader('')
  try {
    for await (const line of readLines(source, path)) {
      reader.line(line)
      break
    }
  } catch (error) {
    if (!isStemmaError(error)) throw error // told when all of it is read
  }
  return processState(reader.writer)
}
