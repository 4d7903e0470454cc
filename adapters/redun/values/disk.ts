import type { Digest, FileSource } from '../../../core/adapter.ts'
import { filePath } from '../../../core/adapter.ts'
import type { CopiedTimes } from './copied-times.ts'
import type { FileRef } from './file-refs.ts'
import { localFileHash } from './fingerprint.ts'

/** A file on disk that still is what redun saw. Without `modifiedMs`: probably, its time was lost by copying. */
export interface Observation {
  readonly sizeBytes: number
  readonly modifiedMs?: number
  readonly digest: Digest | undefined
}

const MOST_FOLDERS = 2000
/** Programs that copy a folder keep times to the millisecond, so the recorded time is one of these many doubles. */
const STEPS_IN_A_MILLISECOND = 4300
/** Such a search takes some 10 ms: it is given up where it does not lead anywhere, and bounded where it does. */
const MOST_ROUNDED = 300
const MOST_FRUITLESS = 10

/**
 * Looks at files where they lie today. redun's hash of a local file covers path, size and time of last change, so an
 * equal hash proves that the file was not written since.
 */
export class Disk {
  private rounded = 0
  private fruitless = 0
  private readonly source: FileSource | undefined
  private readonly copied: CopiedTimes | undefined
  private readonly folders = new Map<string, FileSource | undefined>()

  constructor(source: FileSource | undefined, copied?: CopiedTimes) {
    this.source = source
    this.copied = copied
  }

  /** The file, if it is the one that redun saw: provably, or because the project was copied without its times. */
  async observe(uri: string, ref: FileRef): Promise<Observation | undefined> {
    if (ref.kind !== 'file' || !ref.stamped) return undefined
    const [folder, name] = await this.find(uri)
    const stat = await folder?.stat(name)
    if (folder === undefined || stat?.type !== 'file') return undefined
    const { sizeBytes, modifiedMs } = stat
    if (this.copied?.hold(ref, modifiedMs) === true) {
      const digest = await folder.digest(name)
      return digest === undefined ? undefined : { sizeBytes, digest: { ...digest, evidence: 'inferred' } }
    }
    if (!this.matches(ref, sizeBytes, modifiedMs)) return undefined
    return { sizeBytes, modifiedMs: Math.floor(modifiedMs), digest: await folder.digest(name) }
  }

  /** Whether the file provably is the one that redun saw, and was written before a time. */
  async isOlder(uri: string | undefined, ref: FileRef, ms: number): Promise<boolean> {
    if (uri === undefined) return false
    const [folder, name] = await this.find(uri)
    const stat = await folder?.stat(name)
    if (stat?.type !== 'file' || stat.modifiedMs >= ms) return false
    return this.matches(ref, stat.sizeBytes, stat.modifiedMs)
  }

  private async find(uri: string): Promise<readonly [FileSource | undefined, string]> {
    const path = filePath(uri)
    if (this.source === undefined || path === undefined) return [undefined, '']
    const at = path.lastIndexOf('/')
    const folder = path.slice(0, at) || '/'
    if (!this.folders.has(folder)) {
      if (this.folders.size > MOST_FOLDERS) this.folders.clear()
      this.folders.set(folder, await this.source.reach(folder))
    }
    return [this.folders.get(folder), path.slice(at + 1)]
  }

  private matches(ref: FileRef, sizeBytes: number, modifiedMs: number): boolean {
    for (const seconds of nearby(modifiedMs / 1000, 2)) {
      if (localFileHash(ref.path, sizeBytes, seconds) === ref.hash) return true
    }
    return this.matchesRounded(ref, sizeBytes, modifiedMs)
  }

  /** Only a time that was cut by a copy is a whole number of milliseconds. */
  private matchesRounded(ref: FileRef, sizeBytes: number, modifiedMs: number): boolean {
    if (Math.abs(modifiedMs - Math.round(modifiedMs)) > 0.0011) return false
    if (this.rounded >= MOST_ROUNDED || this.fruitless >= MOST_FRUITLESS) return false
    this.rounded += 1
    for (const seconds of nearby(Math.round(modifiedMs) / 1000, STEPS_IN_A_MILLISECOND)) {
      if (localFileHash(ref.path, sizeBytes, seconds) === ref.hash) {
        this.fruitless = 0
        return true
      }
    }
    this.fruitless += 1
    return false
  }
}

/** The doubles around a time, nearest first. */
function* nearby(seconds: number, count: number): Iterable<number> {
  const step = 2 ** (Math.floor(Math.log2(Math.max(seconds, 1))) - 52)
  yield seconds
  for (let at = 1; at <= count; at++) {
    yield seconds - at * step
    yield seconds + at * step
  }
}
