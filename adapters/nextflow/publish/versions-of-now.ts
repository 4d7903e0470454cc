import type { AmbiguousFact, ArtifactUid, Digest, Fact, Stat } from '../../../core/adapter.ts'
import { artifactFact } from '../facts/artifact.ts'
import type { Candidate } from './output-book.ts'

/** A file whose bytes several tasks left. */
export interface Undecided<Source extends { readonly path: string } = Candidate> {
  readonly path: string
  readonly stat: Stat
  readonly match: { readonly candidates: readonly Source[]; readonly digest?: Digest }
  /** Written after somebody read what lay there before. */
  readonly isNewer: boolean
  readonly why?: string
}

const SAME_BYTES = 'several tasks left a file with the same bytes; nothing says which one was published here'

/** Published, and written to by somebody since: the bytes of now are a version of which only the digest is known. */
export function* changedFacts(path: string, stat: Stat, digest: Digest | undefined): Iterable<Fact> {
  const message = 'the file was published and holds other bytes now'
  yield { kind: 'gap', code: 'published.changed-since', place: path, message }
  const fact = artifactFact(path, { version: seenVersion(stat, digest), stat, ...digestOf(digest) })
  if (fact !== undefined) yield fact
}

export function* ambiguousFacts({
  path,
  stat,
  match,
  isNewer,
  why = SAME_BYTES,
}: Undecided<{ readonly path: string }>): Iterable<Fact> {
  const version = isNewer ? { version: seenVersion(stat, match.digest) } : {}
  const fact = artifactFact(path, { ...version, stat, ...digestOf(match.digest) })
  if (fact === undefined) return
  yield fact
  const candidates: ArtifactUid[] = []
  for (const { path: from } of match.candidates.slice(0, 1000)) {
    const candidate = artifactFact(from)
    if (candidate === undefined) continue
    yield candidate
    candidates.push(candidate.uid)
  }
  yield { kind: 'ambiguous', subject: fact.uid, relation: 'copied', candidates, why } satisfies AmbiguousFact
}

/** A version of which only the bytes are known. */
function seenVersion(stat: Stat, digest: Digest | undefined): string {
  return `seen:${digest?.value ?? String(stat.sizeBytes)}`
}

export function digestOf(digest: Digest | undefined): { digest?: Digest } {
  return digest === undefined ? {} : { digest }
}
