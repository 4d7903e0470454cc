import { copyFile, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import Database from 'better-sqlite3'
import snakemake from '../../../../adapters/snakemake/index.ts'
import { readDatabaseStore } from '../../../../adapters/snakemake/store/read-database.ts'
import { openFolder } from '../../../../core/source/folder.ts'
import { fileHasher } from '../../../../core/source/hasher.ts'
import { readFacts } from '../read-facts.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'snakemake-db-'))
})
afterEach(async () => rm(folder, { recursive: true, force: true }))

/** The tables as Snakemake 9.27 makes them. */
function makeDatabase(
  path: string,
  rows: readonly { namespace: string; target: string; rule: string | null; incomplete?: number }[],
): Database.Database {
  const database = new Database(path)
  database.exec(`CREATE TABLE snakemake_metadata (namespace TEXT, target TEXT, rule TEXT, input TEXT, log TEXT, shellcmd TEXT, params TEXT,
      code TEXT, record_format_version INTEGER, conda_env TEXT, container_img_url TEXT, software_stack_hash TEXT, job_hash INTEGER,
      starttime FLOAT, endtime FLOAT, incomplete BOOLEAN, external_jobid TEXT, input_checksums TEXT, PRIMARY KEY (namespace, target));
    CREATE TABLE snakemake_locks (namespace TEXT, file_path TEXT, lock_type TEXT);`)
  const insert =
    database.prepare(`INSERT INTO snakemake_metadata VALUES (?, ?, ?, '["in.txt"]', 'null', 'cat in.txt', '[]', 'cat {input}', 6,
    NULL, NULL, 'd41d8cd98f00b204e9800998ecf8427e', 8774844616135, 1795504909.1, 1795504909.2, ?, NULL, '{}')`)
  for (const { namespace, target, rule, incomplete } of rows) insert.run(namespace, target, rule, incomplete ?? 0)
  return database
}

async function items(name: string): Promise<unknown[]> {
  const found: unknown[] = []
  for await (const item of readDatabaseStore(await openFolder(folder, fileHasher('none')), name)) found.push(item)
  return found
}

describe('a database of records', () => {
  test('in WAL mode it is read whole and nothing is written beside it', async () => {
    const database = makeDatabase(join(folder, 'open.db'), [{ namespace: '/a/.snakemake', target: 'one', rule: 'r' }])
    database.pragma('journal_mode = WAL')
    database.prepare("UPDATE snakemake_metadata SET target = 'changed in the log'").run()
    for (const suffix of ['', '-wal'])
      await copyFile(join(folder, `open.db${suffix}`), join(folder, `left.db${suffix}`))
    database.close()
    const before = (await readdir(folder)).sort()
    expect(await items('left.db')).toMatchObject([{ item: { record: { target: 'changed in the log' } } }])
    expect((await readdir(folder)).sort()).toEqual(before)
  })

  test('a journal that a killed process left is rolled back on a copy', async () => {
    makeDatabase(join(folder, 'left.db'), [{ namespace: '/a/.snakemake', target: 'one', rule: 'r' }]).close()
    await writeFile(join(folder, 'left.db-journal'), Buffer.alloc(512))
    const before = await stat(join(folder, 'left.db'))
    expect(await items('left.db')).toHaveLength(1)
    expect((await stat(join(folder, 'left.db'))).mtimeMs).toBe(before.mtimeMs)
    expect((await stat(join(folder, 'left.db-journal'))).size).toBe(512)
  })

  test('one database serves two working directories with equal names', async () => {
    makeDatabase(join(folder, 'shared.db'), [
      { namespace: '/project/a/.snakemake', target: 'out/x.txt', rule: 'make' },
      { namespace: '/project/b/.snakemake', target: 'out/x.txt', rule: 'make' },
      { namespace: '/project/b/.snakemake', target: 'out/y.txt', rule: null, incomplete: 1 },
    ]).close()
    const facts = await readFacts(snakemake, folder)
    const uris = facts.flatMap((fact) => (fact.kind === 'artifact' ? [fact.uri] : []))
    expect(uris).toContain('file:///project/a/in.txt')
    expect(uris).toContain('file:///project/b/in.txt')
    expect(facts.filter((fact) => fact.kind === 'gap' && fact.code === 'snakemake.incomplete-output')).toHaveLength(1)
  })

  test('a damaged row is a gap, and those beside it are read', async () => {
    const database = makeDatabase(
      join(folder, 'left.db'),
      ['one', 'three', 'two', 'zero'].map((target) => ({ namespace: '/a/.snakemake', target, rule: 'r' })),
    )
    database.exec(`UPDATE snakemake_metadata SET input = '{not json' WHERE target = 'one';
      UPDATE snakemake_metadata SET shellcmd = x'00ff' WHERE target = 'three';
      UPDATE snakemake_metadata SET starttime = 'yesterday' WHERE target = 'two';
      UPDATE snakemake_metadata SET target = NULL WHERE target = 'zero'`)
    database.close()
    const found = await items('left.db')
    expect(found).toHaveLength(4)
    expect(found).toEqual(
      expect.arrayContaining([
        { namespace: '/a/.snakemake', item: expect.objectContaining({ kind: 'damaged', place: 'left.db: one' }) },
        { namespace: '/a/.snakemake', item: expect.objectContaining({ kind: 'damaged', place: 'left.db: two' }) },
        { namespace: '/a/.snakemake', item: expect.objectContaining({ kind: 'damaged', place: 'left.db: ' }) },
        { namespace: '/a/.snakemake', item: expect.objectContaining({ kind: 'record' }) },
      ]),
    )
  })

  test('columns and tables that another version does not have are not missed', async () => {
    const database = makeDatabase(join(folder, 'left.db'), [{ namespace: '/a/.snakemake', target: 'one', rule: 'r' }])
    database.exec('ALTER TABLE snakemake_metadata DROP COLUMN input_checksums; DROP TABLE snakemake_locks')
    database.close()
    expect(await items('left.db')).toMatchObject([{ item: { record: { target: 'one', inputs: ['in.txt'] } } }])
  })
})
