// One suite over both databases: a fresh database a call, closed and removed after the suite.
import { afterAll, beforeAll, describe, test } from '@jest/globals'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from '../../../core/db/database.ts'
import { openDatabase } from '../../../core/db/open-database.ts'
import type { Provider } from '../../../core/db/sql.ts'
import { ingest } from '../../../core/ingest/ingest.ts'
import type { Fact } from '../../../core/fact/fact.ts'
import { type PostgresServer, startPostgres } from '../../tools/postgres.ts'

export interface Bench {
  readonly provider: Provider
  /** An empty database. */
  fresh(): Promise<Database>
  /** A database with these facts: the same one for the same list, so only to be read. */
  filled(facts: readonly Fact[]): Promise<Database>
  /** The url of an empty database that is not made yet. */
  url(): string
}

export function onBothDatabases(title: string, suite: (bench: Bench) => void): void {
  describe.each(['sqlite', 'postgres'] as const)(`${title} (%s)`, (provider) => {
    const folder = mkdtempSync(join(tmpdir(), 'stemma-query-'))
    const open: Database[] = []
    let server: PostgresServer | undefined
    let count = 0

    beforeAll(async () => {
      if (provider === 'postgres') server = await startPostgres()
    })
    afterAll(async () => {
      for (const database of open) await database.close()
      await server?.stop()
      rmSync(folder, { recursive: true, force: true })
    })

    const url = (): string => {
      if (provider === 'sqlite') return `file:${join(folder, `${String(++count)}.db`)}`
      if (server === undefined) throw new Error('SKIPPED: no Postgres server could be started here')
      return server.freshUrl()
    }
    const fresh = async (): Promise<Database> => {
      const database = await openDatabase(url(), { create: true })
      open.push(database)
      return database
    }
    const known = new Map<readonly Fact[], Promise<Database>>()
    const filled = (facts: readonly Fact[]): Promise<Database> => {
      const ready =
        known.get(facts) ??
        fresh().then(async (database) => {
          await fill(database, facts)
          return database
        })
      known.set(facts, ready)
      return ready
    }
    suite({ provider, fresh, filled, url })
  })
}

/** One import of these facts. */
export async function fill(database: Database, facts: readonly Fact[], place = 'file:///leftovers'): Promise<void> {
  await ingest(database, stream(facts), { adapter: 'test', adapterVersion: 1, place })
}

async function* stream(facts: readonly Fact[]): AsyncGenerator<Fact> {
  yield* facts
  await Promise.resolve()
}

export { test }
