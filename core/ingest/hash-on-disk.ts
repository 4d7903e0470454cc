import type { Digest } from '../fact/digest.ts'
import type { ArtifactFact, Fact, RunFact } from '../fact/fact.ts'
import { FactStream, portionsOf } from '../fact/fact-stream.ts'
import { toIso } from '../fact/time.ts'
import { artifactStem, UNSTATED_VERSION } from '../fact/uid.ts'
import { filePath } from '../fact/uri.ts'
import { goOn, type Answer } from '../source/answer.ts'
import type { Hasher } from '../source/folder.ts'
import { AT_ONCE_BYTES } from '../source/hasher.ts'
import { statLocal } from '../source/local-file.ts'
import type { Stat } from '../source/source.ts'

/** Facts that wait in line while files are hashed, and files that are looked at together; the order stays. */
const LOOK_AHEAD = 64
/** Files of which it is remembered what they are. */
const MOST_RECENT = 1_000

/**
 * Adds a digest to artifacts that lie on this disk and have none: inputs that the adapter knows by name only. It is
 * added only when the bytes of today are those that the fact means: size and time are as stated, or the place has no
 * stated version and was last written before the execution that names it began.
 */
export function hashOnDisk(facts: AsyncIterable<Fact>, hasher: Hasher, seen?: Seen): FactStream {
  return new FactStream(hashPortions(portionsOf(facts), new RecentFiles(hasher, seen)))
}

/** What was seen at a local path a moment ago: then it need not be looked at again before it is hashed. */
export type Seen = (localPath: string) => Stat | undefined

async function* hashPortions(
  portions: AsyncIterable<readonly Fact[]>,
  disk: RecentFiles,
): AsyncIterable<readonly Fact[]> {
  const roots: { was: string; now: string }[] = []
  let begun: number | undefined
  let line: Fact[] = []
  let hashing: Promise<void>[] = []
  for await (const portion of portions) {
    for (const fact of portion) {
      if (fact.kind === 'root') roots.push(fact)
      else if (fact.kind === 'run') begun = earliest(begun, fact)
      const isBare = fact.kind === 'artifact' && fact.type === 'file' && !hasFullDigest(fact)
      const hashed = isBare ? withDigest(fact, todaysPath(fact.uri, roots), begun, disk) : fact
      const at = line.push(fact) - 1
      if (hashed instanceof Promise) hashing.push(hashed.then(replaceIn(line, at)))
      else line[at] = hashed
      if (hashing.length < LOOK_AHEAD) continue
      await Promise.all(hashing)
      hashing = []
    }
    if (line.length < LOOK_AHEAD) continue
    await Promise.all(hashing)
    yield line
    line = []
    hashing = []
  }
  await Promise.all(hashing)
  yield line
}

function replaceIn(line: Fact[], at: number): (fact: Fact) => void {
  return (fact) => {
    line[at] = fact
  }
}

/** When the execution began that is being told: no member of it can have read a file that was written later. */
function earliest(begun: number | undefined, run: RunFact): number | undefined {
  const started = run.startedAt === undefined ? undefined : Date.parse(run.startedAt)
  if (run.parent === undefined) return started
  return started === undefined || begun === undefined ? (begun ?? started) : Math.min(begun, started)
}

function hasFullDigest(artifact: ArtifactFact): boolean {
  return artifact.digests?.some(({ scope, algorithm }) => scope === 'full' && algorithm === 'sha256') ?? false
}

function todaysPath(uri: string, roots: readonly { readonly was: string; readonly now: string }[]): string | undefined {
  let best = { was: '', now: '' }
  for (const root of roots) if (isBelow(uri, root.was) && root.was.length > best.was.length) best = root
  try {
    return filePath(best.now + uri.slice(best.was.length))
  } catch {
    return undefined // not percent-encoded as it should be: no such file
  }
}

function isBelow(uri: string, folder: string): boolean {
  return uri === folder || uri.startsWith(folder.endsWith('/') ? folder : `${folder}/`)
}

function withDigest(
  artifact: ArtifactFact,
  path: string | undefined,
  begun: number | undefined,
  disk: RecentFiles,
): Answer<Fact> {
  if (path === undefined) return artifact
  return goOn(disk.stat(path), (now) => {
    if (now === undefined || !isMeant(artifact, now, begun)) return artifact
    return goOn(disk.digest(path, now), (digest) => (digest === undefined ? artifact : seen(artifact, now, digest)))
  })
}

function seen(artifact: ArtifactFact, now: Stat, digest: Digest): ArtifactFact {
  const digests = artifact.digests === undefined ? [digest] : [...artifact.digests, digest]
  return { ...artifact, sizeBytes: now.sizeBytes, modifiedAt: artifact.modifiedAt ?? toIso(now.modifiedMs), digests }
}

/** A file is told of by who made it and by each who read it, soon after one another: it is looked at once. */
class RecentFiles {
  readonly #hasher: Hasher
  readonly #seen: Seen | undefined
  readonly #stats = new Map<string, Answer<Stat | undefined>>()
  readonly #digests = new Map<string, Answer<Digest | undefined>>()

  constructor(hasher: Hasher, seen: Seen | undefined) {
    this.#hasher = hasher
    this.#seen = seen
  }

  stat(path: string): Answer<Stat | undefined> {
    const seen = this.#seen?.(path)
    if (seen?.type === 'file' && seen.sizeBytes <= AT_ONCE_BYTES) return seen
    return recent(this.#stats, path, () => statFile(path))
  }

  digest(path: string, stat: Stat): Answer<Digest | undefined> {
    return recent(this.#digests, path, () => this.#hasher(path, stat))
  }
}

function recent<T extends object>(
  known: Map<string, Answer<T | undefined>>,
  path: string,
  ask: () => Answer<T | undefined>,
): Answer<T | undefined> {
  const answer = known.get(path)
  if (answer !== undefined || known.has(path)) return answer
  if (known.size >= MOST_RECENT) known.clear()
  const asked = ask()
  known.set(path, asked)
  return asked
}

function isMeant(artifact: ArtifactFact, now: Stat, begun: number | undefined): boolean {
  if (artifact.sizeBytes !== undefined && artifact.sizeBytes !== now.sizeBytes) return false
  if (artifact.modifiedAt !== undefined) return sameTime(Date.parse(artifact.modifiedAt), now.modifiedMs)
  const unstated = artifact.uid.slice(artifactStem(artifact.uid).length) === UNSTATED_VERSION
  return unstated && begun !== undefined && now.modifiedMs < begun
}

/** To the millisecond, or to the second where that is all that was written down. */
function sameTime(stated: number, nowMs: number): boolean {
  return stated === Math.floor(nowMs) || (stated % 1000 === 0 && stated === Math.floor(nowMs / 1000) * 1000)
}

/** Gone, or not for us: then it has no digest. */
function statFile(path: string): Answer<Stat | undefined> {
  const file = (found: Stat | undefined): Stat | undefined => (found?.type === 'file' ? found : undefined)
  try {
    const found = statLocal(path)
    return found instanceof Promise ? found.then(file, () => undefined) : file(found)
  } catch {
    return undefined
  }
}
