import type { ArtifactFact, ArtifactUid, Uri } from '../../../core/adapter.ts'
import { artifactUid, toIso } from '../../../core/adapter.ts'
import type { Disk } from '../values/disk.ts'
import type { FileRef } from '../values/file-refs.ts'
import { structHash } from '../values/fingerprint.ts'
import { outsideVersion } from '../files/outputs.ts'
import type { Places } from '../values/places.ts'

/** A file's uid, and its definition when it was not emitted before. */
export interface NamedFile {
  readonly uid: ArtifactUid
  readonly facts: readonly ArtifactFact[]
}

const MOST_NAMED = 20_000

/** Makes each version of a file one artifact, defined once in the stream. */
export class FileFacts {
  private readonly places: Places
  private readonly disk: Disk
  /** What was named lately: defining an artifact again does no harm, remembering all of them would. */
  private named = new Map<string, NamedFile>()

  constructor(places: Places, disk: Disk) {
    this.places = places
    this.disk = disk
  }

  /** A file that was named lately: nothing is left to define. */
  find(ref: FileRef, version: string): NamedFile | undefined {
    return this.named.get(keyOf(ref, version))
  }

  /** @param version which version of the path: the run that wrote it, or the state that redun saw */
  async name(ref: FileRef, version: string): Promise<NamedFile | undefined> {
    const key = keyOf(ref, version)
    const known = this.named.get(key)
    if (known !== undefined) return known
    const uri = this.places.toUri(ref.path)
    if (uri === undefined) return undefined
    const uid = artifactUid(uri, version === outsideVersion(ref.hash) ? version : `redun:${version}`)
    if (this.named.size >= MOST_NAMED) this.named = new Map()
    this.named.set(key, { uid, facts: [] })
    return { uid, facts: [await this.define(uid, uri, ref)] }
  }

  private async define(uid: ArtifactUid, uri: Uri, ref: FileRef): Promise<ArtifactFact> {
    const seen = await this.disk.observe(uri, ref)
    const recorded = {
      algorithm: algorithmOf(ref.path),
      value: ref.hash,
      scope: 'engine',
      evidence: 'recorded',
    } as const
    return {
      kind: 'artifact',
      uid,
      uri,
      type: ref.kind === 'file' ? 'file' : 'folder',
      ...(seen === undefined ? {} : { sizeBytes: seen.sizeBytes, modifiedAt: toIso(seen.modifiedMs) }),
      digests: seen?.digest === undefined ? [recorded] : [recorded, seen.digest],
    }
  }
}

/** One version can be named by two spellings of its path, each with a hash of its own. */
function keyOf(ref: FileRef, version: string): string {
  return `${ref.hash}${version}${ref.path}`
}

/**
 * redun hashes the path as it was written together with size and time, so the hashes of two spellings of one path say
 * nothing about each other. The usual spellings have a name, any other one has a name of its own.
 */
function algorithmOf(path: string): string {
  const isPlain = path.split('/').every((part, at) => (part !== '' || at === 0) && part !== '.' && part !== '..')
  if (isPlain || path.includes('://')) return path.startsWith('/') ? 'redun-absolute' : 'redun'
  return `redun-${structHash(path).slice(0, 8)}`
}
