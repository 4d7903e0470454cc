import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from '../../../core/db/database.ts'
import type { ArtifactFact, Fact } from '../../../core/fact/fact.ts'
import { fileUri } from '../../../core/fact/uri.ts'
import { rankNames } from '../../../core/query/near-names.ts'
import { resolveThing } from '../../../core/query/resolve.ts'
import type { Resolution } from '../../../core/query/view.ts'
import { artifact, consumed, copied, minute, ordered, produced, run, stream, transform } from './make-facts.ts'
import { onBothDatabases } from './on-both.ts'

let folder = ''
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'stemma-resolve-')))
  mkdirSync(join(folder, 'results'))
  writeFileSync(join(folder, 'results/report.html'), 'second')
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

const digest = { algorithm: 'sha256', value: 'cd'.repeat(32), scope: 'full', evidence: 'observed' } as const
const code = { algorithm: 'redun', value: 'c0de'.repeat(10), scope: 'engine', evidence: 'recorded' } as const
const step = transform('STEP', { sourceDigest: code })
const sort = transform('RNASEQ:MAP:SORT')
const align = run('ALIGN (s1)', {
  key: 'ab/cdef12',
  workDir: fileUri('/data/rnaseq/work/ab/cdef1234'),
  labels: { callHash: '7fa0'.repeat(10), tags: { owner: 'ann-marie' } },
})
const reads = artifact('/data/rnaseq/s1.fq', undefined, { digests: [digest] })
const bam = artifact('/data/rnaseq/work/ab/cdef1234/s1.bam')
const published = artifact('/data/rnaseq/results/s1.bam', 'v1')
const report = artifact('/data/rnaseq/results/report.html', 'v1')
const object = artifact('/x')
const facts: Fact[] = ordered([
  stream, step, sort, align, reads, bam, published, report,
  { ...object, uri: 's3://bucket/key/table.tsv' as ArtifactFact['uri'] },
  consumed(align, reads), produced(align, bam), copied(bam, published), produced(align, report),
]) // prettier-ignore

let moved: Fact[] | undefined
const withRoot = (): Fact[] =>
  (moved ??= [...facts, { kind: 'root', was: fileUri('/data/rnaseq'), now: fileUri(folder) }])

async function resolve(database: Database, text: string, workingFolder = '/somewhere'): Promise<Resolution> {
  return await resolveThing(database.sql, text, { workingFolder })
}

