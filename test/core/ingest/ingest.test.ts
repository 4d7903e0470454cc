import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Database } from '../../../core/db/database.ts'
import { openDatabase } from '../../../core/db/open-database.ts'
import type { AmbiguousFact, Fact } from '../../../core/fact/fact.ts'
import { ingest } from '../../../core/ingest/ingest.ts'
import type { IngestOptions } from '../../../core/ingest/ingest.ts'
import { describeDatabases } from '../../tools/databases.ts'
import { dump } from '../../tools/dump.ts'
import { artifact, consumed, copied, produced, run, stream, transform } from '../../tools/facts.ts'
import { manyFacts } from './many-facts.ts'

const meta = { adapter: 'test', adapterVersion: 1, place: 'file:///here' }
const T = transform('T')

async function collect(facts: AsyncIterable<Fact>): Promise<Fact[]> {
  const all: Fact[] = []
  for await (const fact of facts) all.push(fact)
  return all
}

/** Facts in another order in which each still comes after what it refers to. */
function shuffled(facts: readonly Fact[], keys: readonly number[]): Fact[] {
  const rank: Readonly<Record<string, number>> = { transform: 0, run: 1, artifact: 1 }
  const place = (fact: Fact): number => rank[fact.kind] ?? 2
  return facts
    .map((fact, at) => ({ fact, key: keys[at % keys.length] ?? 0, at }))
    .sort((a, b) => place(a.fact) - place(b.fact) || a.key - b.key || b.at - a.at)
    .map(({ fact }) => fact)
}

