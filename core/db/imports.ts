import { z } from 'zod'
import { toDatabaseError } from './failure.ts'
import type { Sql } from './sql.ts'
import type { SqliteConnection } from './sqlite-connection.ts'
import type { DatabaseAddress, PostgresAddress } from './url.ts'

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
  list(page: { readonly limit: number; readonly offset?: number }): Promise<ImportView[]>
  /** The last reading of a place by an adapter: an unchanged source need not be read again. */
  lastReading(adapter: string, place: string): Promise<ReadingView | undefined>
}

/** A row of an import with what hangs on it, as both of Prisma's clients give it. */
interface StoredImport {
  readonly uid: string
  readonly adapter: string
  readonly adapterVersion: number
  readonly engineVersion: string | null
  readonly startedAt: bigint
  readonly endedAt: bigint
  readonly counts: string
  readonly readings: readonly { readonly place: string }[]
  readonly roots: readonly { readonly was: string; readonly now: string }[]
}

/** What the repository needs of a client: the clients' own types are too different to be one. */
interface ImportClient {
  findImports(limit: number, offset: number): Promise<StoredImport[]>
  $disconnect(): Promise<void>
}

const Counts = z.record(z.string(), z.number())

/** The repository, and how to close what it opened; `open` is called when it is asked for the first time. */
export function openImports(
  address: DatabaseAddress,
  sql: Sql,
  open: () => Promise<ImportClient>,
): { readonly repository: ImportRepository; close(): Promise<void> } {
  let client: Promise<ImportClient> | undefined
  const repository: ImportRepository = {
    async list({ limit, offset }) {
      try {
        client ??= open()
        return (await (await client).findImports(limit, offset ?? 0)).map(toImportView)
      } catch (error) {
        throw toDatabaseError(error, address.shown)
      }
    },
    async lastReading(adapter, place) {
      const found = await sql.all(
        'SELECT import_uid, adapter_version, fingerprint, read_at FROM reading WHERE adapter = ? AND place = ?',
        [adapter, place],
      )
      const row = found[0]
      if (row === undefined) return undefined
      return {
        importUid: String(row.import_uid),
        adapterVersion: Number(row.adapter_version),
        readAt: new Date(Number(row.read_at)),
        ...(typeof row.fingerprint === 'string' ? { fingerprint: row.fingerprint } : {}),
      }
    },
  }
  return { repository, close: async () => (await client)?.$disconnect() }
}

function toImportView(row: StoredImport): ImportView {
  return {
    uid: row.uid,
    adapter: row.adapter,
    adapterVersion: row.adapterVersion,
    ...(row.engineVersion === null ? {} : { engineVersion: row.engineVersion }),
    startedAt: new Date(Number(row.startedAt)),
    endedAt: new Date(Number(row.endedAt)),
    counts: Counts.parse(JSON.parse(row.counts)),
    places: row.readings.map((reading) => reading.place),
    roots: row.roots.map(({ was, now }) => ({ was, now })),
  }
}

const newestFirst = {
  orderBy: { endedAt: 'desc' },
  include: { readings: { orderBy: { place: 'asc' } }, roots: { orderBy: { was: 'asc' } } },
} as const

export async function openSqliteClient(connection: SqliteConnection): Promise<ImportClient> {
  const { prismaSqlite } = await import('./prisma-sqlite.ts')
  const { PrismaClient } = await import('./generated/sqlite/client.ts')
  const prisma = new PrismaClient({ adapter: prismaSqlite(connection) })
  return {
    findImports: (take, skip) => prisma.import.findMany({ ...newestFirst, take, skip }),
    $disconnect: () => prisma.$disconnect(),
  }
}

export async function openPostgresClient(address: PostgresAddress): Promise<ImportClient> {
  const { PrismaPg } = await import('@prisma/adapter-pg')
  const { PrismaClient } = await import('./generated/postgres/client.ts')
  const adapter = new PrismaPg({ connectionString: address.connection }, { schema: address.schema })
  const prisma = new PrismaClient({ adapter })
  return {
    findImports: (take, skip) => prisma.import.findMany({ ...newestFirst, take, skip }),
    $disconnect: () => prisma.$disconnect(),
  }
}
