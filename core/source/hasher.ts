import { createHash, hash } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { Digest } from '../fact/digest.ts'
import { askDisk } from './ask-disk.ts'
import { folderDigest } from './folder-digest.ts'
import type { Hasher } from './folder.ts'
import { encodeFilePath } from './file-name.ts'
import { SMALL_BYTES, type HashPolicy } from './hash-policy.ts'
import type { Stat } from './source.ts'
import { limitConcurrency } from './limit-concurrency.ts'
import { isSystemError } from '../system-error.ts'

/** Digests of files that were hashed before and have not changed since. */
export interface DigestMemory {
  recall(localPath: string, stat: Stat): string | undefined
  remember(localPath: string, stat: Stat, sha256: string): void
}

/** Up to this size a file is hashed at once: to hand it over would take longer. */
const AT_ONCE_BYTES = 1 << 16
/** Up to this size a file is read whole and hashed beside the main thread. */
const WHOLE_BYTES = 4 * 1024 * 1024
/** More open files would only compete for the same disk. */
const MOST_AT_ONCE = 8

/** What a hasher needs beside the policy. */
export interface HasherOptions {
  readonly memory?: DigestMemory
  /** Told of each file that could not be read; it has no digest. */
  readonly onUnreadable?: (localPath: string) => void
}

/**
 * Hashes by sha256 over the whole content, as the policy allows; a folder by the names and contents of its members.
 * A file that cannot be read, or that changes while it is read, has no digest.
 */
export function fileHasher(policy: HashPolicy, options: HasherOptions = {}): Hasher {
  if (policy === 'none') return () => Promise.resolve(undefined)
  const most = policy === 'small' ? SMALL_BYTES : Infinity
  const limited = limitConcurrency(MOST_AT_ONCE)
  const ofFile = async (path: string, stat: Stat): Promise<string | undefined> => {
    if (stat.sizeBytes > most) return undefined
    const known = options.memory?.recall(path, stat)
    if (known !== undefined) return known
    const value = await limited(() => orUnread(path, () => hashFile(path, stat.sizeBytes), options))
    if (value !== undefined) options.memory?.remember(path, stat, value)
    return value
  }
  return async (path, stat) => {
    if (stat.type === 'file') return toDigest('sha256', await ofFile(path, stat))
    if (stat.type !== 'folder') return undefined
    return toDigest('sha256-tree', await orUnread(path, () => folderDigest(path, ofFile), options))
  }
}

async function orUnread(
  path: string,
  work: () => Promise<string | undefined>,
  { onUnreadable }: HasherOptions,
): Promise<string | undefined> {
  try {
    return await work()
  } catch (cause) {
    // Only the system's own refusals; anything else is a defect and goes up.
    if (!isSystemError(cause)) throw cause
    onUnreadable?.(path)
    return undefined
  }
}

function toDigest(algorithm: string, value: string | undefined): Digest | undefined {
  return value === undefined ? undefined : { algorithm, value, scope: 'full', evidence: 'observed' }
}

function hashFile(path: string, sizeBytes: number): Promise<string | undefined> {
  return sizeBytes <= WHOLE_BYTES ? hashWhole(path, sizeBytes) : hashStream(path, sizeBytes)
}

async function hashWhole(path: string, sizeBytes: number): Promise<string | undefined> {
  const local = encodeFilePath(path)
  if (sizeBytes <= AT_ONCE_BYTES) {
    const small = await askDisk(
      () => readFileSync(local),
      () => readFile(local),
    )
    return small.length === sizeBytes ? hash('sha256', small) : undefined
  }
  const bytes = await readFile(local)
  if (bytes.length !== sizeBytes) return undefined
  return Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex')
}

async function hashStream(path: string, sizeBytes: number): Promise<string | undefined> {
  const hash = createHash('sha256')
  let seen = 0
  for await (const chunk of createReadStream(encodeFilePath(path), { highWaterMark: 1 << 20 })) {
    if (!Buffer.isBuffer(chunk)) continue
    seen += chunk.length
    if (seen > sizeBytes) return undefined
    hash.update(chunk)
  }
  return seen === sizeBytes ? hash.digest('hex') : undefined
}
