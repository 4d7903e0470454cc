import type { ImportTarget } from '../db/database.ts'
import type { Fact } from '../fact/fact.ts'
import { readFacts } from '../fact/ndjson.ts'
import type { FileSource } from '../source/source.ts'
import { placeName } from './detect-engines.ts'
import { ingest, type ImportSummary, type IngestOptions } from './ingest.ts'
import type { Tally } from './tally.ts'

/** The adapter's name in imports of saved fact streams. */
const ADAPTER = 'facts'
/** Raised when the same stream would be taken in differently. */
const ADAPTER_VERSION = 1

/** The facts of a saved stream, checked. */
export function readFactsFrom(source: FileSource): AsyncIterable<Fact> {
  return readFacts(source.open(''), placeName(source))
}

/** Takes back what `export --format ndjson` wrote: all or nothing. */
export async function importFacts(
  database: ImportTarget,
  source: FileSource,
  tally: Tally,
  options: IngestOptions,
): Promise<ImportSummary> {
  const meta = { adapter: ADAPTER, adapterVersion: ADAPTER_VERSION, place: source.uri }
  return ingest(database, tally.watch(readFactsFrom(source)), meta, options)
}
