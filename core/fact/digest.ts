import { z } from 'zod'
import { evidenceKinds } from './evidence.ts'

/** What part of an artifact a digest covers; only digests of equal algorithm and scope may be compared. */
export const digestScopes = ['full', 'partial', 'etag', 'engine'] as const

/**
 * A checksum and how it is known. `scope`: `full` = every byte (of a folder: names and contents), `partial` = a
 * sample of the bytes, `etag` = an object store's tag, `engine` = a checksum of the engine's own making.
 */
export const Digest = z.strictObject({
  algorithm: z.string().min(1).max(64),
  value: z.string().min(1).max(512),
  scope: z.enum(digestScopes),
  evidence: z.enum(evidenceKinds),
})
export type Digest = z.infer<typeof Digest>

/** `true` or `false` when both digests are of one kind, else `undefined`: they say nothing about each other. */
export function compareDigests(a: Digest, b: Digest): boolean | undefined {
  if (a.algorithm !== b.algorithm || a.scope !== b.scope) return undefined
  return a.value === b.value
}