onBothDatabases('resolve', (bench) => {
  test.each([
    ['a uid', report.uid, 'uid', report.uid],
    ['the start of a uid', report.uid.slice(0, 8), 'uid-prefix', report.uid],
    ['the start of a run’s uid', align.uid.slice(0, 6), 'uid-prefix', align.uid],
    ['a transform’s uid', step.uid, 'uid', step.uid],
    ['an absolute path of then', '/data/rnaseq/results/report.html', 'path', report.uid],
    ['a path with detours', '/data/./rnaseq/x/../results//report.html', 'path', report.uid],
    ['a uri', 'file:///data/rnaseq/s1.fq', 'uri', reads.uid],
    ['an engine’s key', 'ab/cdef12', 'key', align.uid],
    ['the start of an engine’s key', 'ab/cde', 'key-prefix', align.uid],
    ['a file name', 'report.html', 'name', report.uid],
    ['a transform’s name', 'STEP', 'name', step.uid],
    ['a run’s name', 'ALIGN (s1)', 'name', align.uid],
    ['a digest', 'cd'.repeat(32), 'digest', reads.uid],
    ['a digest with its algorithm', `SHA256:${'cd'.repeat(32)}`, 'digest', reads.uid],
    ['the start of a digest', 'cdcdcdcdcd', 'digest-prefix', reads.uid],
    ['the digest of code', 'c0de'.repeat(10), 'digest-prefix', step.uid],
    ['the start of the digest of code', 'c0dec0', 'digest-prefix', step.uid],
    ['a hash among the labels', '7fa0'.repeat(10), 'label-prefix', align.uid],
    ['the start of a hash among the labels', '7fa07f', 'label-prefix', align.uid],
    ['the end of a path', 'results/s1.bam', 'path-tail', published.uid],
    ['a work folder', '/data/rnaseq/work/ab/cdef1234', 'folder', align.uid],
    ['the last part of a transform’s name', 'SORT', 'name', sort.uid],
    ['the last parts of a transform’s name', 'MAP:SORT', 'name', sort.uid],
    ['a path as a tree shortens it', 'work/ab/cdef…/s1.bam', 'path-tail', bam.uid],
    ['a path as a table shortens it', '/data/…234/s1.bam', 'path-tail', bam.uid],
    ['a path with a shortened name', 'work/…s1.bam', 'path-tail', bam.uid],
    ['a work folder as a tree shortens it', 'work/ab/cdef…', 'folder', align.uid],
  ])('%s', async (_title, text, by, uid) => {
    const found = await resolve(await bench.filled(facts), text)
    expect(found).toMatchObject({ found: 'one', by, thing: { uid } })
  })

  test('a relative path of today leads through the moved folder', async () => {
    const database = await bench.filled(withRoot())
    const found = await resolve(database, 'results/report.html', folder)
    expect(found).toMatchObject({
      found: 'one',
      by: 'path',
      thing: { uid: report.uid },
      now: join(folder, 'results/report.html'),
    })
    expect(await resolve(database, '../report.html', join(folder, 'results/x'))).toMatchObject({
      thing: { uid: report.uid },
    })
    expect(await resolve(database, '../work/ab/cd…/s1.bam', join(folder, 'results'))).toMatchObject({
      by: 'path-tail',
      thing: { uid: bam.uid },
    })
    expect(await resolve(database, 'work/ab/cdef1234', folder)).toMatchObject({
      by: 'folder',
      thing: { uid: align.uid },
    })
  })

  test('a copy that somebody took is known by its bytes: of copies of copies the last, and what has its name', async () => {
    const bytes = 'a table that somebody took home\n'
    const value = createHash('sha256').update(bytes).digest('hex')
    const digests = [{ algorithm: 'sha256', value, scope: 'full', evidence: 'observed' } as const]
    const [made, last] = [
      artifact('/w/ab/table.tsv', undefined, { digests }),
      artifact('/r/table.tsv', 'v', { digests }),
    ]
    const elsewhere = artifact('/other/same.tsv', undefined, { digests })
    const taken: Fact[] = [made, last, produced(align, made), copied(made, last)]
    const database = await bench.filled(ordered([...facts, ...taken]))
    const home = join(folder, 'home')
    mkdirSync(home, { recursive: true })
    for (const name of ['table.tsv', 'renamed.tsv', 'same.tsv']) writeFileSync(join(home, name), bytes)
    writeFileSync(join(home, 'empty'), '')
    writeFileSync(join(home, 'unknown'), 'other bytes')
    for (const name of ['table.tsv', 'renamed.tsv'])
      expect(await resolve(database, name, home)).toMatchObject({
        found: 'one',
        by: 'content',
        thing: { uid: last.uid },
        onDisk: 'matches',
      })
    for (const name of ['empty', 'unknown', 'gone', '.'])
      expect(await resolve(database, name, home)).not.toMatchObject({ by: 'content' })
    const twice = await bench.filled(ordered([...facts, ...taken, elsewhere, consumed(align, elsewhere)]))
    expect(await resolve(twice, 'same.tsv', home)).toMatchObject({ by: 'content', thing: { uid: elsewhere.uid } })
    expect(await resolve(twice, 'renamed.tsv', home)).toMatchObject({ found: 'several', by: 'content' })
  })

  test('a published link is itself, and behind another link is what it leads to', async () => {
    const [link, target] = [join(folder, 'results/link.html'), join(folder, 'results/target.html')]
    const alias = join(folder, 'alias')
    writeFileSync(target, 'x')
    for (const [to, at] of [
      [target, link],
      [join(folder, 'results'), alias],
      [link, join(folder, 'shortcut')],
    ] as const) {
      rmSync(at, { force: true })
      symlinkSync(to, at)
    }
    const [published, made] = [artifact(link, 'v'), artifact(target)]
    const database = await bench.filled(ordered([stream, published, made, copied(made, published, 'symlink')]))
    expect(await resolve(database, link)).toMatchObject({ found: 'one', thing: { uid: published.uid } })
    expect(await resolve(database, 'alias/link.html', folder)).toMatchObject({ thing: { uid: published.uid } })
    expect(await resolve(database, 'shortcut', folder)).toMatchObject({ thing: { uid: made.uid } })
  })

  test('a path of today that was known under two names is the newest of both', async () => {
    const [before, since] = [artifact('/data/rnaseq/x.txt', 'v1'), artifact(join(folder, 'x.txt'), 'v2')]
    const [first, second] = [run('first', { endedAt: minute(1) }), run('second', { endedAt: minute(2) })]
    const database = await bench.filled([
      ...ordered([...withRoot(), first, second, before, since, produced(first, before), produced(second, since)]),
    ])
    expect(await resolve(database, 'x.txt', folder)).toMatchObject({
      found: 'one',
      thing: { uid: since.uid },
      versions: [{ uid: since.uid }, { uid: before.uid }],
    })
  })

  test('a path of then tells where the file lies now', async () => {
    const found = await resolve(await bench.filled(withRoot()), '/data/rnaseq/results/report.html')
    expect(found).toMatchObject({ onDisk: 'unknown', now: join(folder, 'results/report.html') })
  })

  test('the latest execution, and those before it', async () => {
    const top = [0, 1, 2].map((at) => run(`top ${String(at)}`, { startedAt: minute(at) }))
    const below = run('below', { parent: top[2]?.uid ?? align.uid, startedAt: minute(9) })
    const database = await bench.filled(ordered([...facts, ...top, below]))
    expect(await resolve(database, '-')).toMatchObject({ found: 'one', thing: { name: 'top 2' } })
    expect(await resolve(database, '~1')).toMatchObject({ found: 'one', thing: { name: 'top 1' } })
    expect(await resolve(database, '~9')).toEqual({ found: 'none', near: [] })
  })

  test('several files of one name are listed', async () => {
    const found = await resolve(await bench.filled(facts), 's1.bam')
    expect(found).toMatchObject({ found: 'several', by: 'name', truncated: false })
    expect(found.found === 'several' ? found.candidates.map(({ uid }) => uid).sort() : []).toEqual(
      [bam.uid, published.uid].sort(),
    )
  })

  test('many candidates are cut, and the answer says so', async () => {
    const many = Array.from({ length: 60 }, (_, at) => artifact(`/many/${String(at)}/same.txt`, 'v'))
    const found = await resolve(await bench.filled([stream, ...many]), 'same.txt')
    expect(found).toMatchObject({ found: 'several', truncated: true })
    expect(found.found === 'several' ? found.candidates.length : 0).toBe(50)
  })

  test('what is not there brings near names', async () => {
    const database = await bench.filled(facts)
    expect(await resolve(database, 'reprot.html')).toEqual({ found: 'none', near: ['report.html'] })
    expect(await resolve(database, 'results/Report.htm')).toEqual({ found: 'none', near: ['report.html'] })
    expect(await resolve(database, 'MAP:SOTR')).toEqual({ found: 'none', near: ['RNASEQ:MAP:SORT'] })
    expect(await resolve(database, 'SROT')).toEqual({ found: 'none', near: ['RNASEQ:MAP:SORT'] })
    expect(await resolve(database, 'STEPS')).toEqual({ found: 'none', near: ['STEP'] })
    expect(await resolve(database, '')).toEqual({ found: 'none', near: [] })
  })

  test.each([
    "'; DROP TABLE run; --",
    '%',
    '_',
    '…',
    '/…',
    'work/a_/cdef…/s1.bam',
    'work/a%…/s1.bam',
    '\u0000',
    '\\',
    '"',
    'a'.repeat(10_000),
    '🧬',
    '/',
    '..',
    'file:',
    'x:',
  ])('odd text finds nothing and does no harm: %j', async (text) => {
    const database = await bench.filled(facts)
    expect((await resolve(database, text)).found).toBe('none')
    expect((await resolve(database, 'report.html')).found).toBe('one')
  })
})

