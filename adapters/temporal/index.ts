/**
 * Temporal histories after the fact: `stemma import temporal <history.json…|folder>`, in every encoding that the CLI, the web
 * UI, the HTTP API, the SDKs and Cloud Export write, without any package of Temporal. `temporalPlugin` records workers while
 * they run.
 *
 * ```ts
 * import { openStemma } from 'stemma'
 * import temporal from 'stemma/temporal'
 *
 * const stemma = await openStemma({ database: 'file:lineage.db', create: true })
 * await stemma.import(temporal, 'source', { own: { namespace: 'default' } })
 * for await (const run of stemma.eachRun({ top: true })) console.log(run.name, run.outcome)
 * await stemma.close()
 * ```
 *
 * @module
 */
import { defineAdapter } from '../../core/adapter.ts'
import type { Adapter, Detection, Source } from '../../core/adapter.ts'
import { TemporalOptions } from './history/options.ts'
import { readPieces } from './history/pieces.ts'
import { historyFiles, readHistoryFile } from './history/read-files.ts'
import { isStandalone } from './history/standalone.ts'
import { ENGINE } from './keys.ts'
import { serverParts } from './server/parts.ts'

export { temporalPlugin } from './live/plugin.ts'
export type { TemporalPlugin, TemporalPluginOptions } from './live/plugin.ts'

/** Files of a folder that are looked into before it is said to hold no histories. */
const FILES_LOOKED_AT = 20

const temporal: Adapter<TemporalOptions> = defineAdapter({
  engine: ENGINE,
  version: 1,
  options: TemporalOptions,
  flags: [
    { flags: '--namespace <name>', summary: 'namespace of the histories (they do not name it)' },
    { flags: '--workflow-id <id>', summary: 'workflow id, for histories of old servers that lack it' },
    { flags: '--values', summary: 'keep argument and result values, redacted; default: digest and size' },
    { flags: '--address <host:port>', summary: 'import from a server instead of files' },
    { flags: '--query <filter>', summary: 'which executions of the server: CloseTime > "2026-01-01T00:00:00Z"' },
    { flags: '--tls', summary: 'connect with TLS' },
    { flags: '--api-key <key>', summary: 'key for Temporal Cloud; better: TEMPORAL_API_KEY' },
  ],
  detect,
  async *read(sources, { own, signal }) {
    const seen = new Map<string, number>()
    for (const source of sources) {
      if (source.kind === 'files') {
        for await (const path of historyFiles(source)) yield* readHistoryFile(source, path, own, seen)
      } else for await (const part of serverParts(source, own, signal)) yield* part.facts()
    }
  },
  parts: (source, { own, signal }) => serverParts(source, own, signal),
})
export default temporal

async function detect(source: Source): Promise<Detection | undefined> {
  if (source.kind === 'address') {
    const known = source.address.startsWith('temporal://')
    return known ? { engine: ENGINE, confidence: 1, because: 'address of a Temporal server' } : undefined
  }
  let left = FILES_LOOKED_AT
  for await (const path of historyFiles(source)) {
    if (left-- <= 0) return undefined
    for await (const piece of readPieces(source, path)) {
      const known = piece.kind === 'event' || (piece.kind === 'object' && isStandalone(piece.value))
      if (known) return { engine: ENGINE, confidence: 1, because: path === '' ? 'workflow history' : path }
      if (piece.kind === 'object') break
    }
  }
  return undefined
}
