import { describe, expect, test } from '@jest/globals'
import { createHash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openDatabase } from '../../../core/db/open-database.ts'
import { listMigrations, pendingMigrations, readMigration } from '../../../core/db/migration.ts'
import { tables } from '../../../core/db/table.ts'
import { describeDatabases } from '../../tools/databases.ts'
import { dumpSchema } from '../../tools/schema-dump.ts'
import { deploy, diffToModels } from '../../tools/schema-engine.ts'

const prisma = join(import.meta.dirname, '../../../prisma')

describe('migrations to apply', () => {
  const done = (name: string, more = {}): { name: string; finished: boolean; rolledBack: boolean } => ({
    name,
    finished: true,
    rolledBack: false,
    ...more,
  })
  test('are those that are known and not applied, in order', () => {
    expect(pendingMigrations(['1', '2', '3'], [done('1')], 'db')).toEqual(['2', '3'])
    expect(pendingMigrations(['1'], [done('1', { rolledBack: true })], 'db')).toEqual(['1'])
  })
  test('a database with one that is not known is newer', () => {
    expect(() => pendingMigrations(['1'], [done('1'), done('2')], 'db')).toThrow(
      expect.objectContaining({ code: 'database.newer' }),
    )
  })
  test('one that was begun and not ended stops everything', () => {
    expect(() => pendingMigrations(['1'], [done('1', { finished: false })], 'db')).toThrow(
      expect.objectContaining({ code: 'database.migration-failed' }),
    )
  })
  test('every file says whether it breaks older programs', async () => {
    for (const provider of ['sqlite', 'postgres'] as const) {
      for (const name of await listMigrations(provider)) {
        const { text, checksum } = await readMigration(provider, name)
        expect(text).toMatch(/^-- breaking: (yes|no)\n/)
        expect(checksum).toBe(createHash('sha256').update(text).digest('hex'))
      }
    }
  })
  test('both providers have the same ones', async () => {
    expect(await listMigrations('sqlite')).toEqual(await listMigrations('postgres'))
  })
})

describe('generated schemas', () => {
  test.each(['sqlite', 'postgres'])('%s holds the models as they are', async (provider) => {
    const models = await readFile(join(prisma, 'models.prisma'), 'utf8')
    expect(await readFile(join(prisma, provider, 'schema.prisma'), 'utf8')).toContain(models)
  })
})

describeDatabases('a new database', (fresh) => {
  test('is what the models say: no statement of Prisma would change it', async () => {
    const url = fresh.url()
    const database = await openDatabase(url, { create: true })
    await database.close()
    expect((await diffToModels(url)).trim()).toBe('-- This is an empty migration.')
  })

  test('is left alone by prisma migrate deploy', async () => {
    const url = fresh.url()
    const database = await openDatabase(url, { create: true })
    await database.close()
    expect(await deploy(url)).toEqual({ applied: [], edited: [], failed: [], history: null })
  })

  test('is what the golden file says; npm run golden:schema makes it again', async () => {
    const database = await fresh.open()
    const golden = await readFile(join(prisma, `golden.${fresh.provider}.sql`), 'utf8')
    expect(await dumpSchema(database)).toBe(golden)
  })

  test('has the columns that the writer knows, in any order', async () => {
    const database = await fresh.open()
    for (const { name, columns } of Object.values(tables)) {
      const found = await database.sql.all(
        fresh.provider === 'sqlite'
          ? 'SELECT name AS name FROM pragma_table_info(?)'
          : 'SELECT column_name AS name FROM information_schema.columns WHERE table_name = ? AND table_schema = current_schema()',
        [name],
      )
      expect(found.map((row) => row.name).sort()).toEqual([...columns].sort())
    }
  })

  test('lists its migrations as Prisma does', async () => {
    const database = await fresh.open()
    const rows = await database.sql.all(
      'SELECT migration_name, checksum, applied_steps_count, rolled_back_at, logs FROM _prisma_migrations ORDER BY 1',
    )
    const folders = await readdir(join(prisma, fresh.provider, 'migrations'), { withFileTypes: true })
    const names = folders.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
    expect(rows.map((row) => row.migration_name)).toEqual(names.sort())
    for (const row of rows) {
      const { checksum } = await readMigration(fresh.provider, String(row.migration_name))
      expect(row).toMatchObject({ checksum, applied_steps_count: 1, rolled_back_at: null, logs: null })
    }
  })

  test('opened by several at once is made once', async () => {
    const url = fresh.url()
    const all = await Promise.all([1, 2, 3, 4].map(() => openDatabase(url, { create: true })))
    const [first] = all
    const rows = await first?.sql.all('SELECT count(*) AS n FROM _prisma_migrations')
    expect(rows).toEqual([{ n: (await listMigrations(fresh.provider)).length }])
    for (const database of all) await database.close()
  })

  test('that a newer program made is refused, and left as it is', async () => {
    const url = fresh.url()
    const database = await openDatabase(url, { create: true })
    await database.write(async (writer) => {
      await writer.run(
        `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
         SELECT 'x', 'x', '9999_later', finished_at, 1 FROM _prisma_migrations LIMIT 1`,
      )
    })
    await database.close()
    for (const options of [{}, { create: true }, { readOnly: true }]) {
      await expect(openDatabase(url, options)).rejects.toMatchObject({
        code: 'database.newer',
        message: expect.stringContaining('9999_later'),
      })
    }
  })

  test('is not made where nobody asked for it', async () => {
    await expect(openDatabase(fresh.url())).rejects.toMatchObject({ code: 'database.not-initialised' })
  })
})
