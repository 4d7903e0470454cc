// A ladder of diamonds: from each rung two ways lead to the next, so there are 2^rungs ways from top to bottom.
import type { Database } from '../core/db/database.ts'
import type { Fact } from '../core/fact/fact.ts'
import { artifactUid, runUid, transformUid, type ArtifactUid } from '../core/fact/uid.ts'
import { fileUri } from '../core/fact/uri.ts'
import { ingest } from '../core/ingest/ingest.ts'

const transform = transformUid('bench', 'RUNG')

export interface Ladder {
  /** The last file. */
  readonly top: ArtifactUid
  /** Files and runs. */
  readonly nodes: number
}

/** Each diamond: a file, two runs that read it, a file of each, and a run that reads both and writes the next file. */
export async function writeLadder(database: Database, diamonds: number): Promise<Ladder> {
  await ingest(database, ladderFacts(diamonds), { adapter: 'bench', adapterVersion: 1, place: 'file:///bench' })
  return { top: fileAt(`rung-${String(diamonds)}`).uid, nodes: 1 + diamonds * 6 }
}

async function* ladderFacts(diamonds: number): AsyncGenerator<Fact> {
  yield { kind: 'transform', uid: transform, name: 'RUNG', type: 'process', engine: 'bench' }
  yield fileAt('rung-0')
  for (let rung = 0; rung < diamonds; rung++) {
    const below = `rung-${String(rung)}`
    for (const side of ['left', 'right']) yield* step(`${below}-${side}`, [below], `${below}-${side}`)
    yield* step(`${below}-join`, [`${below}-left`, `${below}-right`], `rung-${String(rung + 1)}`)
  }
  await Promise.resolve()
}

function* step(key: string, reads: readonly string[], writes: string): Generator<Fact> {
  const run = runUid('bench', key)
  yield { kind: 'run', uid: run, transform, engine: 'bench', key, name: key, outcome: 'succeeded' }
  yield fileAt(writes)
  for (const name of reads) yield { kind: 'consumed', run, artifact: fileAt(name).uid, evidence: 'recorded' }
  yield { kind: 'produced', run, artifact: fileAt(writes).uid, evidence: 'recorded' }
}

function fileAt(name: string): Extract<Fact, { kind: 'artifact' }> {
  const uri = fileUri(`/ladder/${name}`)
  return { kind: 'artifact', uid: artifactUid(uri), uri, type: 'file' }
}
