import { mkdtemp, realpath, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { Areas } from '../../../adapters/nextflow/publish/areas.ts'
import { matchFile, type Match } from '../../../adapters/nextflow/publish/match.ts'
import { OutputBook } from '../../../adapters/nextflow/publish/output-book.ts'
import { openFolder } from '../../../core/source/folder.ts'
import { fileHasher } from '../../../core/source/hasher.ts'
import { writeNew } from './task-on-disk.ts'

let root = ''
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'passed-on-')))
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
  return matchFile(file, { book, areas: new Areas(), path: '/old/reads/a.txt', writers: new Set([1]), isLast: false })
}

test('a file is no copy of the output by which a task passed it on', async () => {
  expect(await matched('/old/reads/a.txt')).toMatchObject({ kind: 'none' })
})

test('of an output that is another file’s it may be one', async () => {
  expect(await matched('/old/other/a.txt')).toMatchObject({ kind: 'one', from: { path: '/old/work/a.txt' } })
})
