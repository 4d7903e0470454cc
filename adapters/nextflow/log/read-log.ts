import type { FileSource } from '../../../core/adapter.ts'
import { readLines } from '../lines.ts'
import type { LogEvent } from './log-event.ts'
import type { ReadGap } from '../records.ts'
import { MessageJoiner, type LogMessage } from './log-message.ts'
import { parseMessage } from './parse-message.ts'

const CUT =
  'the line is far longer than any of the engine: what it says after its first millions of characters is left out'

/**
 * Reads a `.nextflow.log` (rotated ones too: `.1` is the run before). One file is one run of the launcher, which may
 * have been cut off anywhere; lines that lineage has no use for are passed over.
 */
export async function* readLog(source: FileSource, path: string): AsyncIterable<LogEvent | ReadGap> {
  const joiner = new MessageJoiner()
  let number = 0
  for await (const lines of readLines(source.open(path))) {
    for (const line of lines) {
      number++
      if (line.cut) yield { kind: 'gap', code: 'log.cut-line', place: `${path}:${number}`, message: CUT }
      const event = toEvent(joiner.add(line, number))
      if (event !== undefined) yield event
    }
  }
  const last = toEvent(joiner.finish())
  if (last !== undefined) yield last
}

function toEvent(message: LogMessage | undefined): LogEvent | undefined {
  const fact = message === undefined ? undefined : parseMessage(message)
  if (message === undefined || fact === undefined) return undefined
  return { kind: 'log', line: message.line, ...(message.at === undefined ? {} : { at: message.at }), ...fact }
}
