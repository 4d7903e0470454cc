import { isStemmaError, type FileSource } from '../../../core/adapter.ts'
import { Gaps } from '../gaps.ts'
import type { ReadGap } from '../records.ts'
import { parseTraceDate } from '../trace/date.ts'
import { parseLid } from './lid.ts'
import type { LineageHistory, LineageRecord } from './lineage-record.ts'
import { parseRecord } from './parse-record.ts'

const MOST_RECORD_BYTES = 64 << 20
const MOST_HISTORY_BYTES = 65_536
const MOST_DEPTH = 64
const DATA = '.data.json'

/**
 * Reads all records of a lineage store (`.lineage`), in the order of their keys: first the store's history, then each
 * key's own record before those of the files below it. References to records that are not there are normal.
 */
export async function* readLineage(source: FileSource, store: string): AsyncIterable<LineageRecord | ReadGap> {
  const reader = new StoreReader(source, store)
  yield* reader.history()
  for await (const entry of source.list(store)) {
    const parts = /^([0-9a-f]{32})(#\w+)?$/.exec(entry.name)
    const key = parts?.[1]
    if (entry.type === 'folder' && key !== undefined) yield* reader.records(`${store}/${entry.name}`, key, '', 0)
    yield* reader.gaps.take()
  }
  yield* reader.gaps.finish()
}

/** One record by its key: a task's or run's own, or with a path below it that of a file. Undefined: it has none. */
export async function readLineageRecord(
  source: FileSource,
  store: string,
  key: string,
  relative = '',
): Promise<LineageRecord | ReadGap | undefined> {
  const place = `${store}/${key}${relative === '' ? '' : `/${relative}`}/${DATA}`
  const text = await source.readText(place, MOST_RECORD_BYTES).catch(swallowTooLarge)
  const parsed =
    text === undefined ? undefined : parseRecord(parseJson(text), { place, key: key.slice(0, 32), relative })
  return typeof parsed === 'string' ? { kind: 'gap', code: 'lineage.damaged-record', place, message: parsed } : parsed
}

class StoreReader {
  readonly gaps: Gaps
  readonly #source: FileSource
  readonly #store: string

  constructor(source: FileSource, store: string) {
    this.#source = source
    this.#store = store
    this.gaps = new Gaps(store)
  }

  async *history(): AsyncIterable<LineageRecord> {
    const folder = `${this.#store}/.history`
    for await (const entry of this.#source.list(folder)) {
      if (entry.type !== 'file') continue
      const place = `${folder}/${entry.name}`
      const text = await this.#source.readText(place, MOST_HISTORY_BYTES).catch(swallowTooLarge)
      for (const line of (text ?? '').split('\n')) {
        const record = parseHistoryLine(line, place)
        if (record !== undefined) yield record
        else if (line.trim() !== '')
          this.gaps.add('lineage.damaged-history', `/.history/${entry.name}`, 'not a line of history')
      }
    }
  }

  async *records(folder: string, key: string, relative: string, depth: number): AsyncIterable<LineageRecord> {
    const folders: string[] = []
    for await (const entry of this.#source.list(folder)) {
      if (entry.type === 'folder') folders.push(entry.name)
      else if (entry.name === DATA) {
        const record = await this.#read({ place: `${folder}/${DATA}`, key, relative })
        if (record !== undefined) yield record
      }
    }
    if (depth >= MOST_DEPTH) return
    for (const name of folders) {
      yield* this.records(`${folder}/${name}`, key, relative === '' ? name : `${relative}/${name}`, depth + 1)
    }
  }

  async #read(address: { place: string; key: string; relative: string }): Promise<LineageRecord | undefined> {
    const text = await this.#source.readText(address.place, MOST_RECORD_BYTES).catch(swallowTooLarge)
    const parsed = text === undefined ? 'cannot be read' : parseRecord(parseJson(text), address)
    if (typeof parsed !== 'string') return parsed
    this.gaps.add('lineage.damaged-record', address.place.slice(this.#store.length), parsed)
    return undefined
  }
}

/** `2026-11-24 07:29:27 UTC<TAB>run name<TAB>session<TAB>lid://key`. */
function parseHistoryLine(line: string, place: string): LineageHistory | undefined {
  const [time = '', runName, sessionId, lid = ''] = line.split('\t')
  if (runName === undefined || sessionId === undefined) return undefined
  const [, local = '', zone] = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?: (\S{1,32}))?$/.exec(time) ?? []
  const date = parseTraceDate(local)
  const ref = parseLid(lid.trim())
  return {
    kind: 'lineage',
    record: 'history',
    place,
    runName,
    sessionId,
    timesAreLocal: zone !== 'UTC' && zone !== 'GMT' && zone !== 'Z',
    ...(date === undefined ? {} : { startMs: date.ms }),
    ...(zone === undefined ? {} : { zoneAbbreviation: zone }),
    ...(ref !== undefined && 'key' in ref ? { key: ref.key } : {}),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // the caller reports a record that is none
  }
}

/** A file that is too large or cannot be read is a gap of its own; everything else is a defect. */
function swallowTooLarge(error: unknown): undefined {
  if (isStemmaError(error) && error.code.startsWith('source.')) return undefined
  throw error
}
