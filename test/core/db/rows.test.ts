import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  toAmbiguousFact, toArtifactFact, toConsumedFact, toCopiedFact, toGapFact, toProducedFact, toRunFact, toTransformFact,
} from '../../../core/db/fact-of-row.ts' // prettier-ignore
import { isDanglingReference } from '../../../core/db/failure.ts'
import { artifactRow, extensionOf, nameOf, runRow, toJson, transformRow } from '../../../core/db/row.ts'
import { numberParameters } from '../../../core/db/sql.ts'
import { tables } from '../../../core/db/table.ts'
import type { NewRows, Row, SearchEntry } from '../../../core/db/writer.ts'
import { ingest } from '../../../core/ingest/ingest.ts'
import { manyFacts } from '../ingest/many-facts.ts'
import { describeDatabases } from '../../tools/databases.ts'
import { artifact, consumed, copied, produced, run, stream, transform } from '../../tools/facts.ts'

const meta = { adapter: 'test', adapterVersion: 1, place: 'file:///here' }
const sha = { algorithm: 'sha256', value: 'ab', scope: 'full', evidence: 'observed' } as const

const whole = {
  transform: transform('T', {
    version: '1',
    sourceDigest: sha,
    sourcePath: 'main.nf',
    source: 'x\ty\\z\r\n',
    type: 'rule',
  }),
  run: run('r', [1, 2.5], {
    evidence: 'observed',
    parent: run('p').uid,
    engineVersion: '25.04.8',
    attempt: 2,
    exitCode: -1,
    reuses: run('q').uid,
    params: { b: [1, { d: null, c: 'ü' }], a: 1.5 },
    command: 'a\tb\\N\n\\.',
    container: 'c',
    environment: { PATH: '/bin' },
    host: 'h',
    requested: { cpus: 1 },
    used: { peakRssBytes: 9_007_199_254_740_991 },
    workDir: artifact('/w').uri,
    error: { type: 'E', message: 'm', stack: 's' },
    labels: { tag: '' },
  }),
  artifact: artifact('/d/ä b.fastq.gz', 'v', {
    type: 'folder',
    sizeBytes: 0,
    modifiedAt: '2026-11-24T07:00:00.001Z',
    digests: [{ ...sha, algorithm: 'md5' }, sha],
  }),
}

describeDatabases('a fact that was written', (fresh) => {
  test('is read back as it was', async () => {
    const database = await fresh.open()
    const [one, two] = [artifact('/d/x'), artifact('/d/y')]
    const edges = [
      produced(whole.run, whole.artifact, { role: 'out', evidence: 'inferred', method: 'by name' }),
      consumed(whole.run, one),
      copied(whole.artifact, two, { method: 'link', at: '2026-11-24T07:00:00.000Z' }),
    ]
    const open = {
      kind: 'ambiguous', subject: two.uid, relation: 'copied', candidates: [one.uid, whole.artifact.uid].sort(), why: 'w',
    } as const // prettier-ignore
    const gap = { kind: 'gap', code: 'a.b', place: 'p', message: 'm' } as const
    const facts = [whole.transform, transform('T'), whole.run, whole.artifact, one, two, ...edges, open, gap]
    const { import: uid } = await ingest(database, stream(facts), meta)
    const rows = async (table: string): Promise<Record<string, string | number | null>[]> =>
      (await database.sql.all(`SELECT * FROM ${table} ORDER BY 1`)).map((row) => ({ ...row }))
    const transforms = (await rows('transform')).map(toTransformFact)
    expect(transforms).toEqual([{ ...whole.transform, name: 'T' }])
    expect((await rows('run')).map(toRunFact)).toEqual([whole.run])
    const digests = await rows('digest')
    const artifacts = (await rows('artifact')).map((row) =>
      toArtifactFact(row, digests.filter((digest) => digest.artifact_uid === row.uid)),
    ) // prettier-ignore
    expect(artifacts).toEqual(expect.arrayContaining([whole.artifact, one, two]))
    expect((await rows('produced')).map(toProducedFact)).toEqual([edges[0]])
    expect((await rows('consumed')).map(toConsumedFact)).toEqual([edges[1]])
    expect((await rows('copied')).map(toCopiedFact)).toEqual([edges[2]])
    expect((await rows('ambiguous')).map(toAmbiguousFact)).toEqual([open])
    expect((await rows('gap')).map(toGapFact)).toEqual([{ ...gap, import: uid }])
  })

  test('is found by its words, in any case, without accents, by the start of the last', async () => {
    const database = await fresh.open()
    await ingest(database, stream([whole.transform, whole.run, whole.artifact]), meta)
    const [text, words] =
      fresh.provider === 'sqlite'
        ? ['SELECT uid FROM search WHERE search MATCH ?', '"a" "fast"*']
        : [`SELECT uid FROM search WHERE words @@ to_tsquery('simple', ?)`, 'a & fast:*']
    expect(await database.sql.all(text, [words])).toEqual([{ uid: whole.artifact.uid }])
  })

  test('an unknown word in a column is a defect, not a guess', () => {
    expect(() =>
      toRunFact({ uid: run('r').uid, transform_uid: transform('T').uid, engine: 'e', key: 'k', name: 'n' }),
    ).toThrow('outcome')
    expect(() => toTransformFact({ uid: transform('T').uid, name: null })).toThrow('name')
  })
})