onBothDatabases('versions of a place', (bench) => {
  const path = (): string => join(folder, 'results/report.html')
  const old = run('old', { startedAt: minute(0), endedAt: minute(1) })
  const recent = run('recent', { startedAt: minute(5), endedAt: minute(6) })
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
  const version = (name: string, more: Partial<ArtifactFact> = {}): ArtifactFact => artifact(path(), name, more)
  const filled = (first: ArtifactFact, second: ArtifactFact): Promise<Database> =>
    bench.filled(ordered([stream, step, old, recent, first, second, produced(old, first), produced(recent, second)]))
  const size = 'second'.length

  test('the version counts whose size and time the file on disk has', async () => {
    const modifiedAt = new Date(Math.floor(statSync(path()).mtimeMs)).toISOString()
    const [first, second] = [version('1', { sizeBytes: size, modifiedAt }), version('2', { sizeBytes: 99 })]
    const found = await resolve(await filled(first, second), path())
    expect(found).toMatchObject({ thing: { uid: first.uid }, onDisk: 'matches', now: path() })
    expect(found.found === 'one' ? found.versions.map(({ uid }) => uid) : []).toEqual([second.uid, first.uid])
  })

  test('the version counts whose digest the file on disk has', async () => {
    const digests = (text: string): Partial<ArtifactFact> => ({
      digests: [{ algorithm: 'sha256', value: sha256(text), scope: 'full', evidence: 'observed' }],
    })
    const [first, second] = [version('1', digests('second')), version('2', digests('other'))]
    expect(await resolve(await filled(first, second), path())).toMatchObject({
      thing: { uid: first.uid },
      onDisk: 'matches',
    })
  })

  test('the newest counts when the file on disk is none of them, and the answer says so', async () => {
    const [first, second] = [version('1', { sizeBytes: 1 }), version('2', { sizeBytes: 2 })]
    expect(await resolve(await filled(first, second), path())).toMatchObject({
      thing: { uid: second.uid },
      onDisk: 'differs',
    })
  })

  test('the newest counts when nothing can be compared', async () => {
    const [first, second] = [version('1', { sizeBytes: size }), version('2')]
    expect(await resolve(await filled(first, second), path())).toMatchObject({
      thing: { uid: second.uid },
      onDisk: 'unknown',
    })
  })

  test('a version named by its uid is that version, whatever lies on disk', async () => {
    const modifiedAt = new Date(Math.floor(statSync(path()).mtimeMs)).toISOString()
    const [first, second] = [version('1'), version('2', { sizeBytes: size, modifiedAt })]
    expect(await resolve(await filled(first, second), first.uid)).toMatchObject({
      thing: { uid: first.uid },
      onDisk: 'differs',
    })
    expect(await resolve(await filled(first, second), first.uid.slice(0, 16))).toMatchObject({
      thing: { uid: second.uid },
      by: 'uid-prefix',
    })
  })

  test('a copy is as old as its copying, a version that was only read as its last reading', async () => {
    const gone = (name?: string): ArtifactFact => artifact('/gone/x.txt', name)
    const [source, copy, made, seen] = [artifact('/w/x'), gone('copy'), gone('made'), gone('seen')]
    const reader = run('reader', { startedAt: minute(0) })
    const database = await bench.filled(
      ordered([
        stream, step, old, recent, reader, source, copy, made, seen,
        produced(recent, source), copied(source, copy), produced(old, made), consumed(reader, seen),
      ]), // prettier-ignore
    )
    const found = await resolve(database, '/gone/x.txt')
    expect(found).toMatchObject({ thing: { uid: copy.uid }, onDisk: 'gone' })
    expect(found.found === 'one' ? found.versions.map(({ uid }) => uid) : []).toEqual([copy.uid, made.uid, seen.uid])
  })
})

test('a name may be near by its last part', () => {
  expect(rankNames('SROT', ['RNASEQ:MAP:SORT', 'RNASEQ:MAP:ALIGN'])).toEqual(['RNASEQ:MAP:SORT'])
})

test('near names are few and ordered', () => {
  expect(rankNames('aln', ['alm', 'aln2', 'zzz', 'ALN', 'align', 'aln_long_name', 'bln', 'aln1', 'aln3'])).toEqual([
    'ALN', 'alm', 'aln1', 'aln2', 'aln3',
  ]) // prettier-ignore
})
