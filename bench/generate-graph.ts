// A database of a million artifacts, written below the ingest: what is measured is reading.
import type { Database } from '../core/db/database.ts'
import { artifactRow, consumedRow, producedRow, runRow, transformRow } from '../core/db/row.ts'
import { tables } from '../core/db/table.ts'
import type { Row, Writer } from '../core/db/writer.ts'
import { artifactUid, runUid, transformUid, type ArtifactUid } from '../core/fact/uid.ts'
import { fileUri, type Uri } from '../core/fact/uri.ts'

const BATCH = 10_000
const transform = transformUid('bench', 'STEP')

export interface GraphSize {
  readonly layers: number
  readonly width: number
}

/** The artifact in one place of the grid. */
export function artifactAt(layer: number, at: number): { readonly uid: ArtifactUid; readonly uri: Uri } {
  const uri = fileUri(`/data/work/${String(layer)}/${String(at)}/result.txt`)
  return { uid: artifactUid(uri), uri }
}

/**
 * Layers of files; each run reads two of the layer before (its own column and any other) and writes one, so that a few
 * layers up everything is above everything. The first layer is read only.
 */
export async function generateGraph(database: Database, size: GraphSize): Promise<void> {
  await database.write(async (writer) => {
    await writer.insert(tables.transform, [
      transformRow({ kind: 'transform', uid: transform, name: 'STEP', type: 'process', engine: 'bench' }),
    ])
    for (let layer = 0; layer < size.layers; layer++) {
      for (let from = 0; from < size.width; from += BATCH) {
        await writeBatch(writer, layer, from, Math.min(from + BATCH, size.width), size)
      }
    }
  })
}

async function writeBatch(writer: Writer, layer: number, from: number, to: number, size: GraphSize): Promise<void> {
  const [runs, artifacts, consumed, produced]: [Row[], Row[], Row[], Row[]] = [[], [], [], []]
  for (let at = from; at < to; at++) {
    const made = artifactAt(layer, at)
    artifacts.push(artifactRow({ kind: 'artifact', ...made, type: 'file' }))
    if (layer === 0) continue
    const uid = runUid('bench', `${String(layer)}/${String(at)}`)
    const startedAt = new Date(Date.UTC(2026, 0, 1) + (layer * size.width + at) * 1000).toISOString()
    const name = `STEP (${String(at)})`
    const key = `${String(layer)}/${String(at)}`
    runs.push(runRow({ kind: 'run', uid, transform, engine: 'bench', key, name, outcome: 'succeeded', startedAt }))
    const edge = { run: uid, evidence: 'recorded' } as const
    const parents = new Set([at, anyColumn(layer, at, size.width)])
    for (const column of parents) {
      consumed.push(consumedRow({ kind: 'consumed', ...edge, artifact: artifactAt(layer - 1, column).uid }))
    }
    produced.push(producedRow({ kind: 'produced', ...edge, artifact: made.uid }))
  }
  await writer.insert(tables.run, runs)
  await writer.insert(tables.artifact, artifacts)
  await writer.insert(tables.consumed, consumed)
  await writer.insert(tables.produced, produced)
}

/** Random enough, and the same in every run of the benchmark. */
function anyColumn(layer: number, at: number, width: number): number {
  let hash = Math.imul(layer + 1, 0x9e37_79b1) ^ Math.imul(at + 1, 0x85eb_ca6b)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b_3c6d)
  return ((hash ^ (hash >>> 12)) >>> 0) % width
}
