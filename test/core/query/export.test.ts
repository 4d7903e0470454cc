import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Database } from '../../../core/db/database.ts'
import type { Fact, RunFact } from '../../../core/fact/fact.ts'
import { importUid } from '../../../core/fact/uid.ts'
import { factLine } from '../../../core/fact/ndjson.ts'
import { type ExportChoice, exportFacts } from '../../../core/query/export-facts.ts'
import { artifact, consumed, copied, minute, ordered, produced, run, stream, transform } from './make-facts.ts'
import { fill, onBothDatabases } from './on-both.ts'

async function exported(database: Database, choice?: ExportChoice): Promise<Fact[]> {
  const facts: Fact[] = []
  for await (const fact of exportFacts(database, choice)) facts.push(fact)
  return facts
}

const toText = (facts: readonly Fact[]): string => facts.map(factLine).join('')

const digest = { algorithm: 'sha256', value: 'ab'.repeat(32), scope: 'full', evidence: 'observed' } as const
const reads = artifact('/data/s 1 "ä".fq', undefined, { sizeBytes: 12, modifiedAt: minute(0), digests: [digest] })
const bam = artifact('/work/aa/s1.bam')
const published = artifact('/results/s1.bam', 'run 1')
const main = run('main', {
  transform: transform('main').uid,
  params: { input: 's.csv', nested: { b: [1, null, 'x'], a: true } },
  startedAt: minute(0),
})
const align: RunFact = run('align (s1)', {
  parent: main.uid,
  exitCode: 0,
  attempt: 2,
  startedAt: minute(1),
  endedAt: minute(2),
  command: 'bwa mem "x"\n',
  container: 'quay.io/bwa:1',
  host: 'node1',
  requested: { cpus: 2, memoryBytes: 1024 },
  used: { cpuPercent: 180.5, peakRssBytes: 99 },
  workDir: bam.uri.slice(0, bam.uri.lastIndexOf('/')) as RunFact['workDir'] & string,
  error: { message: 'no' },
  labels: { tag: 's1' },
})
const again = run('align again', { parent: main.uid, outcome: 'cached', reuses: align.uid, evidence: 'observed' })
const everything: Fact[] = ordered([
  stream,
  transform('STEP', { version: '1.2', sourceDigest: digest, sourcePath: 'main.nf', source: 'process STEP {}' }),
  transform('main', { type: 'pipeline' }),
  main, align, again, reads, bam, published,
  consumed(align, reads, 'reads'), produced(align, bam, 'bam'), copied(bam, published),
  { ...consumed(again, reads), evidence: 'inferred', method: 'same-path' },
  { kind: 'ambiguous', subject: published.uid, relation: 'copied', candidates: [bam.uid, reads.uid].sort(), why: 'same size' },
  { kind: 'gap', import: importUid('test', 'x'), code: 'trace.cut-line', place: 'trace.txt:7', message: 'cut "here"' },
]) // prettier-ignore

