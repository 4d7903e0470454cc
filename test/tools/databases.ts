// The same suite over both databases. Without a Postgres its half is skipped in sight; with CI set that is a failure.
import { afterAll, beforeAll, describe } from '@jest/globals'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from '../../core/db/database.ts'
import { openDatabase } from '../../core/db/open-database.ts'
import { canStartPostgres, startPostgres } from './postgres.ts'
import type { PostgresServer } from './postgres.ts'

export interface Fresh {
  readonly provider: 'sqlite' | 'postgres'
  /** The url of a database that is not there yet. */
  url(): string
  /** A new, empty database; closed when the suite ends. */
  open(): Promise<Database>
}

export function describeDatabases(title: string, suite: (fresh: Fresh) => void): void {
  describe(`${title} (sqlite)`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'stemma-test-'))
    let count = 0
    const opened: Database[] = []
    const url = (): string => `file:${join(folder, `${String(++count)}.db`)}`
    afterAll(async () => {
      for (const database of opened) await database.close()
      rmSync(folder, { recursive: true, force: true })
    })
    suite({ provider: 'sqlite', url, open: () => openAndKeep(url(), opened) })
  })
  const describePostgres = canStartPostgres() ? describe : describe.skip
  describePostgres(`${title} (postgres)`, () => {
    let server: PostgresServer | undefined
    const opened: Database[] = []
    beforeAll(async () => {
      server = await startPostgres()
    })
    afterAll(async () => {
      for (const database of opened) await database.close()
      await server?.stop()
    })
    const url = (): string => {
      if (server === undefined) throw new Error('no Postgres')
      return server.freshUrl()
    }
    suite({ provider: 'postgres', url, open: () => openAndKeep(url(), opened) })
  })
}

async function openAndKeep(url: string, opened: Database[]): Promise<Database> {
  const database = await openDatabase(url, { create: true })
  opened.push(database)
  return database
}
