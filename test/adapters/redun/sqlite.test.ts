import { spawnSync } from 'node:child_process'
import { chmod, cp, mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, describe, expect, test } from '@jest/globals'
import redun from '../../../adapters/redun/index.ts'
import { copyOf, edgesOf, fixture, open, readFacts, runsOf } from './read-facts.ts'

const made: string[] = []
afterEach(async () => {
  for (const folder of made.splice(0)) await rm(folder, { recursive: true, force: true })
})

async function project(scenario = '0.46.0/killed-and-resumed'): Promise<string> {
  const folder = await copyOf(scenario)
  made.push(join(folder, '..'))
  return folder
}

function change(database: string, sql: string): void {
  const open = new Database(database)
  open.exec(sql)
  open.close()
}

describe('damaged jobs', () => {
  test('thousands of them hide no other', async () => {
    const folder = await project()
    const before = edgesOf(await readFacts(folder), folder)
    change(
      join(folder, '.redun/redun.db'),
      `update job set rowid = rowid + 10000;
      with recursive n (i) as (select 1 union all select i + 1 from n where i < 4100)
        insert into job (rowid, id, start_time, task_hash, cached, execution_id)
        select i, 'torn' || i, start_time, job.task_hash, 'x', execution_id
        from n, (select j.* from job j join call_node c on c.call_hash = j.call_hash where c.task_name = 'slow.prep' limit 1) job`,
    )
    const facts = await readFacts(folder)
    expect(edgesOf(facts, folder)).toEqual(before)
    expect(facts).toContainEqual(
      expect.objectContaining({ code: 'redun.damaged-rows', message: '4100 damaged rows of job' }),
    )
  })

  test.each([
    ['itself', 'update job set parent_id = id where parent_id is null'],
    [
      'its own parent',
      'update job set parent_id = (select k.id from job k where k.parent_id = job.id limit 1) where parent_id is null',
    ],
  ])('one that stands above %s is read once', async (_what, sql) => {
    const folder = await project()
    const before = await readFacts(folder)
    change(join(folder, '.redun/redun.db'), sql)
    const uids = (facts: typeof before): readonly string[] =>
      runsOf(facts)
        .map((run) => run.uid)
        .sort()
    expect(uids(await readFacts(folder))).toEqual(uids(before))
  })
})

describe('where the database is', () => {
  test.each(['', '.redun', '.redun/redun.db'])('found from "%s" of the project', async (place) => {
    const folder = await project()
    expect(edgesOf(await readFacts(join(folder, place)), folder)).toContain('slow.prep <- in/0.txt')
  })

  test('outside .redun, where the configuration says; the project was moved since', async () => {
    const folder = await project('0.46.0/sub-run')
    for (const place of ['', 'db/redun.db'])
      expect(edgesOf(await readFacts(join(folder, place)), folder)).toContain('sub.inner <- a.txt')
  })

  test('a second one beside it, which sub-schedulers leave behind, is read too', async () => {
    const folder = await project()
    await cp(`${fixture('0.46.0/two-workflows')}/.redun/redun.db`, join(folder, 'redun.db'))
    expect(runsOf(await readFacts(folder)).filter((run) => run.parent === undefined)).toHaveLength(7)
  })

  test('--cwd says where relative paths start', async () => {
    const facts = await readFacts(await project(), { cwd: '/data/elsewhere' })
    expect(facts).toContainEqual(expect.objectContaining({ uri: 'file:///data/elsewhere/in/0.txt' }))
  })

  test('a folder without one is refused, and not recognised', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'redun-empty-'))
    made.push(empty)
    expect(await redun.detect(await open(empty))).toBeUndefined()
    await expect(readFacts(empty)).rejects.toMatchObject({ code: 'source.not-found' })
  })

  test('a database of somebody else is not recognised, and refused when named', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'redun-other-'))
    made.push(folder)
    change(join(folder, 'redun.db'), 'create table job (id text)')
    expect(await redun.detect(await open(folder))).toBeUndefined()
    await expect(readFacts(folder)).rejects.toMatchObject({ code: 'source.unreadable' })
  })
})

describe('versions of the schema', () => {
  test('an unknown migration is read as the newest known, and told', async () => {
    const folder = await project()
    change(join(folder, '.redun/redun.db'), `update alembic_version set version_num = 'abcdef012345'`)
    const facts = await readFacts(folder)
    expect(facts).toContainEqual(expect.objectContaining({ kind: 'gap', code: 'redun.schema-newer' }))
    expect(runsOf(facts)).toHaveLength(17)
  })

  test('an unknown major version is refused', async () => {
    const folder = await project()
    change(join(folder, '.redun/redun.db'), 'update redun_version set version = 4')
    await expect(readFacts(folder)).rejects.toMatchObject({ code: 'source.version-unknown' })
  })
})

