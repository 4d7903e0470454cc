// Real failures, not pretended ones: a lock held by another process, a full disk, a torn file, a killed server.
import { afterAll, describe, expect, test } from '@jest/globals'
import BetterSqlite3 from 'better-sqlite3'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { open, readFile, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../../../core/db/open-database.ts'
import { toDatabaseError } from '../../../core/db/failure.ts'
import { tables } from '../../../core/db/table.ts'
import { parseDatabaseUrl } from '../../../core/db/url.ts'
import { exitCodeOf } from '../../../core/errors.ts'
import { canStartPostgres, startPostgres } from '../../tools/postgres.ts'
import type { PostgresServer } from '../../tools/postgres.ts'

const folder = mkdtempSync(join(tmpdir(), 'stemma-failure-'))
let count = 0
const newPath = (): string => join(folder, `${String(++count)}.db`)
const transforms = (from: number, many: number): (string | null)[][] =>
  Array.from({ length: many }, (_, at) => [
    `t${String(from + at)}`,
    'n'.repeat(2_000),
    'process',
    'test',
    null,
    null,
    null,
    null,
  ])

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('SQLite', () => {
  test('a file locked by another process is waited for, then said to be locked', async () => {
    const path = newPath()
    const database = await openDatabase(`file:${path}`, { create: true, writeTurnMs: 500 })
    const holder = spawn(process.execPath, [
      '-e',
      `const D = require('better-sqlite3'); const d = new D(${JSON.stringify(path)}); d.exec('BEGIN IMMEDIATE');
       console.log('held'); setTimeout(() => {}, 60000)`,
    ])
    await once(holder.stdout, 'data')
    const started = Date.now()
    const locked = database.write(() => Promise.resolve())
    await expect(locked).rejects.toMatchObject({ code: 'database.locked' })
    expect(Date.now() - started).toBeGreaterThanOrEqual(500)
    await locked.catch((error: unknown) => {
      expect(exitCodeOf(error)).toBe(5)
    })
    expect(await database.sql.all('SELECT count(*) AS n FROM run')).toEqual([{ n: 0 }]) // reading goes on
    const waiting = database.write(() => Promise.resolve('done'))
    holder.kill('SIGKILL')
    expect(await waiting).toBe('done')
    await database.close()
  })

  test('a file that cannot grow is said to be full, and nothing is half written', async () => {
    const path = newPath()
    const database = await openDatabase(`file:${path}`, { create: true })
    const [{ page_count: pages } = {}] = await database.sql.all('PRAGMA page_count')
    const full = database.write(async (writer) => {
      await writer.run(`PRAGMA max_page_count = ${String(Number(pages) + 20)}`)
      await writer.insert(tables.transform, transforms(0, 1_000))
    })
    await expect(full).rejects.toMatchObject({ code: 'database.full' })
    expect(await database.sql.all('SELECT count(*) AS n FROM transform')).toEqual([{ n: 0 }])
    await database.close()
  })

  const damages: Readonly<Record<string, (path: string) => Promise<void>>> = {
    text: (path) => writeFile(path, 'this is not a database, but it is long enough to be one '.repeat(40)),
    'a file cut in half': (path) => truncate(path, 20_000),
    'a page of noise': overwrite,
  }
  test.each(Object.entries(damages))('%s is said to be damaged', async (_title, damage) => {
    const path = newPath()
    const database = await openDatabase(`file:${path}`, { create: true })
    await database.write((writer) => writer.insert(tables.transform, transforms(0, 200)))
    await database.close()
    await damage(path)
    const reading = async (): Promise<unknown> => {
      const damaged = await openDatabase(`file:${path}`)
      try {
        const { damage: found } = await damaged.inspect()
        await damaged.sql.all('SELECT sum(length(name)) FROM transform')
        if (found !== undefined) return found
        throw new Error('nothing was noticed')
      } finally {
        await damaged.close()
      }
    }
    const found = await reading().catch((error: unknown) => error)
    expect(typeof found === 'string' ? 'database.damaged' : Reflect.get(Object(found), 'code')).toBe('database.damaged')
  }) // prettier-ignore

  test("another program's database is not touched", async () => {
    const path = newPath()
    const other = new BetterSqlite3(path)
    other.exec('CREATE TABLE job (id TEXT)')
    other.close()
    const before = await readFile(path)
    await expect(openDatabase(`file:${path}`, { create: true })).rejects.toMatchObject({ code: 'database.foreign' })
    expect(await readFile(path)).toEqual(before)
  })

  test('a folder where the file should be, or a missing file, is said so', async () => {
    await expect(openDatabase(`file:${folder}`)).rejects.toMatchObject({ code: 'database.unreachable' })
    await expect(openDatabase(`file:${newPath()}`)).rejects.toMatchObject({ code: 'database.not-initialised' })
  })

  test('opened for reading alone it can be read and not written', async () => {
    const path = newPath()
    await (await openDatabase(`file:${path}`, { create: true })).close()
    chmodSync(path, 0o444)
    const database = await openDatabase(`file:${path}`, { readOnly: true })
    expect(await database.sql.all('SELECT count(*) AS n FROM run')).toEqual([{ n: 0 }])
    await expect(database.write((writer) => writer.run('DELETE FROM run'))).rejects.toMatchObject({
      code: 'database.unreachable',
    })
    await database.close()
  })

  test('two projects in folders of one name have databases of their own', async () => {
    const [a, b] = [join(folder, 'a/project/stemma.db'), join(folder, 'b/project/stemma.db')]
    const [one, two] = [
      await openDatabase(`file:${a}`, { create: true }),
      await openDatabase(`file:${b}`, { create: true }),
    ]
    await one.write((writer) => writer.insert(tables.transform, transforms(0, 1)))
    expect(await two.sql.all('SELECT * FROM transform')).toEqual([])
    await one.close()
    await two.close()
  })
})

const describePostgres = canStartPostgres() ? describe : describe.skip
describePostgres('Postgres', () => {
  const started: PostgresServer[] = []
  const start = async (): Promise<PostgresServer> => {
    const server = await startPostgres()
    if (server === undefined) throw new Error('no Postgres')
    started.push(server)
    return server
  }
  afterAll(async () => {
    for (const server of started) await server.stop()
  })

  test('plans are not compiled: that takes longer than any statement of ours', async () => {
    const database = await openDatabase((await start()).freshUrl(), { create: true })
    expect(await database.sql.all('SHOW jit')).toEqual([{ jit: 'off' }])
    await database.close()
  })

  test('a server that is not there, a wrong name, and one that is killed are said so', async () => {
    const server = await start()
    await expect(openDatabase('postgres://x@127.0.0.1:1/x')).rejects.toMatchObject({ code: 'database.unreachable' })
    await expect(openDatabase(`${server.url}nothing`)).rejects.toMatchObject({ code: 'database.unreachable' })
    const database = await openDatabase(server.freshUrl(), { create: true })
    const written = database.write(async (writer) => {
      await writer.insert(tables.transform, transforms(0, 100))
      await server.kill()
      await writer.insert(tables.transform, transforms(100, 100))
    })
    await expect(written).rejects.toMatchObject({ code: 'database.unreachable' })
    await expect(database.sql.all('SELECT 1')).rejects.toMatchObject({ code: 'database.unreachable' })
    await database.close()
  })

  test('a writer waits for its turn, then says that the database is locked', async () => {
    const server = await start()
    const url = server.freshUrl()
    const [a, b] = [
      await openDatabase(url, { create: true }),
      await openDatabase(url, { create: true, writeTurnMs: 300 }),
    ]
    let release = (): void => undefined
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const first = a.write(() => held)
    await new Promise((resolve) => setTimeout(resolve, 100))
    await expect(b.write(() => Promise.resolve())).rejects.toMatchObject({ code: 'database.locked' })
    release()
    await first
    await b.write(() => Promise.resolve())
    await a.close()
    await b.close()
  })

  test("a schema with another program's tables is not touched", async () => {
    const server = await start()
    const { default: pg } = await import('pg')
    const client = new pg.Client({ connectionString: server.url })
    await client.connect()
    await client.query('CREATE TABLE job (id TEXT)')
    await client.end()
    await expect(openDatabase(server.url, { create: true })).rejects.toMatchObject({ code: 'database.foreign' })
  })
})

describe('urls', () => {
  test('are shown without secrets', () => {
    expect(parseDatabaseUrl('postgres://me:geheim@host:5433/db?schema=s&sslpassword=x')).toMatchObject({
      provider: 'postgres',
      schema: 's',
      shown: expect.not.stringMatching(/geheim|=x/),
      connection: expect.not.stringContaining('schema='),
    })
    expect(parseDatabaseUrl('file:/a/b.db')).toEqual({ provider: 'sqlite', path: '/a/b.db', shown: 'file:/a/b.db' })
    expect(parseDatabaseUrl('file:///a/b%20c.db')).toMatchObject({ path: '/a/b c.db' })
    expect(parseDatabaseUrl('file:x.db')).toMatchObject({ path: join(process.cwd(), 'x.db') })
  })
  test.each(['', 'file:', 'mysql://me:geheim@host/x', 'postgres://['])('%s is refused', (url) => {
    expect(() => parseDatabaseUrl(url)).toThrow(expect.objectContaining({ code: 'config.invalid' }))
    expect(() => parseDatabaseUrl(url)).not.toThrow(/geheim/)
  })
})

describe('what a driver throws', () => {
  const thrown = (code: string, message = 'm'): Error => Object.assign(new Error(message), { code })
  test.each([
    ['SQLITE_BUSY_SNAPSHOT', 'database.locked'],
    ['SQLITE_FULL', 'database.full'],
    ['SQLITE_IOERR_WRITE', 'database.full'],
    ['SQLITE_IOERR_READ', 'database.damaged'],
    ['SQLITE_NOTADB', 'database.damaged'],
    ['SQLITE_CANTOPEN', 'database.unreachable'],
    ['55P03', 'database.locked'],
    ['53100', 'database.full'],
    ['XX001', 'database.damaged'],
    ['57P01', 'database.unreachable'],
    ['ECONNREFUSED', 'database.unreachable'],
  ])('%s is %s', (code, ours) => {
    expect(toDatabaseError(thrown(code), 'db')).toMatchObject({ code: ours, detail: { url: 'db', driverCode: code } })
  })
  test('a mistake of ours stays what it is', () => {
    for (const error of [thrown('42601'), thrown('SQLITE_ERROR'), new Error('x'), 'text']) {
      expect(toDatabaseError(error, 'db')).toBe(error)
    }
  })
})

async function overwrite(path: string): Promise<void> {
  const file = await open(path, 'r+')
  const { size } = await file.stat()
  await file.write(Buffer.alloc(size - 8_192, 0xa5), 0, size - 8_192, 8_192)
  await file.close()
}
