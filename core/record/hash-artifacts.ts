import type { Digest } from '../fact/digest.ts'
import type { ConsumedFact, Fact, ProducedFact } from '../fact/fact.ts'
import { artifactUid } from '../fact/uid.ts'
import type { RunUid } from '../fact/uid.ts'
import { filePath } from '../fact/uri.ts'
import { sha256OfFile } from './digest-file.ts'
import { KnownDigests } from './known-digests.ts'
import type { Ending } from './recorder.ts'
import { sameTrace, traceOf } from './touched.ts'
import type { Place, Touched } from './touched.ts'

/** Larger files are recorded by size and time only, unless all are to be hashed. */
const SMALL_BYTES = 64 * 1024 * 1024

export type RecordHash = 'none' | 'small' | 'all'

/** The edges of a run that ends now: at once without digests, and with them when they have been computed. */
export function endingOf(run: RunUid, naturalKey: string, touched: Touched, hash: RecordHash): Ending {
  for (const place of touched.outputs.values()) place.trace = traceOf(place.uri)
  const places = [...touched.inputs.values(), ...touched.outputs.values()]
  const wanted = places.some((place) => isHashed(place, hash))
  const facts = edges(run, naturalKey, touched, new Map())
  return { facts, better: wanted ? withDigests(run, naturalKey, touched, hash) : undefined }
}

async function withDigests(
  run: RunUid,
  naturalKey: string,
  touched: Touched,
  hash: RecordHash,
): Promise<readonly Fact[]> {
  const digests = new Map<Place, Digest>()
  for (const place of [...touched.inputs.values(), ...touched.outputs.values()]) {
    const digest = isHashed(place, hash) ? await digestFile(place) : undefined
    if (digest !== undefined) digests.set(place, digest)
  }
  return edges(run, naturalKey, touched, digests)
}

function isHashed(place: Place, hash: RecordHash): boolean {
  if (hash === 'none' || place.trace?.type !== 'file' || place.digest !== undefined) return false
  return hash === 'all' || place.trace.sizeBytes <= SMALL_BYTES
}

const known = new KnownDigests()

/** The digest of what was there when the run named it; `undefined` when it has changed since. */
async function digestFile(place: Place): Promise<Digest | undefined> {
  const path = filePath(place.uri)
  const { uri, trace } = place
  if (path === undefined || trace === undefined || !sameTrace(trace, traceOf(uri))) return undefined
  const before = known.find(uri, trace)
  if (before !== undefined) return observed(before)
  try {
    const began = Date.now()
    const value = await sha256OfFile(path)
    if (!sameTrace(trace, traceOf(uri))) return undefined
    known.remember(uri, trace, began, value)
    return observed(value)
  } catch {
    return undefined // removed or unreadable by now: the edge stands, without a digest
  }
}

function observed(value: string): Digest {
  return { algorithm: 'sha256', value, scope: 'full', evidence: 'observed' }
}

function edges(run: RunUid, naturalKey: string, touched: Touched, digests: ReadonlyMap<Place, Digest>): Fact[] {
  const facts: Fact[] = []
  for (const place of touched.inputs.values()) {
    const digest = place.digest ?? digests.get(place)
    facts.push(...edge('consumed', run, place, digest, digest === undefined ? undefined : `sha256:${digest.value}`))
  }
  for (const place of touched.outputs.values()) {
    facts.push(...edge('produced', run, place, place.digest ?? digests.get(place), naturalKey))
  }
  return facts
}

function edge(
  kind: 'consumed' | 'produced',
  run: RunUid,
  place: Place,
  digest: Digest | undefined,
  version: string | undefined,
): [Fact, ConsumedFact | ProducedFact] {
  const uid = artifactUid(place.uri, version)
  const { trace } = place
  const sizeBytes = trace?.type === 'file' ? trace.sizeBytes : place.sizeBytes
  const stated = version !== undefined
  const artifact: Fact = {
    kind: 'artifact',
    uid,
    uri: place.uri,
    type: trace?.type ?? (place.uri.startsWith('file:') ? 'file' : 'object'),
    ...(stated && sizeBytes !== undefined ? { sizeBytes } : {}),
    ...(stated && trace !== undefined ? { modifiedAt: new Date(trace.modifiedMs).toISOString() } : {}),
    ...(stated && digest !== undefined ? { digests: [digest] } : {}),
  }
  const { role, evidence, method } = place
  return [artifact, { kind, run, artifact: uid, role, evidence, ...(method === undefined ? {} : { method }) }]
}
