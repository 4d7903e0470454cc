import { artifactUid, toIso } from '../../../core/adapter.ts'
import type { ArtifactFact, ArtifactUid, Digest, FileSource } from '../../../core/adapter.ts'
import type { SpillMap } from '../spill/spill-map.ts'
import type { Checksums } from './checksums.ts'
import type { Disk, Found } from './disk.ts'
import { isRemote } from './places.ts'
import type { Place } from './places.ts'
import type { Producer, Versions } from './versions.ts'

/** An output's time is that of its job's end, which Snakemake sets; file servers round it. */
const SLACK_MS = 2000

/** Makes artifacts, each once: what lies on disk is looked at for the version that it is. */
export class Artifacts {
  readonly #told: SpillMap
  readonly #disk: Disk
  readonly #source: FileSource
  readonly #versions: Versions
  readonly #checksums: Checksums
  readonly #halfDone: ReadonlySet<string>
  /** Places below which others were read: folders, even when nothing lies there now. */
  readonly #folders: SpillMap

  constructor(parts: {
    disk: Disk
    source: FileSource
    versions: Versions
    checksums: Checksums
    halfDone: ReadonlySet<string>
    folders: SpillMap
    told: SpillMap
  }) {
    this.#disk = parts.disk
    this.#source = parts.source
    this.#versions = parts.versions
    this.#checksums = parts.checksums
    this.#halfDone = parts.halfDone
    this.#folders = parts.folders
    this.#told = parts.told
  }

  /**
   * The fact of an artifact that was not told yet.
   *
   * @param begunMs when the execution began that first names it
   */
  async tell(
    uid: ArtifactUid,
    place: Place,
    producer: Producer | undefined,
    begunMs: number | undefined,
  ): Promise<ArtifactFact | undefined> {
    if (this.#told.has(uid)) return undefined
    this.#told.set(uid, '')
    const found = await this.#disk.find(place)
    const digests: Digest[] = []
    const recorded = this.#checksums.find(uid)
    if (recorded !== undefined) {
      digests.push({ algorithm: recorded.algorithm, value: recorded.value, scope: 'full', evidence: 'recorded' })
    }
    const type = this.#typeOf(place, found)
    const today = await this.#whatLiesThere(uid, place, producer, found, begunMs)
    const all = [...digests, ...(today.digest === undefined ? [] : [today.digest])]
    return { kind: 'artifact', uid, uri: place.uri, type, ...today.stat, ...(all.length > 0 ? { digests: all } : {}) }
  }

  async #whatLiesThere(
    uid: ArtifactUid,
    place: Place,
    producer: Producer | undefined,
    found: Found | undefined,
    begunMs: number | undefined,
  ): Promise<{ stat?: Known; digest?: Digest }> {
    if (found?.type !== 'file') return {}
    // An input that was last written before the run began is what the run read.
    if (producer === undefined)
      return begunMs !== undefined && found.modifiedMs < begunMs ? { stat: toKnown(found) } : {}
    return this.#isCurrent(place, producer) ? this.#today(uid, place, producer, found) : {}
  }

  #typeOf(place: Place, found: Found | undefined): ArtifactFact['type'] {
    if (isRemote(place.uri)) return 'object'
    return found?.type ?? (this.#folders.has(place.key) ? 'folder' : 'file')
  }

  #isCurrent(place: Place, producer: Producer | undefined): producer is Producer {
    return (
      producer !== undefined &&
      !this.#halfDone.has(place.key) &&
      this.#versions.current(place)?.jobId === producer.jobId
    )
  }

  /** Size, time and digest of what lies there, when it is this version: last changed when the job ended. */
  async #today(
    uid: ArtifactUid,
    place: Place,
    producer: Producer,
    found: Found,
  ): Promise<{ stat?: Known; digest?: Digest }> {
    const { endMs, writtenMs: written } = producer
    if (endMs === undefined) return {}
    if (found.modifiedMs <= endMs + SLACK_MS) return { stat: toKnown(found) }
    // The times of a copied folder are those of the copying, its records' too: then nothing speaks against the bytes.
    if (written === undefined || written <= endMs + SLACK_MS || this.#checksums.differ(uid)) return {}
    const digest = place.relative === undefined ? undefined : await this.#source.digest(this.#disk.path(place.relative))
    const known = this.#checksums.find(uid)
    if (digest === undefined || (known?.algorithm === digest.algorithm && known.value !== digest.value)) return {}
    if (known !== undefined) return {}
    return { stat: { sizeBytes: found.sizeBytes }, digest: { ...digest, evidence: 'inferred' } }
  }
}

interface Known {
  readonly sizeBytes: number
  readonly modifiedAt?: string | undefined
}

function toKnown({ sizeBytes, modifiedMs }: Found): Known {
  return { sizeBytes, modifiedAt: toIso(modifiedMs) }
}

/**
 * The artifact at a place in the version that a job wrote, or in one that nobody names.
 *
 * @param place where it was when it was written
 */
export function uidOf(place: Place, producer: Producer | undefined): ArtifactUid {
  if (producer !== undefined) return (producer.uid ??= artifactUid(place.uri, producer.key))
  place.unstated ??= artifactUid(place.uri)
  return place.unstated
}
