/**
 * Reads what Nextflow 20 to 26 leaves behind: traces, reports, history, cache, logs, work folders, lineage store.
 *
 * ```ts
 * import { openStemma } from 'stemma'
 * import nextflow from 'stemma/nextflow'
 *
 * const stemma = await openStemma({ database: 'file:lineage.db', create: true })
 * const outcome = await stemma.import(nextflow, '.', { timezone: 'Europe/Berlin' })
 * if (outcome.kind === 'imported') console.log(outcome.summary.counts)
 * await stemma.close()
 * ```
 *
 * @module
 */
import { z } from 'zod'
import { defineAdapter, FactStream, type Fact, type ReadOptions, type Source } from '../../core/adapter.ts'
import { detectNextflow } from './find/detect.ts'
import { groupSources } from './find/group-sources.ts'
import { listenNextflow } from './listen/command.ts'
import { readNextflow } from './read-nextflow.ts'

const Options = z.object({})

/** `stemma import nextflow <folder>`. */
export default defineAdapter({
  engine: 'nextflow',
  version: 5,
  options: Options,
  detect: detectNextflow,
  read: (sources, options) => new FactStream(readAll(sources, options)),
  commands: [listenNextflow],
})

async function* readAll(
  sources: readonly Source[],
  options: ReadOptions<z.infer<typeof Options>>,
): AsyncIterable<readonly Fact[]> {
  for (const group of await groupSources(sources)) yield* readNextflow(group, options).portions
}
