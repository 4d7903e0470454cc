import { expect, test } from '@jest/globals'
import type { Database } from '../../../../core/db/database.ts'
import { toAmbiguousFact } from '../../../../core/db/fact-of-row.ts'
import type { Digest } from '../../../../core/fact/digest.ts'
import type { ArtifactFact, Fact, RunFact } from '../../../../core/fact/fact.ts'
import { transformUid } from '../../../../core/fact/uid.ts'
import { fileUri } from '../../../../core/fact/uri.ts'
import { ingest } from '../../../../core/ingest/ingest.ts'
import { SEVERAL_SOURCES } from '../../../../core/ingest/same-content/load-holders.ts'
import { readFacts } from '../../../../core/query/facts.ts'
import { describeDatabases } from '../../../tools/databases.ts'
import { artifact, consumed, copied, produced, run, stream, transform } from '../../../tools/facts.ts'

const meta = { adapter: 'test', adapterVersion: 1, place: 'file:///here' }
const T = transform('T')
const OTHER = transform('other')

/** A run of another pipeline than those of `run`. */
function otherRun(name: string, times: readonly [number?, number?]): RunFact {
  return run(name, times, { transform: transformUid('test', 'other') })
}

const seconds = (at: number): string => new Date(at * 1000).toISOString()

/** A file with the content `bytes`, last written at `at` seconds. */
function file(path: string, bytes: string, at: number | undefined, more: Partial<ArtifactFact> = {}): ArtifactFact {
  const digest: Digest = { algorithm: 'sha256', value: bytes.repeat(64), scope: 'full', evidence: 'observed' }
  const time = at === undefined ? {} : { modifiedAt: seconds(at) }
  return artifact(path, undefined, { sizeBytes: 100, ...time, digests: [digest], ...more })
}

async function copies(database: Database): Promise<unknown[]> {
  const rows = await database.sql.all(
    'SELECT a.name AS source, b.name AS target FROM copied c JOIN artifact a ON a.uid = c.from_uid JOIN artifact b ON b.uid = c.to_uid ORDER BY 1, 2',
  )
  return rows.map(({ source, target }) => `${String(source)} -> ${String(target)}`)
}

async function ambiguities(database: Database): Promise<unknown[]> {
  const facts = (await database.sql.all('SELECT * FROM ambiguous')).map(toAmbiguousFact)
  return facts.map(({ why, candidates }) => [why, candidates.length])
}

async function exported(database: Database): Promise<string[]> {
  const lines: string[] = []
  for await (const fact of readFacts(database.sql)) if (fact.kind !== 'gap') lines.push(JSON.stringify(fact))
  return lines
}

