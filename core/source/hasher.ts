import { createHash, hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { Digest } from '../fact/digest.ts'
import { goOn, type Answer } from './answer.ts'
import { folderDigest } from './folder-digest.ts'
import type { Hasher } from './folder.ts'
import { encodeFilePath } from './file-name.ts'
import { SMALL_BYTES, type HashPolicy } from './hash-policy.ts'
import { readLocal } from './local-file.ts'
import type { Stat } from './source.ts'
import { limitConcurrency } from './limit-concurrency.ts'
import { isStemmaError } from '../errors.ts'
import { isSystemError } from '../system-error.ts'

/** Digests of files that were hashed before and have not changed since. */
export interface DigestMemory {
  recall(localPath: string, stat: Stat): string | undefined
  remember(localPath: string, stat: Stat, sha256: string): void
}

/**
 * Up to this size a file is hashed at once: to hand it over would take longer. It is looked at again while it is open: one
 * that is not what it was has no digest.
 */
export const AT_ONCE_BYTES = 1 << 16
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
  if (policy === 'none') return () => undefined
  const most = policy === 'small' ? SMALL_BYTES : Infinity
  const { memory } = options
  const limited = limitConcurrency(MOST_AT_ONCE)
  const ofFile = (path: string, stat: Stat): Answer<string | undefined> => {
    if (stat.sizeBytes > most) return undefined
    const known = memory?.recall(path, stat)
    if (known !== undefined) return known
    const value =
      stat.sizeBytes <= AT_ONCE_BYTES
        ? orUnread(path, () => hashSmall(path, stat), options)
        : limited(async () => orUnread(path, () => hashLarge(path, stat.sizeBytes), options))
    return goOn(value, (sha256) => {
      if (sha256 !== undefined) memory?.remember(path, stat, sha256)
      return sha256
    })
  }
  return (path, stat) => {
    if (stat.type === 'file') return goOn(ofFile(path, stat), (value) => toDigest('sha256', value))
    if (stat.type !== 'folder') return undefined
    return goOn(
      orUnread(path, () => folderDigest(path, ofFile), options),
      (value) => toDigest('sha256-tree', value),
    )
  }
}

function orUnread(
  path: string,
  work: () => Answer<string | undefined>,
  { onUnreadable }: HasherOptions,
): Answer<string | undefined> {
  const failed = (cause: unknown): undefined => {
    // Only the system's own refusals; anything else is a defect and goes up.
    if (!isSystemError(cause) && !isStemmaError(cause)) throw cause
    onUnreadable?.(path)
  }
  try {
    const value = work()
    return value instanceof Promise ? value.catch(failed) : value
  } catch (cause) {
    failed(cause)
    return undefined
  }
}

function toDigest(algorithm: string, value: string | undefined): Digest | undefined {
  return value === undefined ? undefined : { algorithm, value, scope: 'full', evidence: 'observed' }
}

function hashSmall(path: string, stat: Stat): Answer<string | undefined> {
  return goOn(readLocal(path, WHOLE_BYTES, true), (found) => {
    if (found === undefined || found === 'unopened' || found.bytes?.length !== stat.sizeBytes) return undefined
    if (found.stat.modifiedMs !== stat.modifiedMs) return undefined
    return hash('sha256', found.bytes)
  })
}

function hashLarge(path: string, sizeBytes: number): Promise<string | undefined> {
  return sizeBytes <= WHOLE_BYTES ? hashWhole(path, sizeBytes) : hashStream(path, sizeBytes)
}

async function hashWhole(path: string, sizeBytes: number): Promise<string | undefined> {
  const bytes = await readFile(encodeFilePath(path))
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
