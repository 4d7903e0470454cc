import { afterAll, describe, expect, test } from '@jest/globals'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import nextflow from '../../adapters/nextflow/index.ts'
import redun from '../../adapters/redun/index.ts'
import { openStemma, type Stemma } from '../../core/index.ts'
import { artifact, consumed, ordered, produced, run, stream, transform } from './query/make-facts.ts'
import type { Fact } from '../../core/fact/fact.ts'

const folder = mkdtempSync(join(tmpdir(), 'stemma-library-'))
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

const reads = artifact(join(folder, 'reads.fq'))
const report = artifact(join(folder, 'results/report.html'))
const align = run('align', { startedAt: '2026-11-24T07:00:00.000Z' })
const facts = ordered([
  stream,
  transform('STEP'),
  align,
  reads,
  report,
  consumed(align, reads),
  produced(align, report),
])

async function* iterate(of: readonly Fact[]): AsyncGenerator<Fact> {
  yield* of
  await Promise.resolve()
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

async function filled(name: string): Promise<Stemma> {
  const stemma = await openStemma({ database: `file:${join(folder, name)}`, create: true })
  await stemma.ingest(iterate(facts), { adapter: 'test', adapterVersion: 1, place: folder })
  return stemma
}

describe('the library', () => {
  test('answers what it is asked', async () => {
    const stemma = await filled('answers.db')
    expect(await stemma.runs({}, { limit: 9 })).toEqual([align])
    expect(await all(stemma.eachRun({}))).toEqual([align])
    expect(await stemma.artifacts({ extension: 'html' }, { limit: 9 })).toEqual([report])
    expect(await all(stemma.eachArtifact({ type: 'folder' }))).toEqual([])
    expect(await stemma.transforms({}, { limit: 9 })).toEqual([transform('STEP')])
    expect(await all(stemma.eachTransform({ engine: 'none' }))).toEqual([])
    expect(await stemma.resolve('results/report.html', folder)).toMatchObject({ found: 'one', thing: report })
    expect(await stemma.resolve(report.uri)).toMatchObject({ found: 'one', thing: report })
    expect(await stemma.show(align.uid)).toMatchObject({ kind: 'run', consumed: { total: 1 } })
    expect((await stemma.find('report', 9)).map(({ thing }) => thing)).toEqual([report])
    const lineage = await stemma.lineage(report.uid, { direction: 'up', limit: 9 })
    expect(lineage.nodes).toEqual([report, align, reads])
    expect((await stemma.path(reads.uid, report.uid))?.nodes).toEqual([reads, align, report])
    expect(new Set(await all(stemma.export()))).toEqual(new Set(facts))
    expect(await all(stemma.export({ uids: [reads.uid], direction: 'up' }))).toEqual([stream, reads])
    expect((await all(stemma.exportText('dot'))).join('')).toContain('digraph')
    expect((await stemma.doctor()).every(({ ok }) => ok)).toBe(true)
    await stemma.close()
  })

  test('says which uid is unknown', async () => {
    const stemma = await filled('unknown.db')
    const nobody = 'x'.repeat(16)
    await expect(stemma.show(nobody)).rejects.toMatchObject({ code: 'query.not-found', detail: { uid: nobody } })
    await expect(stemma.lineage(nobody, { direction: 'up', limit: 9 })).rejects.toMatchObject({
      code: 'query.not-found',
    })
    await stemma[Symbol.asyncDispose]()
  })

  test('a walk from an execution without edges of its own begins at the runs below it, one from code at its runs', async () => {
    const stemma = await filled('starts.db')
    const top = run('top')
    const child = run('child', { parent: top.uid })
    await stemma.ingest(iterate(ordered([...facts, top, child, consumed(child, report)])), {
      adapter: 'test', adapterVersion: 1, place: 'file:///more',
    }) // prettier-ignore
    const uids = async (uid: string): Promise<string[]> =>
      (await stemma.lineage(uid, { direction: 'up', limit: 99 })).nodes.map((node) => node.uid)
    expect(new Set(await uids(top.uid))).toEqual(new Set([top, child, report, align, reads].map(({ uid }) => uid)))
    expect(new Set(await uids(transform('STEP').uid))).toEqual(new Set(await uids(top.uid)))
    await stemma.close()
  })

  test('imports leftovers with an adapter, and says which of its options is wrong', async () => {
    const stemma = await openStemma({ database: `file:${join(folder, 'import.db')}`, create: true })
    const place = join(import.meta.dirname, '../../fixtures/nextflow/25.04.8/retry-ignore/source')
    expect(await stemma.import(nextflow, place, { hash: 'none' })).toMatchObject({ kind: 'imported' })
    expect(await stemma.runs({ top: true }, { limit: 9 })).toHaveLength(1)
    const again = await stemma.import(nextflow, [place], { hash: 'none' })
    expect(again).toMatchObject({ summary: { added: 0, changed: 0 } })
    const wrong = stemma.import(redun, place, { own: { cwd: 1 } })
    await expect(wrong).rejects.toMatchObject({ code: 'usage.invalid-option', message: expect.stringContaining('cwd') })
    await expect(stemma.import(nextflow, join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'source.not-found' })
    await stemma.close()
  })
})
