import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import type { Hasher } from './folder.ts'

/** `--hash`: nothing, files up to 64 MiB, or everything. */
export const hashPolicies = ['none', 'small', 'all'] as const
export type HashPolicy = (typeof hashPolicies)[number]

const SMALL_BYTES = 64 * 1024 * 1024

/** Hashes regular files by sha256 over their whole content, as the policy allows. */
export function fileHasher(policy: HashPolicy): Hasher {
  return async (path, stat) => {
    if (policy === 'none' || stat.type !== 'file') return undefined
    if (policy === 'small' && stat.sizeBytes > SMALL_BYTES) return undefined
    const hash = createHash('sha256')
    await pipeline(createReadStream(path, { highWaterMark: 1 << 18 }), hash)
    return { algorithm: 'sha256', value: hash.digest('hex'), scope: 'full', evidence: 'observed' }
  }
}