describeDatabases('equal content', (fresh) => {
  const read = async (...imports: readonly (readonly Fact[])[]): Promise<Database> => {
    const database = await fresh.open()
    for (const facts of imports) await ingest(database, stream([T, OTHER, ...facts]), meta)
    return database
  }
  const maker = run('maker', [10, 20])
  const reader = otherRun('reader', [40, 50])
  const made = file('/a/panel.csv', 'a', 15)
  const inbox = file('/b/inbox.csv', 'a', 30)
  const making: Fact[] = [maker, made, produced(maker, made)]
  const reading: Fact[] = [reader, inbox, consumed(reader, inbox)]

  test('a copy that another pipeline read leads to the output with the same bytes, in either order of imports', async () => {
    const database = await read(making, reading)
    expect(await copies(database)).toEqual(['panel.csv -> inbox.csv'])
    const facts = await exported(database)
    expect(await exported(await read(reading, making))).toEqual(facts)
    expect(await exported(await read([...reading, ...making]))).toEqual(facts)
    expect(facts.filter((line) => line.includes('"copied"'))).toEqual([
      JSON.stringify({ kind: 'copied', from: made.uid, to: inbox.uid, method: 'same-content', evidence: 'inferred' }),
    ])
  })

  test('a second import says the same and adds nothing', async () => {
    const database = await read(making, reading)
    const facts = await exported(database)
    const again = await ingest(database, stream([T, OTHER, ...reading]), meta)
    expect(again).toMatchObject({ added: 0, changed: 0, reconciled: 1 })
    expect(await exported(database)).toEqual(facts)
  })

  test.each<[string, ArtifactFact, RunFact]>([
    ['was written before the output', file('/b/inbox.csv', 'a', 5), reader],
    ['was read before the output was made', inbox, otherRun('reader', [12, 13])],
    ['was read by the same pipeline', inbox, run('reader', [40, 50])],
    ['has few bytes and another name', file('/b/inbox.csv', 'a', 30, { sizeBytes: 11 }), reader],
    ['has other bytes', file('/b/inbox.csv', 'b', 30), reader],
  ])('nothing is said of a file that %s', async (_title, target, by) => {
    const small = target.sizeBytes === undefined ? {} : { sizeBytes: target.sizeBytes }
    const output = file('/a/panel.csv', 'a', 15, small)
    const database = await read([maker, output, produced(maker, output)], [by, target, consumed(by, target)])
    expect(await copies(database)).toEqual([])
    expect(await ambiguities(database)).toEqual([])
  })

  test('a file that nobody read or that somebody made is not joined', async () => {
    expect(await copies(await read(making, [inbox]))).toEqual([])
    const other = otherRun('other maker', [25, 32])
    const itsOwn: Fact[] = [other, inbox, produced(other, inbox)]
    expect(await copies(await read(making, reading, itsOwn))).toEqual([])
    expect(await copies(await read(itsOwn, making, reading))).toEqual([])
  })

  test('a copy that kept the time of what it was copied from is joined, and a small one under the same name', async () => {
    const kept = file('/b/inbox.csv', 'a', 15)
    expect(await copies(await read(making, [reader, kept, consumed(reader, kept)]))).toEqual(['panel.csv -> inbox.csv'])
    const [output, namesake] = ['/a/x.txt', '/b/x.txt'].map((path) => file(path, 'c', 15, { sizeBytes: 8 }))
    if (output === undefined || namesake === undefined) throw new TypeError('two paths')
    const reads: Fact[] = [reader, namesake, consumed(reader, namesake)]
    expect(await copies(await read([maker, output, produced(maker, output)], reads))).toEqual(['x.txt -> x.txt'])
  })

  test('without times of files the run that read began after the run that made had ended', async () => {
    const [output, target] = [file('/a/panel.csv', 'a', undefined), file('/b/inbox.csv', 'a', undefined)]
    const reads: Fact[] = [reader, target, consumed(reader, target)]
    expect(await copies(await read([maker, output, produced(maker, output)], reads))).toHaveLength(1)
    const late = run('maker', [38, 45])
    expect(await copies(await read([late, output, produced(late, output)], reads))).toEqual([])
  })

  test('of several outputs with the same bytes none is asserted, whenever the second comes', async () => {
    const second = run('second', [11, 21])
    const twin = file('/a/twin.csv', 'a', 16)
    const twins: Fact[] = [second, twin, produced(second, twin)]
    const database = await read(making, reading, twins)
    expect(await copies(database)).toEqual([])
    expect(await ambiguities(database)).toEqual([[SEVERAL_SOURCES, 2]])
    expect(await exported(database)).toEqual(await exported(await read(twins, making, reading)))
  })

  test('an older file from outside with the same bytes may be where both came from', async () => {
    const raw = file('/raw/panel.csv', 'a', 1)
    const database = await read(making, reading, [maker, raw, consumed(maker, raw)])
    expect(await copies(database)).toEqual([])
    expect(await ambiguities(database)).toEqual([[SEVERAL_SOURCES, 2]])
  })

  test('two copies of one output both lead to it', async () => {
    const second = file('/c/second.csv', 'a', 60)
    const later = otherRun('later', [70, 80])
    const database = await read(making, reading, [later, second, consumed(later, second)])
    expect(await copies(database)).toEqual(['panel.csv -> inbox.csv', 'panel.csv -> second.csv'])
  })

  test('a published copy is the nearer source, and what was published twice leads to what was made', async () => {
    const published = file('/results/out.csv', 'a', 22)
    const publishing: Fact[] = [made, published, copied(made, published)]
    const one = await read(making, publishing, reading)
    expect(await copies(one)).toEqual(['out.csv -> inbox.csv', 'panel.csv -> out.csv'])
    const again = file('/elsewhere/out2.csv', 'a', 22)
    const two = await read(making, publishing, reading, [made, again, copied(made, again)])
    expect(await copies(two)).toContain('panel.csv -> inbox.csv')
  })

  test('what lies at a hundred places and more was copied from nowhere, also when it had been joined before', async () => {
    const many = Array.from({ length: 100 }, (_, at) => file(`/many/${String(at)}`, 'a', 90))
    const database = await read(making, reading, many)
    expect(await copies(database)).toEqual([])
    expect(await exported(database)).toEqual(await exported(await read(many, making, reading)))
  })

  test('a file that was seen with two contents is no copy and no source', async () => {
    const again: Fact[] = [
      { ...inbox, digests: [{ algorithm: 'sha256', value: 'e'.repeat(64), scope: 'full', evidence: 'observed' }] },
    ]
    const database = await read(making, reading, again)
    expect(await copies(database)).toEqual([])
    expect(await exported(database)).toEqual(await exported(await read(again, reading, making)))
    const changed: Fact[] = [
      { ...made, digests: [{ algorithm: 'sha256', value: 'f'.repeat(64), scope: 'full', evidence: 'observed' }] },
    ]
    expect(await copies(await read(making, reading, changed))).toEqual([])
  })

  test('times that come later are taken into account', async () => {
    const untimed = otherRun('reader', [])
    const target = file('/b/inbox.csv', 'a', undefined)
    const database = await read(making, [untimed, target, consumed(untimed, target)])
    expect(await copies(database)).toEqual([])
    await ingest(database, stream([T, OTHER, reader]), meta)
    expect(await copies(database)).toEqual(['panel.csv -> inbox.csv'])
  })

  test('an export holds the edge, and importing it gives the same graph', async () => {
    const database = await read(making, reading)
    const facts: Fact[] = []
    for await (const fact of readFacts(database.sql))
      if (fact.kind !== 'stream' && fact.kind !== 'gap') facts.push(fact)
    expect(await exported(await read(facts))).toEqual(await exported(database))
  })

  test('a file that one names by where its folder lay and another by where it lies is one file', async () => {
    const root: Fact = { kind: 'root', was: fileUri('/a'), now: fileUri('/moved/a') }
    const today = file('/moved/a/panel.csv', 'a', 30, { sizeBytes: 2 })
    const twin = file('/a/twin.csv', 'a', 16)
    const reads: Fact[] = [reader, today, consumed(reader, today)]
    const makes: Fact[] = [root, ...making, twin, produced(maker, twin)]
    const database = await read(makes, reads)
    expect(await copies(database)).toEqual([])
    const edges = await database.sql.all('SELECT artifact_uid, resolved_method FROM consumed')
    expect(edges).toEqual([{ artifact_uid: made.uid, resolved_method: 'same-file' }])
    const facts = await exported(database)
    expect(await exported(await read(reads, makes))).toEqual(facts)
    await ingest(database, stream([T, OTHER, ...reads]), meta)
    expect(await exported(database)).toEqual(facts)
    const itsMaker = otherRun('other maker', [25, 32])
    await ingest(database, stream([OTHER, itsMaker, today, produced(itsMaker, today)]), meta)
    expect(await database.sql.all('SELECT artifact_uid FROM consumed')).toEqual([{ artifact_uid: today.uid }])
  })

  test('a version written at the place of a copy takes its readers, and the copy is none any more', async () => {
    const writer = otherRun('writer', [32, 35])
    const version = artifact('/b/inbox.csv', 'written')
    const writing: Fact[] = [writer, version, produced(writer, version)]
    const unstated = artifact('/b/inbox.csv', undefined, { ...inbox, uid: artifact('/b/inbox.csv').uid })
    const reads: Fact[] = [reader, unstated, consumed(reader, unstated)]
    const database = await read(making, reads, writing)
    expect(await copies(database)).toEqual([])
    expect(await exported(database)).toEqual(await exported(await read(writing, making, reads)))
  })
})
