// Facts for tests of the core: short to write, with uids from names.
import type {
  ArtifactFact, ConsumedFact, CopiedFact, Fact, ProducedFact, RunFact, TransformFact,
} from '../../core/fact/fact.ts' // prettier-ignore
import { artifactUid, runUid, transformUid } from '../../core/fact/uid.ts'
import { fileUri } from '../../core/fact/uri.ts'

export async function* stream(facts: Iterable<Fact>): AsyncIterable<Fact> {
  await Promise.resolve()
  yield* facts
}

export function transform(name: string, more: Partial<TransformFact> = {}): TransformFact {
  return { kind: 'transform', uid: transformUid('test', name), name, type: 'process', engine: 'test', ...more }
}

/** A run of the transform `T`; times are seconds. */
export function run(name: string, times: readonly [number?, number?] = [], more: Partial<RunFact> = {}): RunFact {
  const [started, ended] = times
  return {
    kind: 'run',
    uid: runUid('test', name),
    transform: transformUid('test', 'T'),
    engine: 'test',
    key: name,
    name,
    outcome: 'succeeded',
    ...(started === undefined ? {} : { startedAt: new Date(started * 1000).toISOString() }),
    ...(ended === undefined ? {} : { endedAt: new Date(ended * 1000).toISOString() }),
    ...more,
  }
}

export function artifact(path: string, version?: string, more: Partial<ArtifactFact> = {}): ArtifactFact {
  const uri = fileUri(path)
  return { kind: 'artifact', uid: artifactUid(uri, version), uri, type: 'file', ...more }
}

export function consumed(of: RunFact, what: ArtifactFact, more: Partial<ConsumedFact> = {}): ConsumedFact {
  return { kind: 'consumed', run: of.uid, artifact: what.uid, evidence: 'recorded', ...more }
}

export function produced(of: RunFact, what: ArtifactFact, more: Partial<ProducedFact> = {}): ProducedFact {
  return { kind: 'produced', run: of.uid, artifact: what.uid, evidence: 'recorded', ...more }
}

export function copied(from: ArtifactFact, to: ArtifactFact, more: Partial<CopiedFact> = {}): CopiedFact {
  return { kind: 'copied', from: from.uid, to: to.uid, method: 'copy', evidence: 'recorded', ...more }
}
