import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { readEdges, writeNew, writeTask } from './task-on-disk.ts'

const HASH = `ab/${'c'.repeat(30)}`
let root = ''

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'replaced-')))
  await writeNew(join(root, 'data/a.bam'), 'unsorted\n')
})
afterEach(async () => rm(root, { recursive: true, force: true }))

/** A task that has `a.bam` as input and, where given, these bytes under the same name in its folder. */
async function edgesOf(left: string | undefined, patterns?: readonly string[]): Promise<readonly string[]> {
  const files = left === undefined ? {} : { 'a.bam': left }
  await writeTask(root, {
    hash: HASH,
    name: 'SORT',
    inputs: { 'a.bam': join(root, 'data/a.bam') },
    files,
    ...(patterns === undefined ? {} : { patterns }),
  })
  return (await readEdges(root)).edges.map((edge) => edge.replaceAll(`work/${HASH}`, 'TASK'))
}

describe('an output under the name of an input', () => {
  const read = 'SORT <- data/a.bam'
  const wrote = 'SORT -> TASK/a.bam'

  test('that is still the link was passed on', async () => {
    expect(await edgesOf(undefined, ['a.bam'])).toEqual([wrote, read, 'data/a.bam => TASK/a.bam (symlink, recorded)'])
    expect(await edgesOf(undefined)).toEqual([read])
  })

  test('that the task wrote anew is its own work, whether or not the engine wrote down what is an output', async () => {
    expect(await edgesOf('sorted, other\n', ['a.bam'])).toEqual([wrote, read])
    expect(await edgesOf('of equal\n')).toEqual([wrote, read])
  })

  test('that holds the bytes of the input is the input: somebody copied the folder with its links followed', async () => {
    expect(await edgesOf('unsorted\n', ['a.bam'])).toEqual([
      wrote,
      read,
      'data/a.bam => TASK/a.bam (symlink, recorded)',
    ])
    expect(await edgesOf('unsorted\n')).toEqual([read])
  })

  test('that holds the text of the link is the link', async () => {
    expect(await edgesOf(join(root, 'data/a.bam'))).toEqual([read])
  })

  test('whose input is gone is not judged', async () => {
    await rm(join(root, 'data/a.bam'))
    expect(await edgesOf('whatever\n')).toEqual([read])
  })
})
