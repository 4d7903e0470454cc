import type { Adapter, ReadOptions } from '../adapter.ts'
import type { ImportTarget } from '../db/database.ts'
import type { Fact } from '../fact/fact.ts'
import { FactStream } from '../fact/fact-stream.ts'
import type { Hasher } from '../source/folder.ts'
import type { AddressSource, FileSource, Source } from '../source/source.ts'
import { notRecognised, placeName } from './detect-engines.ts'
import { hashOnDisk, type Seen } from './hash-on-disk.ts'
import { importParts } from './import-parts.ts'
import { ingest } from './ingest.ts'
import type { ImportSummary, IngestOptions } from './ingest.ts'
import { recordStore } from './record-store.ts'
import { Tally } from './tally.ts'

/** Leftovers of one engine, and how to read them. */
export interface ImportRequest {
  readonly adapter: Adapter
  readonly sources: readonly Source[]
  readonly hasher: Hasher
  /** The hash policy's name: facts depend on it. */
  readonly hash: string
  readonly timezone?: string | undefined
  /** The adapter's own options, parsed by it. */
  readonly own: unknown
  /** Where records of readings are kept; without it a source is read again each time. */
  readonly stemmaFolder?: string | undefined
  readonly ingest: IngestOptions
}

export type ImportOutcome =
  | {
      readonly kind: 'imported'
      readonly places: readonly string[]
      readonly summary: ImportSummary
      readonly tally: Tally
    }
  /** Nothing that the last import looked at has changed. */
  | { readonly kind: 'unchanged'; readonly places: readonly string[]; readonly import: string }

/** Reads leftovers, hashes what lies on disk and writes what they say: all or nothing. */
export async function importLeftovers(database: ImportTarget, request: ImportRequest): Promise<ImportOutcome> {
  const { adapter, sources } = request
  const places = sources.map(placeName)
  const addresses = sources.filter((source) => source.kind === 'address')
  if (adapter.parts !== undefined && addresses.length === sources.length) return byParts(database, request, addresses)
  const place = sources.map(({ uri }) => uri).join(' ')
  const conditions = JSON.stringify([adapter.version, request.hash, request.timezone ?? '', request.own ?? {}])
  const store = recordStore(request.stemmaFolder, `${adapter.engine}:${place}`)
  const before = await database.imports.lastReading(adapter.engine, place)
  const strict = request.ingest.strict === true // then gaps must be found again
  if (
    !strict &&
    before?.fingerprint !== undefined &&
    (await store?.isUnchanged(before.fingerprint, conditions)) === true
  ) {
    return { kind: 'unchanged', places, import: before.importUid }
  }
  const kept = store !== undefined && sources.every(isLocal) ? store.begin(conditions) : undefined
  const watched = kept === undefined ? sources : sources.filter(isLocal).map((source) => kept.record.watch(source))
  const tally = new Tally()
  const seen: Seen = (local) => kept?.record.seen(local)
  const facts = tally.watch(readLeftovers({ ...request, sources: watched }, seen))
  const fingerprint = kept === undefined ? {} : { fingerprint: () => kept.finish() }
  const meta = { adapter: adapter.engine, adapterVersion: adapter.version, place, ...fingerprint }
  try {
    return { kind: 'imported', places, summary: await ingest(database, facts, meta, request.ingest), tally }
  } finally {
    kept?.close()
  }
}

/** Sources that are imported piece by piece, each in a transaction of its own. */
async function byParts(
  database: ImportTarget,
  { adapter, own, ingest }: ImportRequest,
  sources: readonly AddressSource[],
): Promise<ImportOutcome> {
  const tally = new Tally()
  const summary = await importParts(database, adapter, sources, { own, ingest, watch: (facts) => tally.watch(facts) })
  const places = sources.map(placeName)
  return summary === undefined
    ? { kind: 'unchanged', places, import: '' }
    : { kind: 'imported', places, summary, tally }
}

/** To ask a bucket for all that it was asked before costs as much as to read it: there no record is kept. */
function isLocal(source: Source): source is FileSource {
  return source.kind === 'files' && source.localPath('') !== undefined
}

/** The adapter's facts. A source that it neither recognises nor finds anything in is not what it was named. */
export function readLeftovers(request: ImportRequest, seen?: Seen): FactStream {
  return new FactStream(readPortions(request, seen))
}

async function* readPortions(request: ImportRequest, seen: Seen | undefined): AsyncIterable<readonly Fact[]> {
  const { adapter, sources, hasher, timezone, ingest } = request
  const options: ReadOptions = {
    own: request.own,
    ...(timezone === undefined ? {} : { timezone }),
    ...(ingest.signal === undefined ? {} : { signal: ingest.signal }),
  }
  let something = false
  for await (const portion of hashOnDisk(adapter.read(sources, options), hasher, seen).portions) {
    ingest.signal?.throwIfAborted()
    something ||= portion.some(({ kind }) => kind !== 'gap' && kind !== 'root' && kind !== 'stream')
    yield portion
  }
  if (something) return
  for (const source of sources) if ((await adapter.detect(source)) === undefined) throw notRecognised(source, [adapter])
}
