import { expect, test } from '@jest/globals'
import type { Fact } from '../../../core/fact/fact.ts'
import { checkDatabase } from '../../../core/query/check-database.ts'
import { readDetail } from '../../../core/query/show.ts'
import type { ArtifactDetail, RunDetail, TransformDetail } from '../../../core/query/view.ts'
import { artifact, consumed, copied, minute, ordered, produced, run, stream, transform, uidsOf } from './make-facts.ts'
import { onBothDatabases } from './on-both.ts'

const digest = { algorithm: 'sha256', value: 'ef'.repeat(32), scope: 'full', evidence: 'observed' } as const
const step = transform('STEP')
const older = { ...step, uid: `${step.uid.slice(0, 12)}0001` as typeof step.uid, version: 'old' }
const main = transform('main', { type: 'pipeline' })
const top = run('top', { transform: main.uid, startedAt: minute(0) })
const align = run('align', { parent: top.uid, startedAt: minute(1), endedAt: minute(2) })
const failed = run('failed', { parent: top.uid, outcome: 'failed', startedAt: minute(3) })
const again = run('again', { outcome: 'cached', reuses: align.uid })
const reads = artifact('/data/s1.fq', undefined, { digests: [digest] })
const same = artifact('/elsewhere/s1.fq', undefined, { digests: [digest] })
const bam = artifact('/work/s1.bam')
const first = artifact('/results/s1.bam', 'one')
const second = artifact('/results/s1.bam', 'two')
const doubt: Fact = {
  kind: 'ambiguous',
  subject: second.uid,
  relation: 'copied',
  candidates: [bam.uid, first.uid].sort(),
  why: 'same size',
}
const facts: Fact[] = ordered([
  stream, step, older, main, top, align, failed, again, reads, same, bam, first, second, doubt,
  consumed(align, reads, 'reads'), consumed(failed, reads), produced(align, bam), copied(bam, first),
  produced(failed, second),
  { kind: 'gap', code: 'trace.cut-line', place: 'trace.txt:7', message: 'cut' },
]) // prettier-ignore

async function show<T>(database: Parameters<typeof checkDatabase>[0], uid: string, most = 100): Promise<T> {
  const detail = await readDetail(database.sql, uid, most)
  if (detail === undefined) throw new Error('nothing found')
  return detail as T
}

