import type { FileSource } from '../../../core/adapter.ts'
import { Gaps } from '../gaps.ts'
import type { ReadGap, RunRecord, TaskRecord } from '../records.ts'
import { DataObjects, parseDataObject } from './data-objects.ts'

/**
 * Reads an `execution_timeline.html`: the run's exact times and, by task name only, those of its tasks. It has no hashes,
 * so it can only complete what is known otherwise.
 */
export async function* readTimeline(source: FileSource, path: string): AsyncIterable<RunRecord | TaskRecord | ReadGap> {
  const gaps = new Gaps(path)
  const objects = new DataObjects('processes')
  const decoder = new TextDecoder()
  let hasRun = false
  let row = 0
  for await (const bytes of source.open(path)) {
    const found = objects.add(decoder.decode(bytes, { stream: true }))
    if (!hasRun && objects.head !== '') {
      hasRun = true
      yield toRun(objects.head, path)
    }
    for (const text of found) {
      const task = toTask(parseDataObject(text.replace(COLOURS, '')), path, ++row)
      if (task === undefined) gaps.add('timeline.damaged-row', `#${row}`, 'a task of the timeline cannot be read')
      else yield task
    }
    if (objects.state === 'done') break
  }
  if (objects.state !== 'done') gaps.add('timeline.cut', '', 'the timeline is cut off, or not a timeline')
  yield* gaps.finish()
}

/** Up to 21 each span names its colour by a function call. */
const COLOURS = /,\s?"color":\s?c[012]\(\d{1,6}\)/g

function toRun(head: string, path: string): RunRecord {
  const record: RunRecord = { kind: 'run', origin: { source: 'timeline', path } }
  const start = /beginningMillis"?\s?[:=]\s?(\d{12,13})/.exec(head)?.[1]
  const end = /endingMillis"?\s?[:=]\s?(\d{12,13})/.exec(head)?.[1]
  if (start !== undefined) record.startMs = Number(start)
  if (end !== undefined) record.completeMs = Number(end)
  return record
}

/** `times`: from submission, from the start, and to the end of the task (a cached task has its old ones or none). */
function toTask(fields: Record<string, unknown> | undefined, path: string, row: number): TaskRecord | undefined {
  const { label, cached, times } = fields ?? {}
  if (typeof label !== 'string') return undefined
  const record: TaskRecord = { kind: 'task', origin: { source: 'timeline', path, line: row }, name: label }
  const [waiting, running] = Array.isArray(times) ? times.map(spanOf) : []
  if (cached === true || running?.isCached === true) record.status = 'CACHED'
  if (waiting?.start !== undefined) record.submitMs = waiting.start
  if (running?.start !== undefined) record.startMs = running.start
  if (running?.end !== undefined) record.completeMs = running.end
  return record
}

interface Span {
  readonly start?: number
  readonly end?: number
  /** Up to 21 only the label says so. */
  readonly isCached: boolean
}

function spanOf(value: unknown): Span {
  if (typeof value !== 'object' || value === null) return { isCached: false }
  const start: unknown = 'starting_time' in value ? value.starting_time : undefined
  const end: unknown = 'ending_time' in value ? value.ending_time : undefined
  const label: unknown = 'label' in value ? value.label : undefined
  return {
    isCached: typeof label === 'string' && label.endsWith('/ CACHED'),
    ...(typeof start === 'number' ? { start } : {}),
    ...(typeof end === 'number' ? { end } : {}),
  }
}
