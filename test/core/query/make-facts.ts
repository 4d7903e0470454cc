// Hand-made facts: short names become uids, times are minutes of one day.
import type {
  ArtifactFact,
  ConsumedFact,
  CopiedFact,
  Fact,
  ProducedFact,
  RunFact,
  TransformFact,
} from '../../../core/fact/fact.ts'
import { type ArtifactUid, artifactUid, runUid, transformUid } from '../../../core/fact/uid.ts'
import { fileUri } from '../../../core/fact/uri.ts'

export const stream: Fact = { kind: 'stream', format: 'stemma-facts', version: 1 }

export function minute(minutes: number): string {
  return new Date(Date.UTC(2026, 10, 24, 7, minutes)).toISOString()
}

export function transform(name: string, more: Partial<TransformFact> = {}): TransformFact {
  return { kind: 'transform', uid: transformUid('test', name), name, type: 'process', engine: 'test', ...more }
}

export function run(name: string, more: Partial<RunFact> = {}): RunFact {
  return {
    kind: 'run',
    uid: runUid('test', name),
    transform: transformUid('test', 'STEP'),
    engine: 'test',
    key: `key/${name}`,
    name,
    outcome: 'succeeded',
    ...more,
  }
}

export function artifact(path: string, version?: string, more: Partial<ArtifactFact> = {}): ArtifactFact {
  const uri = fileUri(path)
  return { kind: 'artifact', uid: artifactUid(uri, version), uri, type: 'file', ...more }
}

export function consumed(by: RunFact, what: ArtifactFact, role?: string): ConsumedFact {
  return {
    kind: 'consumed',
    run: by.uid,
    artifact: what.uid,
    evidence: 'recorded',
    ...(role === undefined ? {} : { role }),
  }
}

export function produced(by: RunFact, what: ArtifactFact, role?: string): ProducedFact {
  return {
    kind: 'produced',
    run: by.uid,
    artifact: what.uid,
    evidence: 'recorded',
    ...(role === undefined ? {} : { role }),
  }
}

export function copied(from: ArtifactFact, to: ArtifactFact, method: CopiedFact['method'] = 'copy'): CopiedFact {
  return { kind: 'copied', from: from.uid, to: to.uid, method, evidence: 'recorded' }
}

/** Facts in the order that a stream wants: definitions before uses. */
export function ordered(facts: readonly Fact[]): Fact[] {
  const kinds = ['stream', 'transform', 'run', 'artifact', 'consumed', 'produced', 'copied', 'ambiguous', 'gap', 'root']
  return [...facts].sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind))
}

export function uidsOf(things: readonly { readonly uid: string }[]): string[] {
  return things.map((thing) => thing.uid).sort()
}

export type { ArtifactUid }
