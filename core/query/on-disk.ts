import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import type { ArtifactFact } from '../fact/fact.ts'
import { filePath } from '../fact/uri.ts'
import type { OnDisk } from './view.ts'

/** A larger file is not read only to name its version. */
const MOST_HASHED_BYTES = 64 * 1024 * 1024
/** Some engines write times in whole seconds. */
const SAME_TIME_MS = 1000

/** The version that lies on this machine, if that can be told. */
export interface Present {
  readonly onDisk: OnDisk
  readonly version?: ArtifactFact
  /** The path looked at. */
  readonly path?: string
}

/**
 * Compares what lies at the first of `uris` that is there with the versions (newest first): by size and time, by
 * sha256 where one is known. Only reads.
 */
export async function findPresentVersion(uris: readonly string[], versions: readonly ArtifactFact[]): Promise<Present> {
  const paths = uris.flatMap((uri) => filePath(uri) ?? [])
  for (const path of paths) {
    const seen = await stat(path).catch(() => undefined) // not there, or not for us to see: the same to the caller
    if (seen === undefined) continue
    if (!seen.isFile()) return { onDisk: 'unknown', path }
    const verdicts = await compare(path, seen, versions)
    const version = versions.find((one) => verdicts.get(one) === true)
    if (version !== undefined) return { onDisk: 'matches', version, path }
    const isDifferent = versions.every((one) => verdicts.get(one) === false)
    return { onDisk: isDifferent ? 'differs' : 'unknown', path }
  }
  return { onDisk: paths.length > 0 ? 'gone' : 'unknown' }
}

interface Seen {
  readonly size: number
  readonly mtimeMs: number
}

/** `true` the same bytes, `false` other bytes, absent: nothing to tell by. */
async function compare(
  path: string,
  seen: Seen,
  versions: readonly ArtifactFact[],
): Promise<Map<ArtifactFact, boolean>> {
  const verdicts = new Map<ArtifactFact, boolean>()
  let hash: string | undefined
  for (const version of versions) {
    const known = version.digests?.find((digest) => digest.algorithm === 'sha256' && digest.scope === 'full')?.value
    if (version.sizeBytes !== undefined && version.sizeBytes !== seen.size) verdicts.set(version, false)
    else if (known !== undefined && seen.size <= MOST_HASHED_BYTES) {
      hash ??= await hashSmallFile(path, seen.size)
      if (hash !== undefined) verdicts.set(version, known === hash)
    } else if (version.sizeBytes !== undefined && version.modifiedAt !== undefined) {
      // Another time alone proves nothing: copying a project touches every file.
      if (Math.abs(Date.parse(version.modifiedAt) - seen.mtimeMs) < SAME_TIME_MS) verdicts.set(version, true)
    }
  }
  return verdicts
}

/** Its sha256; `undefined` when we may not read it, or it is large. */
export async function hashSmallFile(path: string, sizeBytes: number): Promise<string | undefined> {
  if (sizeBytes > MOST_HASHED_BYTES) return undefined
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(path), hash)
  } catch {
    return undefined
  }
  return hash.digest('hex')
}
