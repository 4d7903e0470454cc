import type { Adapter } from '../adapter.ts'
import type { ImportTarget } from '../db/database.ts'
import { StemmaError } from '../errors.ts'
import { fileHasher } from '../source/hasher.ts'
import type { HashPolicy } from '../source/hash-policy.ts'
import { openSource } from '../source/open-source.ts'
import { importLeftovers, type ImportOutcome } from './import-leftovers.ts'
import type { IngestOptions } from './ingest.ts'

export interface ImportOptions extends IngestOptions {
  /** Which files are hashed: none, all, or those up to 64 MiB (`small`, when absent). */
  readonly hash?: HashPolicy
  /** IANA zone of times that were written without one. */
  readonly timezone?: string
  /** The adapter's own options, as its `options` take them. */
  readonly own?: unknown
  /** Where relative places start; the process's own folder when absent. */
  readonly workingFolder?: string
}

/**
 * Reads leftovers at one place, or at several that belong together, and writes what they say: all or nothing.
 * @throws StemmaError `usage.invalid-option`, and of the families `source`, `fact`, `storage` and `database`
 */
export async function importPlace<Own>(
  database: ImportTarget,
  adapter: Adapter<Own>,
  place: string | readonly string[],
  { hash = 'small', timezone, own = {}, workingFolder = process.cwd(), ...ingest }: ImportOptions = {},
): Promise<ImportOutcome> {
  const parsed = adapter.options.safeParse(own)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new StemmaError(
      'usage.invalid-option',
      `${adapter.engine} does not take these options: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
    )
  }
  const hasher = fileHasher(hash)
  const sources = []
  for (const each of typeof place === 'string' ? [place] : place) {
    sources.push(await openSource(each, workingFolder, { hash, hasher }))
  }
  return importLeftovers(database, {
    adapter,
    sources,
    hasher,
    hash,
    timezone,
    own: parsed.data,
    stemmaFolder: undefined,
    ingest,
  })
}
