import { setImmediate } from 'node:timers/promises'
import { isStemmaError } from '../../../core/adapter.ts'
import type { FileSource } from '../../../core/adapter.ts'
import { Marker } from '../schema.ts'
import { parseRecord } from './parse-record.ts'
import { readSmall } from './read-small.ts'
import type { IncompleteOutput, StoreItem } from './record.ts'
import { walkStore } from './walk-files.ts'

/** Files read before other work gets its turn: reading them is synchronous. */
const AT_ONCE = 500

/** The file store: `metadata/`, `incomplete/` and `locks/` below a `.snakemake` folder. */
export async function* readFileStore(source: FileSource, folder: string): AsyncIterable<StoreItem> {
  yield* tolerate(`${folder}/metadata`, readRecords(source, `${folder}/metadata`))
  yield* tolerate(`${folder}/incomplete`, readMarkers(source, `${folder}/incomplete`))
  yield* tolerate(`${folder}/locks`, readLocks(source, `${folder}/locks`))
}

/** A folder that may not be read is a gap; what lies beside it is read. */
async function* tolerate(place: string, items: AsyncIterable<StoreItem>): AsyncIterable<StoreItem> {
  try {
    yield* items
  } catch (error) {
    if (!isStemmaError(error)) throw error
    yield { kind: 'damaged', place, message: error.message }
  }
}

async function* readRecords(source: FileSource, folder: string): AsyncIterable<StoreItem> {
  let count = 0
  for await (const { target, place } of walkStore(source, folder)) {
    if (++count % AT_ONCE === 0) await setImmediate()
    if (target === undefined) {
      yield { kind: 'damaged', place, message: 'a file name that names no output' }
      continue
    }
    const file = await readSmall(source, place)
    if (file === undefined) yield { kind: 'damaged', place, message: 'a record that cannot be read' }
    else yield parseRecord(file.text, { target, place, writtenMs: file.modifiedMs })
  }
}

async function* readMarkers(source: FileSource, folder: string): AsyncIterable<StoreItem> {
  for await (const { target, place } of walkStore(source, folder)) {
    if (target === undefined) continue
    const file = await readSmall(source, place)
    yield { kind: 'incomplete', output: toIncomplete(target, file?.text, file?.modifiedMs) }
  }
}

function toIncomplete(target: string, text: string | undefined, startMs: number | undefined): IncompleteOutput {
  const externalJobId = externalIdIn(text ?? '')
  return {
    target,
    ...(startMs === undefined ? {} : { startMs }),
    ...(externalJobId === undefined ? {} : { externalJobId }),
  }
}

function externalIdIn(text: string): string | undefined {
  try {
    return Marker.safeParse(JSON.parse(text)).data?.external_jobid ?? undefined
  } catch {
    return undefined // an empty or half-written marker still marks
  }
}

async function* readLocks(source: FileSource, folder: string): AsyncIterable<StoreItem> {
  for await (const entry of source.list(folder)) {
    if (entry.type === 'file' && entry.name.endsWith('.lock')) yield { kind: 'lock', path: `${folder}/${entry.name}` }
  }
}