describeDatabases('reading', (fresh) => {
  test('a stream keeps its state, several at once, left early, beside a writer', async () => {
    const database = await fresh.open()
    await ingest(database, manyFacts(0, 3_000), meta)
    const seen: unknown[] = []
    for await (const row of database.sql.iterate('SELECT name FROM run WHERE name <> ? ORDER BY name', ['?'])) {
      if (seen.length === 5) await ingest(database, manyFacts(3_000, 3_010), meta)
      if (seen.length % 1_000 === 0) {
        for await (const inner of database.sql.iterate('SELECT uid FROM run')) {
          expect(inner).toHaveProperty('uid')
          break
        }
      }
      seen.push(row.name)
    }
    expect(seen).toHaveLength(3_001)
    expect(await database.sql.all('SELECT count(*) AS n FROM run')).toEqual([{ n: 3_011 }])
  })

  test('a snapshot sees one state, whatever is written meanwhile', async () => {
    const database = await fresh.open()
    await ingest(database, manyFacts(0, 10), meta)
    const snapshot = await database.snapshot()
    const count = async (): Promise<unknown> => (await snapshot.all('SELECT count(*) AS n FROM run'))[0]?.n
    expect(await count()).toBe(11)
    await ingest(database, manyFacts(0, 20), meta)
    expect(await count()).toBe(11)
    const streamed = []
    for await (const row of snapshot.iterate('SELECT uid FROM run')) streamed.push(row)
    expect(streamed).toHaveLength(11)
    await snapshot.close()
    expect(await database.sql.all('SELECT count(*) AS n FROM run')).toEqual([{ n: 21 }])
  })

  test('an inspection tells version, migrations and size', async () => {
    const database = await fresh.open()
    const { version, migrations, sizeBytes, damage } = await database.inspect()
    expect(version).toMatch(fresh.provider === 'sqlite' ? /^SQLite 3\./ : /^PostgreSQL \d/)
    expect(migrations).toContain('0001_init')
    expect(sizeBytes).toBeGreaterThan(0)
    expect(damage).toBeUndefined()
  })

  test('a mistake in a statement is a rejection', async () => {
    const database = await fresh.open()
    // Not `toThrow`: the driver is loaded once a worker, and its errors are no `Error` of a later file's realm.
    const mistake = { message: expect.stringContaining('nowhere') }
    await expect(database.sql.all('SELECT x FROM nowhere')).rejects.toMatchObject(mistake)
    const rows = database.sql.iterate('SELECT x FROM nowhere')[Symbol.asyncIterator]()
    await expect(rows.next()).rejects.toMatchObject(mistake)
    await expect(database.write((writer) => writer.run('DELETE FROM nowhere'))).rejects.toMatchObject(mistake)
  })

  test('inserting tells what was there, many rows or few', async () => {
    const database = await fresh.open()
    const rows = (from: number, to: number): (string | null)[][] =>
      Array.from({ length: to - from }, (_, at) => [
        `t${String(from + at)}`,
        'n',
        'process',
        'e',
        null,
        null,
        null,
        null,
      ])
    await database.write(async (writer) => {
      expect(await writer.insert(tables.transform, [])).toEqual({ added: 0, there: [] })
      expect(await writer.insert(tables.transform, rows(0, 300))).toEqual({ added: 300, there: [] })
      const many = await writer.insert(tables.transform, rows(200, 500))
      expect([many.added, many.there.length]).toEqual([200, 100])
      const few = await writer.insert(tables.transform, rows(499, 502))
      expect([few.added, few.there]).toEqual([2, rows(499, 500)])
      await writer.update(tables.transform, rows(0, 300).map((row) => [row[0] ?? null, 'm', ...row.slice(2)])) // prettier-ignore
    })
    expect(await database.sql.all(`SELECT count(*) AS n FROM transform WHERE name = 'm'`)).toEqual([{ n: 300 }])
  })

  test('several tables at once: what was there is told table by table, and only what was added is searched', async () => {
    const database = await fresh.open()
    const transforms = (count: number): Row[] => numbered(count, (at) => transformRow(transform(`T${at}`)))
    const runs = (from: number, count: number): Row[] =>
      numbered(count, (at) => runRow(run(`r${from + at}`, [1, 2], { transform: transform(`T${at}`).uid })))
    const artifacts = (count: number): Row[] => numbered(count, (at) => artifactRow(artifact(`/a\t${at}\\N\n`)))
    const wordsOf = (row: Row): SearchEntry => ({ uid: String(row[0]), text: `word_${String(row[0])}` })
    const parts = (from: number): NewRows[] => [
      { table: tables.transform, rows: transforms(200), wordsOf },
      { table: tables.run, rows: runs(from, 200), wordsOf },
      { table: tables.artifact, rows: artifacts(200), wordsOf },
      { table: tables.digest, rows: artifacts(120).map(([uid = null]) => [uid, 'md5', 'full', 'ab', 'observed']) },
    ]
    const counts = (from: number): Promise<number[][]> =>
      database.write(async (writer) =>
        (await writer.insertAll(parts(from))).map(({ added, there }) => [added, there.length]),
      )
    expect(await database.write((writer) => writer.insertAll([]))).toEqual([])
    expect(await counts(0)).toEqual([[200, 0], [200, 0], [200, 0], [120, 0]]) // prettier-ignore
    expect(await counts(150)).toEqual([[0, 200], [150, 50], [0, 200], [0, 120]]) // prettier-ignore
    expect(await counts(150)).toEqual([[0, 200], [0, 200], [0, 200], [0, 120]]) // prettier-ignore
    expect(await database.sql.all('SELECT count(*) AS n, count(DISTINCT uid) AS d FROM search')).toEqual([
      { n: 750, d: 750 },
    ])
    expect(await database.sql.all('SELECT count(*) AS n FROM artifact WHERE name = ?', ['a\t7\\N\n'])).toEqual([
      { n: 1 },
    ])
  })

  test('several tables at once: rows whose words cannot be made take all back, and nobody waits for them', async () => {
    const database = await fresh.open()
    const rows = numbered(300, (at) => transformRow(transform(`T${at}`)))
    const wordsOf = (row: Row): SearchEntry => {
      if (row === rows[250]) throw new RangeError('no words')
      return { uid: String(row[0]), text: 'word' }
    }
    const parts = [{ table: tables.transform, rows, wordsOf }]
    await expect(database.write((writer) => writer.insertAll(parts))).rejects.toThrow('no words')
    await database.write((writer) => writer.insertAll([{ table: tables.transform, rows }]))
    expect(await database.sql.all('SELECT count(*) AS n FROM search')).toEqual([{ n: 0 }])
  })

  test('several tables at once: a broken reference in one of them takes all back', async () => {
    const database = await fresh.open()
    const rows = numbered(300, (at) => transformRow(transform(`T${at}`)))
    const dangling = numbered(300, (at) => runRow(run(`r${at}`, [1, 2], { transform: transform('missing').uid })))
    const parts = [
      { table: tables.transform, rows },
      { table: tables.run, rows: dangling },
      { table: tables.artifact, rows: numbered(300, (at) => artifactRow(artifact(`/a${at}`))) },
    ]
    const error: unknown = await database.write((writer) => writer.insertAll(parts)).catch((cause: unknown) => cause)
    expect(isDanglingReference(error)).toBe(true)
    expect(await database.sql.all('SELECT count(*) AS n FROM transform')).toEqual([{ n: 0 }])
    // The connection is none the worse for the rows that the server no longer asked for.
    await database.write((writer) => writer.insertAll(parts.slice(0, 1)))
    expect(await database.sql.all('SELECT count(*) AS n FROM transform')).toEqual([{ n: 300 }])
  })
})

function numbered(count: number, make: (at: number) => Row): Row[] {
  return Array.from({ length: count }, (_, at) => make(at))
}

test('parameters are numbered, question marks in quotes are not', () => {
  expect(numberParameters(`SELECT '?''?', "?" WHERE a = ? AND b = ?`)).toBe(
    `SELECT '?''?', "?" WHERE a = $1 AND b = $2`,
  )
})

test('JSON of equal content is equal text, whatever the order of keys', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const turned = Object.fromEntries(Object.entries(value).reverse())
      expect(toJson(turned)).toBe(toJson(value))
      expect(JSON.parse(toJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})

test.each([
  ['file:///a/b%20c.TXT', 'b c.TXT', 'txt'],
  ['s3://bucket/k/reads_1.fastq.gz', 'reads_1.fastq.gz', 'fastq.gz'],
  ['file:///a/.hidden', '.hidden', null],
  ['file:///a/README', 'README', null],
  ['file:///', 'file:', null],
  ['value:abc', 'value:abc', null],
  ['https://h/a%zz', 'a%zz', null],
])('%s has the name %s and the extension %s', (uri, name, extension) => {
  expect(nameOf(uri)).toBe(name)
  expect(extensionOf(name)).toBe(extension)
})