describeDatabases('ingest', (fresh) => {
  const imported = async (imports: readonly (readonly Fact[])[], options: IngestOptions = {}): Promise<Database> => {
    const database = await fresh.open()
    for (const facts of imports) await ingest(database, stream(facts), meta, options)
    return database
  }

  test('the second time adds and changes nothing', async () => {
    const facts = await collect(manyFacts(0, 120))
    const database = await fresh.open()
    const first = await ingest(database, stream(facts), meta)
    expect(first).toMatchObject({ counts: { run: 121, gap: 3 }, changed: 0, reconciled: 119 })
    const before = await dump(database)
    expect(await ingest(database, stream(facts), meta)).toMatchObject({ import: first.import, added: 0, changed: 0 })
    expect(await dump(database)).toEqual(before)
  })

  test('a secret whose name comes late is in no row that was written before', async () => {
    const secret = 'Late5ecretSent1nel'
    const execution = run('execution', [1, 100_000])
    const code = transform('code', { source: `{ fetch('${secret}') }` })
    const early = run('early', [2, 3], {
      transform: code.uid,
      parent: execution.uid,
      name: `with ${secret}`,
      command: `{ curl -u me ${secret}; }`,
      params: { note: [`say "${secret}"`] },
    })
    const live = run('early', [2, 3], { ...early, evidence: 'inferred', labels: { note: secret } })
    const gap = { kind: 'gap', code: 'test.gap', place: 'log:1', message: `no answer to ${secret}` } as const
    const [one, two] = [artifact('/data/one'), artifact('/data/two')]
    const third = artifact('/data/three')
    const unsure: AmbiguousFact = {
      kind: 'ambiguous', subject: one.uid, relation: 'copied', candidates: [two.uid, third.uid], why: `says ${secret}`,
    } // prettier-ignore
    const named = run('late', [4, 5], { parent: execution.uid, params: { apiToken: secret } })
    const later: AmbiguousFact = { ...unsure, subject: two.uid, candidates: [one.uid, third.uid] }
    const many = await collect(manyFacts(0, 620))
    const facts = [T, code, execution, gap, early, live, one, two, third, unsure, ...many, later, named]
    const database = await fresh.open()
    const first = await ingest(database, stream(facts), meta)
    expect(JSON.stringify(first)).not.toContain(secret)
    const before = JSON.stringify(await dump(database))
    expect(before).not.toContain(secret)
    expect(before).toContain('with [redacted]')
    expect(before.split('says [redacted]')).toHaveLength(3)
    const [text, word] =
      fresh.provider === 'sqlite'
        ? ['SELECT uid FROM search WHERE search MATCH ?', secret]
        : [`SELECT uid FROM search WHERE words @@ to_tsquery('simple', ?)`, secret.toLowerCase()]
    expect(await database.sql.all(text, [word])).toEqual([])
    expect(await ingest(database, stream(facts), meta)).toMatchObject({ added: 0 })
    expect(JSON.stringify(await dump(database))).toBe(before)
    if (fresh.provider !== 'sqlite') return
    await database.close()
    const file = fileURLToPath(database.url)
    expect((await readFile(file)).includes(secret)).toBe(false)
    expect((await readFile(file)).toString('latin1').toLowerCase()).not.toContain(secret.toLowerCase())
  })

  test('in any order, in pieces of any size: the same rows', async () => {
    const facts = await collect(manyFacts(0, 30))
    const expected = await dump(await imported([facts]))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { minLength: 7, maxLength: 31 }), fc.nat(29), async (keys, cut) => {
        const [early, late] = [await collect(manyFacts(0, cut)), await collect(manyFacts(cut, 30))]
        expect(await dump(await imported([shuffled(facts, keys)]))).toEqual(expected)
        expect(await dump(await imported([late, early]))).toEqual(expected)
      }),
      { numRuns: 3 },
    )
  }, 120_000)

  test('different statements about one thing come out the same in any order', async () => {
    const file = artifact('/w/a')
    const statements: Fact[][] = [
      [T, run('r', [1], { outcome: 'running', labels: { a: 1 } })],
      [T, run('r', [1.5, 7], { outcome: 'succeeded', exitCode: 0, labels: { b: [2] } })],
      [T, run('r', [], { outcome: 'unknown', evidence: 'inferred', name: 'stub of a longer name', params: { z: 1 } })],
      [T, run('r', [], { outcome: 'failed', evidence: 'observed', host: 'here', params: { y: 'x' } })],
      [
        T,
        run('r'),
        file,
        { ...file, sizeBytes: 3 },
        produced(run('r'), file, { evidence: 'inferred', method: 'by name' }),
      ],
      [T, run('r'), { ...file, type: 'folder' }, produced(run('r'), file, { evidence: 'observed' })],
    ]
    const expected = await dump(await imported(statements))
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(statements, { minLength: statements.length }), async (order) => {
        expect(await dump(await imported(order))).toEqual(expected)
        expect(await dump(await imported([order.flat()]))).toEqual(expected)
      }),
      { numRuns: 4 },
    )
    expect(expected.run).toHaveLength(1)
    expect(JSON.parse(expected.run?.[0] ?? '')).toMatchObject({
      outcome: 'succeeded',
      host: 'here',
      name: 'r',
      evidence: null,
    })
    expect(expected.produced?.[0]).toContain('"observed"')
  }, 120_000)

  test('several processes at once: the same rows as one after the other', async () => {
    const url = fresh.url()
    const children = [[0, 80], [40, 120], [0, 120]].map(([from, to]) => child(url, from ?? 0, to ?? 0)) // prettier-ignore
    for (const one of children) expect(await one.ended).toBe(0)
    const database = await openDatabase(url)
    expect(await dump(database)).toEqual(await dump(await imported([await collect(manyFacts(0, 120))])))
    await database.close()
  }, 120_000)

  test('killed at any moment and repeated: the same rows', async () => {
    const url = fresh.url()
    const opened = await openDatabase(url, { create: true })
    await opened.close()
    for (const afterMs of [0, 150, 400, 900]) {
      const one = child(url, 0, 20_000)
      await one.begun
      await new Promise((resolve) => setTimeout(resolve, afterMs))
      one.kill()
      await one.ended
      const database = await openDatabase(url)
      const [runs] = await database.sql.all('SELECT count(*) AS n FROM run')
      expect([0, 20_001]).toContain(runs?.n) // all or nothing
      await database.close()
    }
    const database = await openDatabase(url)
    await ingest(database, manyFacts(0, 300), meta)
    const expected = await dump(await imported([await collect(manyFacts(0, 300))]))
    if ((await database.sql.all('SELECT count(*) AS n FROM run'))[0]?.n === 301)
      expect(await dump(database)).toEqual(expected)
    await database.close()
  }, 120_000)

  test('a source that fails half way leaves nothing behind', async () => {
    const database = await fresh.open()
    const failing = async function* (): AsyncIterable<Fact> {
      yield* manyFacts(0, 3_000)
      throw new Error('the source is gone')
    }
    await expect(ingest(database, failing(), meta)).rejects.toThrow('the source is gone')
    expect(await database.sql.all('SELECT count(*) AS n FROM run')).toEqual([{ n: 0 }])
    expect(await database.sql.all('SELECT count(*) AS n FROM import')).toEqual([{ n: 0 }])
  })

  test('interrupted, dry and strict imports leave nothing behind', async () => {
    const database = await fresh.open()
    const aborted = { signal: AbortSignal.abort() }
    await expect(ingest(database, manyFacts(0, 60), meta, aborted)).rejects.toMatchObject({ code: 'interrupted' })
    await expect(ingest(database, manyFacts(0, 60), meta, { strict: true })).rejects.toMatchObject({
      code: 'source.gaps',
      detail: { gaps: 2, codes: ['test.gap'] },
    })
    const dry = await ingest(database, manyFacts(0, 60), meta, { dryRun: true })
    expect(dry).toMatchObject({ counts: { run: 61 }, reconciled: 59, gaps: [{ code: 'test.gap', count: 2 }] })
    expect(await database.sql.all('SELECT count(*) AS n FROM run')).toEqual([{ n: 0 }])
  })

  test('an edge to what was never defined is refused, with all that came with it', async () => {
    const database = await fresh.open()
    const r = run('r')
    const dangling = ingest(database, stream([T, r, consumed(r, artifact('/nowhere'))]), meta)
    await expect(dangling).rejects.toMatchObject({ code: 'fact.dangling-reference' })
    expect(await database.sql.all('SELECT * FROM run')).toEqual([])
  })

  test('what a file says is parsed', async () => {
    const database = await fresh.open()
    const wrong = [T, { ...run('r'), outcome: 'perhaps' }]
    const parsed = async (facts: readonly unknown[]): Promise<unknown> => {
      const given = JSON.parse(JSON.stringify(facts)) as Fact[]
      return ingest(database, stream(given), meta, { untrusted: true })
    }
    await expect(parsed(wrong)).rejects.toMatchObject({
      code: 'fact.invalid',
      message: expect.stringContaining('number 2'),
    })
    const newer = [{ kind: 'stream', format: 'stemma-facts', version: 99 }]
    await expect(parsed(newer)).rejects.toMatchObject({ code: 'fact.version' })
    await parsed([{ kind: 'stream', format: 'stemma-facts', version: 1 }, T, run('r')])
  })

  test('the same leftovers at two places are one import with two readings', async () => {
    const database = await fresh.open()
    const facts = await collect(manyFacts(0, 60))
    const here = await ingest(database, stream(facts), { ...meta, fingerprint: () => 'abc' })
    const there = await ingest(database, stream(facts), { ...meta, place: 'file:///there' })
    expect(there).toMatchObject({ import: here.import, added: 0 })
    expect(await database.imports.lastReading('test', 'file:///here')).toMatchObject({ fingerprint: 'abc' })
    expect(await database.imports.lastReading('test', 'file:///nowhere')).toBeUndefined()
    const [listed] = await database.imports.list({ limit: 5 })
    expect(listed).toMatchObject({ adapter: 'test', places: ['file:///here', 'file:///there'], counts: { run: 61 } })
  })

  test('a newer adapter replaces the gaps of an older one, and an older one adds none', async () => {
    const gap = (message: string): Fact => ({ kind: 'gap', code: 'a.b', place: 'x', message })
    const told = async (version: number, message: string): Promise<unknown> =>
      ingest(database, stream([T, run('r'), gap(message)]), { ...meta, adapterVersion: version })
    const database = await fresh.open()
    const gaps = async (): Promise<unknown[]> =>
      (await database.sql.all('SELECT message FROM gap ORDER BY 1')).map((row) => row.message)
    await told(1, 'old')
    await told(1, 'more')
    expect(await gaps()).toEqual(['more', 'old'])
    await told(2, 'new')
    expect(await gaps()).toEqual(['new'])
  })

  test('secrets are in no column', async () => {
    const database = await fresh.open()
    const secret = 'Zq7SENTINELx9'
    const uri = artifact('/plain').uri
    const facts: Fact[] = [
      { ...T, source: `token = "${secret}"` },
      run('early', [], { command: `curl -u ${secret}` }), // before the name that gives it away
      run('r', [], { params: { api_token: secret }, command: `--api-token ${secret}`, error: { message: secret } }),
      { ...artifact('/plain'), uri },
      copied(artifact('/plain'), { ...artifact('/plain') }),
      { kind: 'gap', code: 'a.b', place: 'x', message: `saw ${secret}` },
    ]
    await ingest(database, stream(facts), { ...meta, place: `https://me:${secret}@host/x` })
    const all = JSON.stringify([await dump(database), await database.imports.list({ limit: 9 })])
    expect(all).not.toContain(secret)
    expect(all).toContain('[redacted]')
    expect(await database.sql.all('SELECT uid FROM search WHERE uid = ?', [run('r').uid])).toHaveLength(1)
  })
})

interface Child {
  readonly begun: Promise<unknown>
  readonly ended: Promise<number | null>
  kill(): void
}

function child(url: string, from: number, to: number): Child {
  const root = join(import.meta.dirname, '../../..')
  const script = join(import.meta.dirname, 'child.ts')
  const process_ = spawn(process.execPath, ['--import', 'tsx', script, url, String(from), String(to)], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(process_, 'exit').then(([code]): number | null => (typeof code === 'number' ? code : null))
  return { begun: Promise.race([once(process_.stdout, 'data'), ended]), ended, kill: () => process_.kill('SIGKILL') }
}
