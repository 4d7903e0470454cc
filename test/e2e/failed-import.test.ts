import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { cp, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openDatabase } from '../../core/db/open-database.ts'
import { removeIfEmpty } from '../../core/db/remove-empty.ts'
import { canStartPostgres, startPostgres, type PostgresServer } from '../tools/postgres.ts'
import { runCli, type CliRun } from '../tools/run-cli.ts'
import { temporaryFolders } from '../tools/temporary-folder.ts'

const folder = temporaryFolders()
const NEXTFLOW = new URL('../../fixtures/nextflow/25.04.8/retry-ignore/source', import.meta.url).pathname
const done = (run: CliRun): void => {
  expect(run).toMatchObject({ code: 0, err: '' })
}

function facts(count: number): string[] {
  const uid = (at: number): string => String(at).padStart(16, 'A')
  const runs = Array.from({ length: count }, (_, at) => `{"kind":"run","uid":"${uid(at)}","transform":"${uid(1)}","engine":"x","key":"k${at}","name":"n","outcome":"succeeded"}`) // prettier-ignore
  return [
    '{"kind":"stream","format":"stemma-facts","version":1}',
    `{"kind":"transform","uid":"${uid(1)}","name":"t","type":"task","engine":"x"}`,
    ...runs,
  ]
}

test.each(['at its end', 'in its middle'])('facts that are broken only %s leave nothing behind', async (where) => {
  const root = await folder()
  const lines = facts(12_000)
  lines.splice(where === 'at its end' ? lines.length : 6000, 0, '{"kind":"run"')
  await writeFile(join(root, 'x.ndjson'), lines.join('\n'))
  for (const more of [[], ['--database', 'file:deep/er/other.db'], ['--database', 'file:other.db']]) {
    expect((await runCli(['import', 'facts', 'x.ndjson', ...more], { folder: root })).code).toBe(4)
    expect(await readdir(root)).toEqual(['x.ndjson'])
  }
  await mkdir(join(root, '.stemma'))
  await writeFile(join(root, '.stemma/notes'), 'mine')
  expect((await runCli(['import', 'facts', 'x.ndjson'], { folder: root })).code).toBe(4)
  expect(await readdir(join(root, '.stemma'))).toEqual(['notes'])
})

const describePostgres = canStartPostgres() ? describe : describe.skip
describePostgres('on a server', () => {
  let server: PostgresServer | undefined
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(async () => {
    await server?.stop()
  })

  async function schemasAndTables(url: string): Promise<{ schemas: number; tables: number }> {
    const schema = new URL(url).searchParams.get('schema') ?? ''
    const database = await openDatabase(url.replace(/schema=.*/, 'schema=looking'), { create: true })
    const [row] = await database.sql.all(
      `SELECT (SELECT count(*) FROM pg_namespace WHERE nspname = ?) AS schemas,
              (SELECT count(*) FROM pg_tables WHERE schemaname = ?) AS tables`,
      [schema, schema],
    )
    await database.close()
    return { schemas: Number(row?.schemas), tables: Number(row?.tables) }
  }

  test('a first import that fails leaves no tables and no schema, and the next one makes them', async () => {
    const root = await folder()
    const url = server?.freshUrl() ?? ''
    const lines = facts(6_000)
    await writeFile(join(root, 'broken.ndjson'), [...lines, '{"kind":"run"'].join('\n'))
    await writeFile(join(root, 'whole.ndjson'), lines.join('\n'))
    const call = (file: string): Promise<CliRun> =>
      runCli(['import', 'facts', file, '--database', url], { folder: root })
    expect((await call('broken.ndjson')).code).toBe(4)
    expect(await schemasAndTables(url)).toEqual({ schemas: 0, tables: 0 })
    expect(await readdir(root)).toEqual(['broken.ndjson', 'whole.ndjson'])
    done(await call('whole.ndjson'))
    expect((await schemasAndTables(url)).tables).toBeGreaterThan(10)
    // What somebody else made, or an import before, stays.
    expect((await call('broken.ndjson')).code).toBe(4)
    done(await runCli(['runs', '--database', url], { folder: root }))
  })

  test('two first imports at once both find their tables', async () => {
    const root = await folder()
    const url = server?.freshUrl() ?? ''
    await writeFile(join(root, 'whole.ndjson'), facts(3_000).join('\n'))
    const call = (): Promise<CliRun> => runCli(['import', 'facts', 'whole.ndjson', '--database', url], { folder: root })
    for (const run of await Promise.all([call(), call(), call()])) done(run)
  })

  test('a database that was opened to be made with the first rows has no imports before', async () => {
    const database = await openDatabase(server?.freshUrl() ?? '', { create: 'with-first-write' })
    expect(await database.imports.list({ limit: 1 })).toEqual([])
    expect(await database.imports.lastReading('x', 'y')).toBeUndefined()
    const undo = new Error('undo')
    const failing = database.write(async (writer) => {
      expect(await writer.sql.all('SELECT count(*) AS n FROM run')).toEqual([{ n: 0 }])
      throw undo
    })
    await expect(failing).rejects.toBe(undo)
    await expect(database.sql.all('SELECT 1 FROM run')).rejects.toMatchObject({ code: '42P01' })
    await database.write(() => Promise.resolve())
    expect(await database.sql.all('SELECT count(*) AS n FROM run')).toEqual([{ n: 0 }])
    await database.close()
  })
})

test('a database that another program has open, or that holds rows, is not taken away', async () => {
  const root = await folder()
  done(await runCli(['init'], { folder: root }))
  const path = join(root, '.stemma/stemma.db')
  const other = await openDatabase(`file:${path}`)
  expect(await removeIfEmpty(path)).toBe(false)
  await other.close()
  await cp(NEXTFLOW, root, { recursive: true })
  done(await runCli(['import', '.'], { folder: root }))
  expect(await removeIfEmpty(path)).toBe(false)
  done(await runCli(['runs'], { folder: root }))
  await writeFile(join(root, 'text.db'), 'no database')
  expect(await removeIfEmpty(join(root, 'text.db'))).toBe(false)
  expect(await removeIfEmpty(join(root, 'none.db'))).toBe(true)
})
