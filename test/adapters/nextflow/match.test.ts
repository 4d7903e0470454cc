import { mkdtemp, realpath, rename, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { Areas } from '../../../adapters/nextflow/publish/areas.ts'
import { matchFile, type Match } from '../../../adapters/nextflow/publish/match.ts'
import { OutputBook } from '../../../adapters/nextflow/publish/output-book.ts'
import type { Digest } from '../../../core/fact/digest.ts'
import { openFolder, type Hasher } from '../../../core/source/folder.ts'
import { fileHasher } from '../../../core/source/hasher.ts'
import { readEdges, writeNew, writeTask } from './task-on-disk.ts'

let root = ''
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'match-')))
})
afterEach(async () => rm(root, { recursive: true, force: true }))

/** Matches `reads/a.txt` with an output of the same name that is a link to it; a later run wrote it than the first reader. */
async function matched(passedFrom: string | undefined): Promise<Match> {
  await writeNew(join(root, 'reads/a.txt'), 'reads that a task wrote through its own link\n')
  await writeNew(join(root, 'work/out'), '')
  await rm(join(root, 'work/out'))
  await symlink(join(root, 'reads/a.txt'), join(root, 'work/a.txt'))
  const source = await openFolder(root, fileHasher('small'))
  const [stat, linked] = [await source.lstat('reads/a.txt'), await source.stat('work/a.txt')]
  if (stat === undefined || linked === undefined) throw new Error('the files are there')
  const file = { place: { source, path: 'reads/a.txt' }, stat }
  const book = new OutputBook([file])
  const output = { path: '/old/work/a.txt', place: { source, path: 'work/a.txt' }, stat: linked }
  await book.add(output, { key: 'task', order: 1 }, 1, passedFrom)
  return matchFile(file, {
    book,
    areas: new Areas(),
    path: '/old/reads/a.txt',
    writers: new Set([1]),
    isRunTime: () => true,
    isLast: false,
  })
}

test('a file is no copy of the output by which a task passed it on', async () => {
  expect(await matched('/old/reads/a.txt')).toMatchObject({ kind: 'none' })
})

test('of an output that is another file’s it may be one', async () => {
  expect(await matched('/old/other/a.txt')).toMatchObject({ kind: 'one', from: { path: '/old/work/a.txt' } })
})

/** Matches a file with equal outputs at these places of two tasks, all written at these seconds. */
async function matchedAmong(
  path: string,
  writtenS: number,
  outputs: readonly (readonly [rest: string, atS: number])[],
  writers = [0],
  hasher: Hasher = fileHasher('small'),
): Promise<Match> {
  const source = await openFolder(root, hasher)
  await writeNew(join(root, path), 'the same in all\n', writtenS)
  const stat = await source.lstat(path)
  if (stat === undefined) throw new Error('the file is there')
  const file = { place: { source, path }, stat }
  const book = new OutputBook([file])
  for (const [at, [rest, atS]] of outputs.entries()) {
    const place = { source, path: `work/aa/${String(at).repeat(30)}/${rest}` }
    await writeNew(join(root, place.path), 'the same in all\n', atS)
    const found = await source.stat(place.path)
    if (found === undefined) throw new Error('the output is there')
    await book.add({ path: `/old/${place.path}`, place, stat: found, pattern: '*' }, { key: `task ${at}`, order: 0 }, 0)
  }
  return matchFile(file, {
    book,
    areas: new Areas(),
    path: `/old/${path}`,
    writers: new Set(writers),
    isRunTime: (ms) => ms < 1_000_000,
    isLast: false,
  })
}

test('of equal files that one is meant whose folders have the names too', async () => {
  const both = [['s1/run.log', 100], ['s2/run.log', 100]] as const // prettier-ignore
  expect(await matchedAmong('results/s2/run.log', 200, both)).toMatchObject({
    kind: 'one',
    from: { maker: { key: 'task 1' } },
  })
  expect(await matchedAmong('results/run.log', 200, both)).toMatchObject({ kind: 'several' })
  expect(await matchedAmong('results/s2/run.log', 200, [...both, ['run.log', 100]])).toMatchObject({ kind: 'several' })
})

test('checksums of two kinds neither join nor part: size and name do', async () => {
  const tag = (path: string): Digest => {
    const parts = path.includes('/work/') ? '2' : '3'
    return {
      algorithm: `s3-etag-of-${parts}`,
      value: `${'a'.repeat(32)}-${parts}`,
      scope: 'etag',
      evidence: 'observed',
    }
  }
  const hasher: Hasher = (path) => Promise.resolve(tag(path))
  const match = (name: string): Promise<Match> => matchedAmong(`results/${name}`, 200, [['a.txt', 100]], [0], hasher)
  expect(await match('a.txt')).toMatchObject({ kind: 'one', method: 'copy' })
  expect(await match('b.txt')).toMatchObject({ kind: 'none' })
})

test('no original is younger than its copy, where times are those of the run', async () => {
  const outputs = [['versions.yml', 100], ['versions.yml', 300]] as const // prettier-ignore
  expect(await matchedAmong('results/versions.yml', 200, outputs)).toMatchObject({
    kind: 'one',
    from: { maker: { key: 'task 0' } },
  })
  expect(await matchedAmong('results/versions.yml', 200, outputs, [])).toMatchObject({ kind: 'several' })
  const copied = [['versions.yml', 2000], ['versions.yml', 3000]] as const // prettier-ignore
  expect(await matchedAmong('results/versions.yml', 200, copied)).toMatchObject({ kind: 'several' })
})

test('in a project that was moved an output that a task passed on counts as it did before', async () => {
  const [made, passed] = [`aa/${'a'.repeat(30)}`, `bb/${'b'.repeat(30)}`]
  const project = join(root, 'project')
  await writeTask(project, {
    hash: made,
    name: 'MAKE',
    patterns: ['a.txt'],
    files: { 'a.txt': 'made once, passed on\n' },
  })
  const inputs = { 'a.txt': join(project, 'work', made, 'a.txt') }
  await writeTask(project, { hash: passed, name: 'PASS', inputs, patterns: ['a.txt'] })
  await writeNew(join(project, 'results/a.txt'), 'made once, passed on\n')
  await rename(project, join(root, 'elsewhere'))
  const { facts, edges } = await readEdges(join(root, 'elsewhere'))
  expect(edges.filter((edge) => edge.includes('results/'))).toEqual([])
  const several = (all: typeof facts): number[] => all.flatMap((fact) => (fact.kind === 'ambiguous' ? [fact.candidates.length] : [])) // prettier-ignore
  expect(several(facts)).toEqual([2])
  await rm(join(root, 'elsewhere/work', passed, 'a.txt')) // as programs do that copy no links
  const trace =
    'task_id\thash\tname\tstatus\texit\n1\taa/aaaaaa\tMAKE\tCOMPLETED\t0\n2\tbb/bbbbbb\tPASS\tCOMPLETED\t0\n'
  await writeNew(join(root, 'elsewhere/trace.txt'), trace)
  const without = await readEdges(join(root, 'elsewhere'))
  expect(without.edges.filter((edge) => edge.includes('results/'))).toEqual([])
  expect(several(without.facts)).toEqual([2])
})
