import { artifactUid, transformUid } from '../../core/adapter.ts'
import type { ArtifactUid, Fact, Reference, RunUid, TransformUid } from '../../core/adapter.ts'
import { ENGINE } from './keys.ts'

/** Makes facts in the order that the stream needs: what an edge or a run names comes before it, once. */
export class FactMaker {
  readonly #transforms = new Set<TransformUid>()
  readonly #artifacts = new Set<ArtifactUid>();

  *transform(type: 'workflow' | 'activity', name: string): Generator<Fact, TransformUid> {
    const uid = transformUid(ENGINE, `${type}:${name}`)
    if (!this.#transforms.has(uid)) {
      this.#transforms.add(uid)
      yield { kind: 'transform', uid, name, type, engine: ENGINE }
    }
    return uid
  }

  /** `run` read what `reference` names; with a digest that is one version of the place, else core finds which. */
  *consumed(run: RunUid, reference: Reference): Generator<Fact, void> {
    const { digest } = reference
    const version = digest === undefined ? undefined : `${digest.algorithm}:${digest.value}`
    const artifact = yield* this.#artifact(reference, version)
    yield { kind: 'consumed', run, artifact, ...edgeOf(reference, 'argument') }
  }

  /** `run`, whose natural key is the version, wrote what `reference` names. */
  *produced(run: RunUid, naturalKey: string, reference: Reference): Generator<Fact, void> {
    const artifact = yield* this.#artifact(reference, naturalKey)
    yield { kind: 'produced', run, artifact, ...edgeOf(reference, 'result') }
  }

  *#artifact(reference: Reference, version: string | undefined): Generator<Fact, ArtifactUid> {
    const { uri, type, digest, sizeBytes } = reference
    const uid = artifactUid(uri, version)
    if (!this.#artifacts.has(uid)) {
      this.#artifacts.add(uid)
      const known = version !== undefined && digest !== undefined
      const size = version !== undefined && sizeBytes !== undefined ? { sizeBytes } : {}
      yield { kind: 'artifact', uid, uri, type, ...size, ...(known ? { digests: [digest] } : {}) }
    }
    return uid
  }
}

/** A declared reference is the user's own word, kept by the engine; a text that looks like a path is a conclusion. */
function edgeOf(
  reference: Reference,
  place: 'argument' | 'result',
): { role: string; evidence: 'recorded' | 'inferred'; method?: string } {
  const role = reference.role.slice(0, 1000)
  return reference.declared
    ? { role, evidence: 'recorded' }
    : { role, evidence: 'inferred', method: `path in ${place}` }
}
