import type { FileSource } from '../../../core/adapter.ts'
import { Gaps } from '../gaps.ts'
import { readLines } from '../lines.ts'
import type { ReadGap, RunRecord } from '../records.ts'
import { parseTraceDate } from '../trace/date.ts'
import { parseDuration } from '../trace/duration.ts'

const SESSION = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const DATE_CHARACTERS = 19
const MOST_COMMAND_CHARACTERS = 1_000_000

/**
 * Reads `.nextflow/history`: one record a run, in the order of their starts. Times are local without a zone. A run
 * without an end (`-`) was killed, crashed before its start, or still runs: its record says `open`.
 */
export async function* readHistory(source: FileSource, path: string): AsyncIterable<RunRecord | ReadGap> {
  const gaps = new Gaps(path)
  let last: RunRecord | undefined
  let number = 0
  for await (const lines of readLines(source.open(path), MOST_COMMAND_CHARACTERS)) {
    for (const { text } of lines) {
      number++
      const record = parseLine(text, path, number)
      if (record !== undefined) {
        if (last !== undefined) yield last
        last = record
      } else if (last?.commandLine !== undefined) {
        // A command with line ends in it: what begins no record goes on with the last one.
        if (last.commandLine.length + text.length < MOST_COMMAND_CHARACTERS) last.commandLine += `\n${text}`
      } else if (text.trim() !== '') gaps.add('history.unreadable-line', `:${number}`, 'not a line of the run history')
    }
    yield* gaps.take()
  }
  if (last !== undefined) yield trimEnd(last)
  yield* gaps.finish()
}

function trimEnd(record: RunRecord): RunRecord {
  if (record.commandLine !== undefined) record.commandLine = record.commandLine.trimEnd()
  return record
}

function parseLine(text: string, path: string, line: number): RunRecord | undefined {
  const columns = text.split('\t')
  const [first = '', second = '', runName = '', status = '', revision = '', session = ''] = columns
  const record: RunRecord = { kind: 'run', origin: { source: 'history', path, line } }
  // Releases before 0.20 wrote session and command only.
  if (columns.length === 2 && SESSION.test(first))
    return { ...record, sessionId: first, commandLine: second, open: true }
  const date = first.length >= DATE_CHARACTERS ? parseTraceDate(first) : undefined
  if (date === undefined || columns.length < 7 || !SESSION.test(session)) return undefined
  record.startMs = date.ms
  record.timesAreLocal = true
  record.runName = runName
  record.sessionId = session
  record.commandLine = columns.slice(6).join('\t')
  const duration = parseDuration(second)
  if (duration !== undefined) record.durationMs = duration
  if (revision !== '-' && revision !== '') record.commitId = revision
  if (status === 'OK') record.end = 'succeeded'
  else if (status === 'ERR') record.end = 'failed'
  else record.open = true
  return record
}
