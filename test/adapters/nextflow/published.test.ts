import { cp, link, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import adapter from '../../../adapters/nextflow/index.ts'
import type { ArtifactFact, CopiedFact, Fact } from '../../../core/adapter.ts'
import { openFolder } from '../../../core/source/folder.ts'
import type { HashPolicy } from '../../../core/source/hash-policy.ts'
import { fileHasher } from '../../../core/source/hasher.ts'

const FIXTURE = join(import.meta.dirname, '../../../fixtures/nextflow/25.04.8/two-pipelines/source')
const FIT_A = 'work/89/971acb94afd61d837b77733cef8271'
const FIT_B = 'work/f2/b9cef0c3aaa58225d13c330cfdf5cf'
let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'published-'))
  await cp(FIXTURE, folder, { recursive: true })
})
afterEach(async () => rm(folder, { recursive: true, force: true }))

async function read(policy: HashPolicy = 'small'): Promise<Fact[]> {
  const facts: Fact[] = []
  for await (const fact of adapter.read([await openFolder(folder, fileHasher(policy))], { own: {} })) facts.push(fact)
  return facts
}

/** `from -> to` below the project's folder, with how it is known. */
function copies(facts: readonly Fact[]): Map<string, CopiedFact> {
  const paths = new Map(
    facts.flatMap((fact) => (fact.kind === 'artifact' ? [[fact.uid, shortUri(fact)] as const] : [])),
  )
  const edges = facts.flatMap((fact) => (fact.kind === 'copied' ? [fact] : []))
  return new Map(edges.map((edge) => [`${paths.get(edge.from) ?? '?'} -> ${paths.get(edge.to) ?? '?'}`, edge]))
}

function shortUri(fact: ArtifactFact): string {
  return fact.uri.replace('file:///data/shared/', '')
}

test('a copy is tied to the task that left the same bytes, and the winner of a contested name takes the equal ones too', async () => {
  const found = copies(await read())
  expect(found.get(`${FIT_A}/model.bin -> models/model.bin`)).toMatchObject({ method: 'copy', evidence: 'inferred' })
  expect(found.get(`${FIT_A}/fit.log -> models/fit.log`)).toMatchObject({ evidence: 'inferred' })
  expect(found.has(`${FIT_B}/fit.log -> models/fit.log`)).toBe(false)
})

test('without the file that decides, equal bytes of several tasks are ambiguous and nothing is asserted', async () => {
  await rm(join(folder, 'models/model.bin'))
  const facts = await read()
  expect([...copies(facts).keys()].filter((edge) => edge.endsWith('-> models/fit.log'))).toEqual([])
  const ambiguous = facts.find((fact) => fact.kind === 'ambiguous')
  expect(ambiguous).toMatchObject({ relation: 'copied' })
  expect(ambiguous?.kind === 'ambiguous' ? ambiguous.candidates.length : 0).toBe(2)
})

test('a hard link is the same inode, whatever else has equal bytes', async () => {
  await rm(join(folder, 'models/fit.log'))
  await link(join(folder, `${FIT_B}/fit.log`), join(folder, 'models/fit.log'))
  expect(copies(await read()).get(`${FIT_B}/fit.log -> models/fit.log`)).toMatchObject({
    method: 'link',
    evidence: 'observed',
  })
})

test('real links and links that were flattened to files say the same', async () => {
  const flat = copies(await read())
  for (const name of await readdir(join(folder, 'shared/raw'))) {
    const path = join(folder, 'shared/raw', name)
    const target = await readFile(path, 'utf8')
    await rm(path)
    await symlink(target, path)
  }
  const real = copies(await read())
  expect([...real.keys()]).toEqual([...flat.keys()])
  expect(real.get('work/14/02a42dc90f6870a1a3ccfcae74e9c1/north.csv -> shared/raw/north.csv')).toMatchObject({
    method: 'symlink',
    evidence: 'observed',
  })
})

test('a link of the user’s own, to data elsewhere or in a circle, is no publication', async () => {
  const before = [...copies(await read()).keys()]
  await symlink('/reference/genome.fa', join(folder, 'base/genome.fa'))
  await symlink('..', join(folder, 'shared/up'))
  expect([...copies(await read()).keys()]).toEqual(before)
})

test('a link to an input where the run publishes is one', async () => {
  await symlink('/data/shared/base/a.csv', join(folder, 'models/a.csv'))
  expect(copies(await read()).get('base/a.csv -> models/a.csv')).toMatchObject({ method: 'symlink' })
})

test('a file of the same name with other bytes is nobody’s copy', async () => {
  await writeFile(join(folder, 'shared/clean/north.clean.csv'), 'something else of another length\n')
  const edges = [...copies(await read()).keys()]
  expect(edges.filter((edge) => edge.endsWith('-> shared/clean/north.clean.csv'))).toEqual([])
})

test('an input is no copy of what a later task made of it', async () => {
  const input = await readFile(join(folder, 'base/a.csv'))
  const facts = await read()
  expect([...copies(facts).keys()].filter((edge) => edge.endsWith('-> base/a.csv'))).toEqual([])
  await writeFile(join(folder, FIT_A, 'fit.log'), input) // a task that passes its input on under another name
  expect([...copies(await read()).keys()].filter((edge) => edge.endsWith('-> base/a.csv'))).toEqual([])
})

test('without hashing, size and name decide, and several candidates stay open', async () => {
  const found = [...copies(await read('none')).keys()]
  expect(found).toContain('work/70/0c88a8c6975cdbf03f8a939124e39a/north.clean.csv -> shared/clean/north.clean.csv')
  await rm(join(folder, 'models/model.bin')) // the size of it tells who won
  const open = [...copies(await read('none')).keys()]
  expect(open.filter((edge) => edge.endsWith('-> models/fit.log'))).toEqual([])
})

test('a later run reads the version that an earlier run published', async () => {
  const facts = await read()
  const published = facts.find((fact) => fact.kind === 'artifact' && fact.uri.endsWith('/shared/clean/south.clean.csv'))
  const reader = facts.find((fact) => fact.kind === 'run' && fact.name === 'FIT (south.clean)')
  if (published?.kind !== 'artifact' || reader?.kind !== 'run') throw new Error('the fixture has both')
  const edge = { kind: 'consumed', run: reader.uid, artifact: published.uid }
  expect(facts).toContainEqual(expect.objectContaining(edge))
  expect(published.uid.endsWith('0000')).toBe(false)
})