onBothDatabases('show', (bench) => {
  test('a run with its parent, files, and the run that reused it', async () => {
    const detail = await show<RunDetail>(await bench.filled(facts), align.uid)
    expect(detail).toMatchObject({ kind: 'run', thing: { uid: align.uid }, transform: { uid: step.uid } })
    expect(detail.parent?.uid).toBe(top.uid)
    expect(detail.reuses).toBeUndefined()
    expect(detail.consumed).toEqual({ total: 1, items: [{ edge: consumed(align, reads, 'reads'), artifact: reads }] })
    expect(detail.produced).toEqual({ total: 1, items: [{ edge: produced(align, bam), artifact: bam }] })
    expect(detail.reusedBy).toEqual({ total: 1, items: [again] })
    expect(detail.children).toEqual({ total: 0, byOutcome: {} })
  })

  test('an execution with how its runs ended, and the gaps of its import, from any run below it too', async () => {
    const database = await bench.filled(facts)
    const detail = await show<RunDetail>(database, top.uid)
    expect(detail.children).toEqual({ total: 2, byOutcome: { succeeded: 1, failed: 1 } })
    expect(detail.gaps.total).toBe(1)
    expect(detail.gaps.items[0]).toMatchObject({ code: 'trace.cut-line', place: 'trace.txt:7' })
    expect(detail.imports).toEqual([
      expect.objectContaining({ adapter: 'test', adapterVersion: 1, places: ['file:///leftovers'], gaps: 1 }),
    ])
    expect((await show<RunDetail>(database, failed.uid)).gaps.total).toBe(1)
  })

  test('many gaps of one kind hide no other', async () => {
    const gap = (code: string, place: string): Fact => ({ kind: 'gap', code, place, message: 'lost' })
    const many = Array.from({ length: 20 }, (_, at) => gap('a.cut', String(at).padStart(2, '0')))
    const database = await bench.filled([...facts, ...many, gap('z.zone', 'log')])
    const { gaps } = await show<RunDetail>(database, failed.uid, 4)
    expect(gaps.total).toBe(22)
    expect(gaps.items.map((item) => `${item.code} ${item.place}`)).toEqual([
      'a.cut 00',
      'trace.cut-line trace.txt:7',
      'z.zone log',
      'a.cut 01',
    ])
  })

  test('a cached run with the run that it reused', async () => {
    expect((await show<RunDetail>(await bench.filled(facts), again.uid)).reuses?.uid).toBe(align.uid)
  })

  test('a file with its makers, readers, copies, versions and equal files', async () => {
    const database = await bench.filled(facts)
    const detail = await show<ArtifactDetail>(database, reads.uid)
    expect(detail.consumedBy.total).toBe(2)
    expect(uidsOf(detail.consumedBy.items.map((item) => item.run))).toEqual(uidsOf([align, failed]))
    expect(detail.producedBy).toEqual({ total: 0, items: [] })
    expect(detail.sameContent).toEqual({ total: 1, items: [same] })
    const made = await show<ArtifactDetail>(database, bam.uid)
    expect(made.producedBy.items).toEqual([{ edge: produced(align, bam), run: align }])
    expect(made.copiedTo.items).toEqual([{ edge: copied(bam, first), artifact: first }])
    const published = await show<ArtifactDetail>(database, first.uid)
    expect(published.copiedFrom.items).toEqual([{ edge: copied(bam, first), artifact: bam }])
    expect(uidsOf(published.versions)).toEqual(uidsOf([first, second]))
    expect((await show<ArtifactDetail>(database, second.uid)).ambiguous).toEqual([doubt])
  })

  test('code with its runs, the latest first, and its other versions', async () => {
    const detail = await show<TransformDetail>(await bench.filled(facts), step.uid)
    expect(detail.runs.items.map((one) => one.name)).toEqual(['failed', 'align', 'again'])
    expect(detail.byOutcome).toEqual({ succeeded: 1, failed: 1, cached: 1 })
    expect(detail.versions).toEqual([older])
  })

  test('lists are cut and say how many there are', async () => {
    const detail = await show<TransformDetail>(await bench.filled(facts), step.uid, 1)
    expect(detail.runs).toMatchObject({ total: 3, items: [{ name: 'failed' }] })
  })

  test('nothing of a uid that nobody has', async () => {
    const database = await bench.filled(facts)
    expect(await readDetail(database.sql, 'x'.repeat(16), 9)).toBeUndefined()
    expect(await readDetail(database.sql, 'x'.repeat(20), 9)).toBeUndefined()
  })

  test('doctor finds a whole database whole', async () => {
    const checks = await checkDatabase(await bench.filled(facts))
    expect(checks.filter(({ ok }) => !ok)).toEqual([])
    expect(checks.map(({ name }) => name)).toEqual([
      'database', 'migrations', 'integrity', 'content', 'references', 'files',
    ]) // prettier-ignore
    expect(checks.find(({ name }) => name === 'content')?.message).toContain('4 runs')
    expect(checks.find(({ name }) => name === 'files')?.message).toBe(
      '0 of 1 published files looked for are on this machine',
    )
  })

  test('doctor names references that lead nowhere', async () => {
    const database = await bench.filled([...facts])
    await database.write((writer) => writer.run('DELETE FROM run WHERE uid = ?', [top.uid]))
    const checks = await checkDatabase(database)
    expect(checks.find(({ name }) => name === 'references')).toEqual({
      name: 'references',
      ok: false,
      message: '2 runs without the run that started them',
    })
  })
})
