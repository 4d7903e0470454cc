import type { Database } from '../db/database.ts'
import type { Fact } from '../fact/fact.ts'
import type { ImportUid } from '../fact/uid.ts'

/** Who read what. */
export interface ImportMeta {
  readonly adapter: string
  readonly adapterVersion: number
  /** Where the leftovers lie on this machine: a uri or path. Secrets in it are redacted. */
  readonly place: string
  readonly engineVersion?: string
  /** What was read as one digest; asked after the last fact. */
  readonly fingerprint?: () => string | undefined
}

export interface IngestOptions {
  readonly signal?: AbortSignal
  /** Facts so far by kind; called once a batch. */
  readonly onProgress?: (counts: Readonly<Record<string, number>>) => void
  /** A gap is fatal: `source.gaps`, nothing is written. */
  readonly strict?: boolean
  /** Does everything and takes it back. */
  readonly dryRun?: boolean
  /** Facts from a file or a network are parsed; those of our own adapters are typed already. */
  readonly untrusted?: boolean
}

export interface GapGroup {
  readonly code: string
  readonly count: number
  /** The first few. */
  readonly examples: readonly { readonly place: string; readonly message: string }[]
}

export interface ImportSummary {
  readonly import: ImportUid
  /** Facts read, by kind. */
  readonly counts: Readonly<Record<string, number>>
  /** Rows that were not there. */
  readonly added: number
  /** Rows that were there and now say more. */
  readonly changed: number
  /** Edges whose unstated version was found out, in this import or before, as far as it touched them. */
  readonly reconciled: number
  /** Ambiguities stated by the adapter or left by reconciling. */
  readonly ambiguous: number
  readonly gaps: readonly GapGroup[]
}

/** check, redact, reconcile, write: all or nothing. */
export type Ingest = (
  database: Database,
  facts: AsyncIterable<Fact>,
  meta: ImportMeta,
  options?: IngestOptions,
) => Promise<ImportSummary>
