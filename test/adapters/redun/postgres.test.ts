import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import redun from '../../../adapters/redun/index.ts'
import type { AddressSource, Fact, FileSource } from '../../../core/adapter.ts'
import { toUri } from '../../../core/adapter.ts'
import { openFolder } from '../../../core/source/folder.ts'
import { fileHasher } from '../../../core/source/hasher.ts'
import { canStartPostgres, startPostgres } from '../../tools/postgres.ts'
import type { PostgresServer } from '../../tools/postgres.ts'
import { edgesOf, fixture, readFacts, runsOf } from './read-facts.ts'

const PROJECT = fixture('0.46.0/postgres-and-export')
const withPostgres = canStartPostgres() ? describe : describe.skip

withPostgres('redun in Postgres', () => {
  let server: PostgresServer | undefined
  let address = ''

  beforeAll(async () => {
    server = await startPostgres()
    if (server === undefined) throw new Error('no Postgres')
    address = server.url
    const loaded = spawnSync('psql', ['-q', '-v', 'ON_ERROR_STOP=1', '-d', address, '-f', `${PROJECT}/redun.sql`], {
      encoding: 'utf8',
    })
    if (loaded.status !== 0) throw new Error(loaded.stderr)
  }, 120_000)

  afterAll(async () => server?.stop())

  async function from(place: string, folder?: FileSource): Promise<Fact[]> {
    const uri = toUri(place.replace(/:[^:@/]*@/, '@')) ?? toUri('postgres://x')
    if (uri === undefined) throw new Error('no uri')
    const source: AddressSource = { kind: 'address', address: place, uri, ...(folder === undefined ? {} : { folder }) }
    return readFacts(source)
  }

  async function project(): Promise<FileSource> {
    return openFolder(PROJECT, fileHasher('small'))
  }

  test('gives the same facts as the lines of its export', async () => {
    const exported = await readFacts(`${PROJECT}/export.jsonl`)
    const read = await from(address, await project())
    const lines = (facts: readonly Fact[]): string[] =>
      facts.filter((fact) => fact.kind !== 'gap').map((fact) => JSON.stringify(fact)) // prettier-ignore
    expect(lines(read).sort()).toEqual(lines(exported).sort())
  })

  test('takes the address as redun.ini has it, with a Python driver in it', async () => {
    const written = address.replace(/^postgres:/, 'postgresql+psycopg2:')
    expect(await redun.detect({ kind: 'address', address: written, uri: toUri(written) ?? never() })).toMatchObject({
      engine: 'redun',
    })
    expect(runsOf(await from(written, await project()))).toHaveLength(34)
  })

  test('relative paths start in the project around, and say so when there is none', async () => {
    expect(edgesOf(await from(address, await project()), PROJECT)).toContain('survey.merge -> merged.csv')
    const alone = await from(address)
    expect(alone).toContainEqual(expect.objectContaining({ kind: 'gap', code: 'redun.working-folder-unknown' }))
    expect(alone.some((fact) => fact.kind === 'artifact' && fact.uri.endsWith('/merged.csv'))).toBe(true)
    expect(alone.some((fact) => fact.kind === 'artifact' && fact.uri.startsWith('file:'))).toBe(false)
  })

  test('a schema is named as Prisma names it', async () => {
    const client = new pg.Client({ connectionString: address })
    await client.connect()
    await client.query('ALTER SCHEMA public RENAME TO lab')
    try {
      expect(runsOf(await from(`${address}?schema=lab`, await project()))).toHaveLength(34)
      await expect(from(address)).rejects.toMatchObject({ code: 'source.unreadable' })
    } finally {
      await client.query('ALTER SCHEMA lab RENAME TO public')
      await client.end()
    }
  })

  test('a server that is not there is a clear refusal without its password', async () => {
    const wrong = from('postgres://me:hunter2@127.0.0.1:1/none')
    await expect(wrong).rejects.toMatchObject({ code: 'source.unreadable' })
    await expect(wrong).rejects.toMatchObject({ message: expect.not.stringContaining('hunter2') })
  })
})

function never(): never {
  throw new Error('no uri')
}

describe('a project that keeps its database in Postgres', () => {
  test('is told by name, without the password', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'redun-ini-'))
    await mkdir(join(folder, '.redun'))
    const uri = 'postgresql+psycopg2://ann:s3cret-word@db.example/redun'
    await writeFile(join(folder, '.redun/redun.ini'), `[backend]\ndb_uri = ${uri}\n`)
    await expect(readFacts(folder)).rejects.toMatchObject({
      code: 'source.not-found',
      advice: `redun.ini keeps the database in Postgres: stemma import redun 'postgresql+psycopg2://ann@db.example/redun'`,
    })
  })
})