onBothDatabases('export', (bench) => {
  test('gives back every field of every fact', async () => {
    const found = await exported(await bench.filled(everything))
    const byText = (facts: readonly Fact[]): string[] => facts.map((fact) => JSON.stringify(sortKeys(fact))).sort()
    expect(byText(found)).toEqual(byText(everything))
  })

  test('defines before it uses, and a run comes after its parent and after the run that it reuses', async () => {
    const found = await exported(await bench.filled(everything))
    const seen = new Set<string>()
    for (const fact of found) {
      for (const [key, value] of Object.entries(fact)) {
        if (!['transform', 'parent', 'reuses', 'run', 'artifact', 'from', 'to', 'subject'].includes(key)) continue
        expect(seen).toContain(value)
      }
      if ('uid' in fact) seen.add(fact.uid)
    }
  })

  test('imported elsewhere it gives the same bytes again', async () => {
    const first = await exported(await bench.filled(everything))
    expect(toText(await exported(await bench.filled(first)))).toBe(toText(first))
  })

  test('does not depend on the order or number of imports', async () => {
    const first = toText(await exported(await bench.filled(everything)))
    const database = await bench.fresh()
    const edges = everything.filter((fact) => !('uid' in fact))
    const things = everything.filter((fact) => 'uid' in fact)
    await fill(
      database,
      [...things].filter((fact) => fact.kind !== 'artifact'),
      'file:///a',
    )
    await fill(database, everything, 'file:///b')
    await fill(database, ordered([...things, ...edges].reverse()), 'file:///c')
    expect(toText(await exported(database))).toBe(first)
  })

  test('of chosen things holds their lineage and all that it refers to', async () => {
    const other = run('other')
    const beside = artifact('/work/bb/other.txt')
    const database = await bench.filled(ordered([...everything, other, beside, produced(other, beside)]))
    const found = await exported(database, { uids: [published.uid], direction: 'up' })
    const uids = found.flatMap((fact) => ('uid' in fact ? [fact.uid] : []))
    expect(new Set(uids)).toEqual(
      new Set([transform('STEP').uid, transform('main').uid, main.uid, align.uid, reads.uid, bam.uid, published.uid]),
    )
    expect(found.filter((fact) => !('uid' in fact)).map((fact) => fact.kind)).toEqual([
      'stream', 'consumed', 'produced', 'copied', 'ambiguous',
    ]) // prettier-ignore
    expect(toText(await exported(await bench.filled(found)))).toBe(toText(found))
  })

  test('of an execution holds the runs below it and what they wrote', async () => {
    const database = await bench.filled(everything)
    const found = await exported(database, { uids: [main.uid], direction: 'up' })
    const uids = found.flatMap((fact) => ('uid' in fact ? [fact.uid] : []))
    expect(uids).toEqual(expect.arrayContaining([main.uid, align.uid, again.uid, bam.uid, reads.uid]))
    expect(uids).not.toContain(published.uid)
  })

  test('of code holds its runs', async () => {
    const database = await bench.filled(everything)
    const found = await exported(database, { uids: [transform('STEP').uid], direction: 'both' })
    expect(found.filter((fact) => fact.kind === 'run')).toHaveLength(3)
    expect(found.map((fact) => ('uid' in fact ? fact.uid : ''))).toContain(published.uid)
  })

  test('two statements that turn out to be one edge are one edge', async () => {
    const maker = run('maker', { startedAt: minute(0), endedAt: minute(1) })
    const reader = run('reader', { startedAt: minute(5) })
    const [made, unstated] = [artifact('/r/t.csv', 'v1'), artifact('/r/t.csv')]
    const edge = consumed(reader, made)
    const database = await bench.filled(
      ordered([
        stream,
        transform('STEP'),
        maker,
        reader,
        made,
        unstated,
        produced(maker, made),
        edge,
        consumed(reader, unstated),
      ]),
    )
    const found = await exported(database)
    expect(found.filter((fact) => fact.kind === 'consumed')).toEqual([edge])
    expect(found.filter((fact) => fact.kind === 'artifact')).toEqual([made])
    const chosen = await exported(database, { uids: [made.uid], direction: 'both' })
    expect(chosen.filter((fact) => fact.kind === 'consumed')).toEqual([edge])
  })

  test('runs that name each other in a ring, or one that is not there, are exported too', async () => {
    const [one, two] = [run('one'), run('two')]
    const database = await bench.filled([stream, transform('STEP'), one, two])
    await database.write((writer) => writer.run('UPDATE run SET parent_uid = ? WHERE uid = ?', [two.uid, one.uid]))
    await database.write((writer) => writer.run('UPDATE run SET parent_uid = ? WHERE uid = ?', [one.uid, two.uid]))
    const uids = (facts: readonly Fact[]): string[] => facts.flatMap((fact) => (fact.kind === 'run' ? [fact.uid] : []))
    expect(uids(await exported(database))).toEqual([one.uid, two.uid].sort())
    expect(uids(await exported(database, { uids: [one.uid], direction: 'up' })).sort()).toEqual(
      [one.uid, two.uid].sort(),
    )
  })

  test('leaves out code of unknown version that no run is of any more', async () => {
    const known = transform('STEP')
    const unversioned = { ...known, uid: `${known.uid.slice(0, 12)}0000` as typeof known.uid }
    const versioned = { ...known, uid: `${known.uid.slice(0, 12)}1234` as typeof known.uid }
    const database = await bench.filled([stream, unversioned, versioned, { ...run('x'), transform: versioned.uid }])
    expect((await exported(database)).filter((fact) => fact.kind === 'transform')).toEqual([versioned])
  })

  test('any small graph comes back as it went in', async () => {
    const names = fc.constantFrom('a', 'b', 'c', 'd')
    const pairs = fc.uniqueArray(fc.tuple(names, names), { maxLength: 6, selector: String })
    await fc.assert(
      fc.asyncProperty(pairs, pairs, async (reading, writing) => {
        const files = ['a', 'b', 'c', 'd'].map((name) => artifact(`/f/${name}`, 'v'))
        const runs = ['a', 'b', 'c', 'd'].map((name) => run(name))
        const facts = ordered([
          stream, transform('STEP'), ...files, ...runs,
          ...reading.map(([by, what]) => consumed(run(by), artifact(`/f/${what}`, 'v'))),
          ...writing.map(([by, what]) => produced(run(by), artifact(`/f/${what}`, 'v'))),
        ]) // prettier-ignore
        const first = await exported(await bench.filled(facts))
        expect(first).toHaveLength(facts.length)
        expect(toText(await exported(await bench.filled(first)))).toBe(toText(first))
      }),
      { numRuns: bench.provider === 'sqlite' ? 20 : 4 },
    )
  })
})

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]): [string, unknown] => [key, sortKeys(part)]),
  )
}
