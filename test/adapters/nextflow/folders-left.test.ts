import { mkdtemp, realpath, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { readEdges, writeNew, writeTask } from './task-on-disk.ts'

const A = `aa/${'a'.repeat(30)}`
const B = `bb/${'b'.repeat(30)}`
const LONG = 'counted reads of the sample, each with its name\n'
let root = ''

/** A task of an engine that wrote no patterns down, with a folder of three files. */
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'folders-left-')))
  const files = { 'out/a.txt': LONG, 'out/b.txt': `${LONG}b\n`, 'out/tmp.bin': 'temporary, not declared\n' }
  await writeTask(root, { hash: A, name: 'MAKE', files })
})
afterEach(async () => rm(root, { recursive: true, force: true }))

const edges = async (): Promise<readonly string[]> => (await readEdges(root)).edges.map((edge) => edge.replaceAll(`work/${A}/`, '')) // prettier-ignore
const readBy = async (name: string, from: string): Promise<unknown> => writeTask(root, { hash: B, name, inputs: { [from.slice(from.lastIndexOf('/') + 1)]: join(root, 'work', A, from) } }) // prettier-ignore

test('a folder of which nobody knows more is what the task made', async () => {
  expect(await edges()).toEqual(['MAKE -> out'])
})

test('files in it that a task reads are, and the folder is none of theirs', async () => {
  await readBy('READ', 'out/a.txt')
  expect(await edges()).toEqual(['MAKE -> out/a.txt', 'READ <- out/a.txt'])
})

test('the folder is, when a task reads it as a whole', async () => {
  await readBy('READ', 'out')
  expect(await edges()).toEqual(['MAKE -> out', 'READ <- out'])
})

test('files that are published without the others are', async () => {
  await writeNew(join(root, 'results/out/a.txt'), LONG)
  await writeNew(join(root, 'results/out/b.txt'), `${LONG}b\n`)
  expect(await edges()).toEqual([
    'MAKE -> out/a.txt',
    'MAKE -> out/b.txt',
    'out/a.txt => results/out/a.txt (copy, inferred)',
    'out/b.txt => results/out/b.txt (copy, inferred)',
  ])
})

test('a file that a link leads to is', async () => {
  await writeNew(join(root, 'results/note'), '')
  await symlink(join(root, 'work', A, 'out/b.txt'), join(root, 'results/b.txt'))
  expect(await edges()).toEqual(['MAKE -> out/b.txt', 'out/b.txt => results/b.txt (symlink, observed)'])
})

test('the folder is, when all of it is published', async () => {
  for (const [name, text] of [
    ['a.txt', LONG],
    ['b.txt', `${LONG}b\n`],
    ['tmp.bin', 'temporary, not declared\n'],
  ] as const)
    // prettier-ignore
    await writeNew(join(root, 'results/out', name), text)
  const found = await edges()
  expect(found.filter((edge) => edge.includes('->'))).toEqual(['MAKE -> out'])
  expect(found).toContain('out => results/out (copy, inferred)')
})
