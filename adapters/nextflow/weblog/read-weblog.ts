import type { FileSource } from '../../../core/adapter.ts'
import { Gaps } from '../gaps.ts'
import { readLines } from '../lines.ts'
import { toNativeRunRecord } from '../native-run.ts'
import { toNativeTaskRecord } from '../native-record.ts'
import type { Origin, ReadGap, RunRecord, TaskRecord } from '../records.ts'
import { WeblogEvent } from '../schema.ts'

/** One posted event. A run that was killed just stops: no event says so. */
export interface WeblogRecord {
  readonly kind: 'weblog'
  readonly event: string
  readonly runName: string
  /** The same for all runs of a resume chain. */
  readonly sessionId: string
  /** When it was sent, to the second. */
  readonly sentMs?: number
  /** Of task events (`process_submitted`, `process_started`, `process_completed`, sometimes `error`). */
  readonly task?: TaskRecord
  /** Of `started` and `completed`; its params are whole only in the latter. */
  readonly run?: RunRecord
}

/**
 * Reads events as they were posted, one a line. Lines may repeat, come out of order between runs, and lack any event:
 * delivery has neither retries nor a promise.
 */
export async function* readWeblog(source: FileSource, path: string): AsyncIterable<WeblogRecord | ReadGap> {
  const gaps = new Gaps(path)
  let number = 0
  for await (const lines of readLines(source.open(path))) {
    for (const line of lines) {
      number++
      if (line.text.trim() === '') continue
      const record = parseWeblogEvent(parseJson(line.text), { source: 'weblog', path, line: number })
      if (record !== undefined) yield record
      else if (line.open) gaps.add('weblog.cut-line', `:${number}`, 'the last event is cut off')
      else gaps.add('weblog.unreadable-event', `:${number}`, 'not an event as Nextflow posts them')
    }
    yield* gaps.take()
  }
  yield* gaps.finish()
}

/** One event's body. `undefined`: it is none. */
export function parseWeblogEvent(json: unknown, origin: Origin): WeblogRecord | undefined {
  const parsed = WeblogEvent.safeParse(json)
  if (!parsed.success) return undefined
  const { event, runName, runId, utcTime, trace, metadata } = parsed.data
  const sentMs = Date.parse(utcTime ?? '')
  const task = trace === null || trace === undefined ? undefined : toNativeTaskRecord(Object.entries(trace), origin)
  const run = metadata === null || metadata === undefined ? undefined : toRun(parsed.data, origin)
  return {
    kind: 'weblog',
    event,
    runName,
    sessionId: runId,
    ...(Number.isNaN(sentMs) ? {} : { sentMs }),
    ...(task === undefined ? {} : { task }),
    ...(run === undefined ? {} : { run }),
  }
}

function toRun({ event, runName, runId, metadata }: WeblogEvent, origin: Origin): RunRecord {
  const run = toNativeRunRecord(metadata?.workflow ?? {}, origin, event === 'completed' ? 'end' : 'start')
  run.runName = runName
  run.sessionId = runId
  const params = metadata?.parameters ?? metadata?.params
  if (params !== null && params !== undefined) run.params = params
  return run
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // the caller reports the line
  }
}