describe('a database at work', () => {
  test('is not written to, nor is anything laid beside it', async () => {
    const folder = await project()
    const database = join(folder, '.redun/redun.db')
    const before = [await readFile(database), (await stat(database)).mtimeMs, await readdir(join(folder, '.redun'))]
    await readFacts(folder)
    expect([await readFile(database), (await stat(database)).mtimeMs, await readdir(join(folder, '.redun'))]).toEqual(
      before,
    )
  })

  test('can be written to by redun while it is read', async () => {
    const folder = await project()
    const path = join(folder, '.redun/redun.db')
    const writer = new Database(path, { timeout: 0 })
    let written = 0
    for await (const fact of redun.read([await open(folder)], { own: {} })) {
      if (fact.kind !== 'run') continue
      writer.prepare(`update execution set args = args`).run()
      written += 1
    }
    writer.close()
    expect(written).toBeGreaterThan(10)
  })

  test('is readable in a folder where nothing may be written', async () => {
    const folder = await project()
    await chmod(join(folder, '.redun/redun.db'), 0o444)
    await chmod(join(folder, '.redun'), 0o555)
    expect(runsOf(await readFacts(folder))).toHaveLength(17)
    await chmod(join(folder, '.redun'), 0o755)
  })

  test('a write-ahead log is read without joining it', async () => {
    const folder = await project()
    const path = join(folder, '.redun/redun.db')
    const writer = new Database(path)
    writer.pragma('journal_mode = wal')
    writer.prepare(`update execution set args = '["in the log"]'`).run()
    await cp(path, `${path}.kept`)
    await cp(`${path}-wal`, `${path}-wal.kept`)
    writer.close()
    await rename(`${path}.kept`, path)
    await rename(`${path}-wal.kept`, `${path}-wal`)
    const before = await readdir(join(folder, '.redun'))
    const runs = runsOf(await readFacts(folder))
    expect(runs.filter((run) => run.parent === undefined).map((run) => run.command)).toEqual(
      Array<string>(2).fill(`'in the log'`),
    )
    expect(await readdir(join(folder, '.redun'))).toEqual(before)
  })

  test('the journal of a killed run is undone in a copy, not in place', async () => {
    const folder = await project()
    const path = join(folder, '.redun/redun.db')
    // Dies in the middle of a transaction whose pages are already in the file.
    const script = `import sqlite3, os
c = sqlite3.connect(${JSON.stringify(path)}, isolation_level=None)
c.execute("pragma cache_size = 1"); c.execute("pragma cache_spill = 1"); c.execute("begin")
c.execute("update value set format = format || 'x'"); c.execute("update job set task_hash = 'torn'")
os._exit(9)`
    spawnSync('python3', ['-c', script])
    const journal = await stat(`${path}-journal`)
    expect(journal.size).toBeGreaterThan(0)
    const before = await readFile(path)
    const runs = runsOf(await readFacts(folder))
    expect(runs.filter((run) => run.name === 'slow.prep')).toHaveLength(6)
    expect(await readFile(path)).toEqual(before)
    expect((await stat(`${path}-journal`)).size).toBe(journal.size)
  })
})

test('rows that make no sense are counted and left out', async () => {
  const folder = await project()
  change(
    join(folder, '.redun/redun.db'),
    `pragma foreign_keys = off; update value set type = x'00ff' where type = 'redun.File'`,
  )
  const facts = await readFacts(folder)
  expect(facts).toContainEqual(expect.objectContaining({ kind: 'gap', code: 'redun.damaged-rows' }))
  expect(runsOf(facts)).toHaveLength(17)
})

describe('values whose bytes are lost', () => {
  const gaps = async (folder: string): Promise<readonly string[]> =>
    (await readFacts(folder)).flatMap((fact) => (fact.kind === 'gap' ? [`${fact.code}: ${fact.message}`] : []))

  test('a value store that is gone, or lacks some, is told; files and runs are all there', async () => {
    const folder = await project('0.46.0/value-store')
    const whole = [...edgesOf(await readFacts(folder), folder)].sort()
    await rm(join(folder, '.redun/vstore'), { recursive: true })
    expect(await gaps(folder)).toEqual([
      expect.stringMatching(/^redun\.values-missing: \d+ values lie in a value store/),
    ])
    expect([...edgesOf(await readFacts(folder), folder)].sort()).toEqual(whole)
  })

  test('a pickle that breaks off is told', async () => {
    const folder = await project()
    change(
      join(folder, '.redun/redun.db'),
      `update value set value = substr(value, 1, 4) where value_hash in (select value_hash from argument) and type = 'builtins.int'`,
    )
    expect(await gaps(folder)).toEqual([expect.stringMatching(/^redun\.values-damaged: \d+ values cannot be decoded/)])
  })
})

test('jobs that name each other as parents are cut loose', async () => {
  const folder = await project()
  change(join(folder, '.redun/redun.db'), 'pragma foreign_keys = off; update job set parent_id = id')
  expect(runsOf(await readFacts(folder))).toHaveLength(17)
})

test('dangling references are no obstacle', async () => {
  const folder = await project()
  change(
    join(folder, '.redun/redun.db'),
    `pragma foreign_keys = off; delete from task; delete from call_node where task_name = 'slow.prep'; delete from value where type = 'redun.Task'; delete from job where parent_id is null`,
  )
  const runs = runsOf(await readFacts(folder))
  expect(runs.filter((run) => run.parent === undefined).map((run) => run.outcome)).toEqual(['failed', 'failed'])
})

test('an export whose lines are torn or foreign is read as far as it goes', async () => {
  const lines = (await readFile(`${fixture('0.46.0/postgres-and-export')}/export.jsonl`, 'utf8')).split('\n')
  const folder = await mkdtemp(join(tmpdir(), 'redun-export-'))
  made.push(folder)
  const torn = [...lines.slice(0, 40), '{"_version": 1, "_type": "Job"', '{"_version": 2, "_type": "Job"}', '[]', '{"_version": 1, "_type": "Novel"}', '{"_version": 1, "_type": "Job", "id": 3}', ...lines.slice(40)] // prettier-ignore
  await writeFile(join(folder, 'export.jsonl'), torn.join('\n'))
  const facts = await readFacts(folder)
  expect(facts.filter((fact) => fact.kind === 'gap').map((fact) => fact.place.split(':').at(-1))).toEqual(['41', '42', '43', '44', '45']) // prettier-ignore
  expect(runsOf(facts)).toHaveLength(34)
})
