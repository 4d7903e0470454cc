import type { Adapter, Part } from '../adapter.ts'
import type { ImportTarget } from '../db/database.ts'
import type { Fact } from '../fact/fact.ts'
import type { AddressSource } from '../source/source.ts'
import { ingest } from './ingest.ts'
import type { ImportSummary, IngestOptions } from './ingest.ts'
import type { GapGroup } from './counts.ts'

/**
 * Imports a source piece by piece, each all or nothing. What was imported before and has not changed is passed over, so
 * that an import that was broken off goes on where it was.
 * @returns `undefined` when nothing had changed
 */
export async function importParts(
  database: ImportTarget,
  adapter: Adapter,
  sources: readonly AddressSource[],
  request: {
    readonly own: unknown
    readonly ingest: IngestOptions
    watch(facts: AsyncIterable<Fact>): AsyncIterable<Fact>
  },
): Promise<ImportSummary | undefined> {
  let total: ImportSummary | undefined
  const { own, ingest: options } = request
  for (const source of sources) {
    const parts =
      adapter.parts?.(source, { own, ...(options.signal === undefined ? {} : { signal: options.signal }) }) ?? none()
    for await (const part of parts) {
      const before = await database.imports.lastReading(adapter.engine, part.place)
      const known = before?.fingerprint === part.fingerprint && before.adapterVersion === adapter.version
      if (known && options.strict !== true) continue
      const { place, fingerprint } = part
      const meta = { adapter: adapter.engine, adapterVersion: adapter.version, place, fingerprint: () => fingerprint }
      total = add(total, await ingest(database, request.watch(part.facts()), meta, options))
    }
  }
  return total
}

async function* none(): AsyncIterable<Part> {
  // An adapter without parts has none.
}

function add(a: ImportSummary | undefined, b: ImportSummary): ImportSummary {
  if (a === undefined) return b
  const counts: Record<string, number> = { ...a.counts }
  for (const [kind, count] of Object.entries(b.counts)) counts[kind] = (counts[kind] ?? 0) + count
  return {
    import: b.import,
    counts,
    added: a.added + b.added,
    changed: a.changed + b.changed,
    reconciled: a.reconciled + b.reconciled,
    ambiguous: a.ambiguous + b.ambiguous,
    gaps: addGaps(a.gaps, b.gaps),
  }
}

function addGaps(a: readonly GapGroup[], b: readonly GapGroup[]): GapGroup[] {
  const groups = new Map(a.map((group) => [group.code, group]))
  for (const group of b) {
    const before = groups.get(group.code)
    const count = group.count + (before?.count ?? 0)
    groups.set(group.code, { code: group.code, count, examples: before?.examples ?? group.examples })
  }
  return [...groups.values()]
}
