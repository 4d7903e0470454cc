/** One body of leftovers that was imported. */
export interface ImportView {
  readonly uid: string
  readonly adapter: string
  readonly adapterVersion: number
  readonly engineVersion?: string
  readonly startedAt: Date
  readonly endedAt: Date
  /** Facts by kind. */
  readonly counts: Readonly<Record<string, number>>
  /** Where it was read, without secrets. */
  readonly places: readonly string[]
  readonly roots: readonly { readonly was: string; readonly now: string }[]
}

/** The last reading of a place. */
export interface ReadingView {
  readonly importUid: string
  readonly adapterVersion: number
  readonly fingerprint?: string
  readonly readAt: Date
}

/** Typed queries about imports. */
export interface ImportRepository {
  /** Newest first. */
  list(page: { readonly limit: number; readonly after?: string }): Promise<ImportView[]>
  /** The last reading of a place by an adapter: an unchanged source need not be read again. */
  lastReading(adapter: string, place: string): Promise<ReadingView | undefined>
}
