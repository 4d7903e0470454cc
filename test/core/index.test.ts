import { afterAll, describe, expect, test } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { openStemma, type Stemma } from '../../core/index.ts'
import { artifact, consumed, ordered, produced, run, stream, transform } from './query/make-facts.ts'
import type { Fact } from '../../core/fact/fact.ts'

const folder = mkdtempSync(join(tmpdir(), 'stemma-library-'))
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

const entry = join(import.meta.dirname, '../../core/index.ts')
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

  test('the example in its documentation runs', async () => {
    const project = join(folder, 'project')
    mkdirSync(join(project, 'results'), { recursive: true })
    mkdirSync(join(project, '.stemma'))
    const made = artifact(join(project, 'results/report.html'))
    const stemma = await openStemma({ database: `file:${join(project, '.stemma/stemma.db')}`, create: true })
    await stemma.ingest(iterate(ordered([stream, transform('STEP'), align, reads, made, consumed(align, reads), produced(align, made)])), {
      adapter: 'test', adapterVersion: 1, place: project,
    }) // prettier-ignore
    await stemma.close()
    const example = /```ts\n(.*?)```/s.exec(readFileSync(entry, 'utf8'))?.[1]?.replace(/^ \* ?/gm, '') ?? ''
    const script = join(project, 'example.mts')
    writeFileSync(script, example.replace(`'stemma'`, `'${pathToFileURL(entry).href}'`))
    const loader = pathToFileURL(join(import.meta.dirname, '../../node_modules/tsx/dist/loader.mjs')).href
    const done = spawnSync(process.execPath, ['--import', loader, script], { cwd: project, encoding: 'utf8' })
    expect(done.stderr).toBe('')
    expect(done.stdout).toBe(`artifact ${made.uri}\nrun align\nartifact ${reads.uri}\n`)
  })
})
