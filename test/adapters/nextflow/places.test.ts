import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { Places, taskOfPath, taskTail } from '../../../adapters/nextflow/find/places.ts'
import type { FileSource } from '../../../core/adapter.ts'
import { openFolder } from '../../../core/source/folder.ts'

const TASK = 'ab/cdef0123456789abcdef0123456789'
let folder = ''
let home: FileSource

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'places-'))
  await mkdir(join(folder, 'scratch/wd', TASK), { recursive: true })
  await writeFile(join(folder, 'scratch/wd', TASK, 'out.txt'), 'x')
  await mkdir(join(folder, 'results'))
  await writeFile(join(folder, 'results/a.txt'), 'y')
  home = await openFolder(folder, () => Promise.resolve(undefined))
})
afterEach(async () => rm(folder, { recursive: true, force: true }))

test('one task under both names tells where the whole work folder went', async () => {
  const places = new Places([home])
  places.addRoot('/data/x', { source: home, path: '' })
  places.learn(`/data/x/work/${TASK}`, { source: home, path: `scratch/wd/${TASK}` })
  expect((await places.find(`/data/x/work/${TASK}/out.txt`))?.path).toBe(`scratch/wd/${TASK}/out.txt`)
  expect(places.original({ source: home, path: `scratch/wd/${TASK}/out.txt` })).toBe(`/data/x/work/${TASK}/out.txt`)
  expect(places.original({ source: home, path: 'results/a.txt' })).toBe('/data/x/results/a.txt')
})

test('a task is found by its tail in any work folder', async () => {
  const places = new Places([home])
  places.addWorkFolder({ source: home, path: 'scratch/wd' })
  expect((await places.find(`/mnt/elsewhere/work/${TASK}/out.txt`))?.path).toBe(`scratch/wd/${TASK}/out.txt`)
  expect(await places.find('/mnt/elsewhere/work/ab/00000000000000000000000000000a/out.txt')).toBeUndefined()
})

test('the newest name of a folder is used for what lies in it now; older names are still found', async () => {
  const places = new Places([home])
  places.addRoot('/old/x', { source: home, path: '' })
  places.addRoot('/new/x', { source: home, path: '' })
  expect(places.original({ source: home, path: 'results/a.txt' })).toBe('/new/x/results/a.txt')
  expect((await places.find('/old/x/results/a.txt'))?.path).toBe('results/a.txt')
})

test('a work folder outside of the source is reached once a task needs it', async () => {
  const other = await openFolder(join(folder, 'results'), () => Promise.resolve(undefined))
  const places = new Places([other])
  const found = await places.findTaskElsewhere(join(folder, 'scratch/wd', TASK))
  expect(found?.path).toBe(TASK)
})

test('folders of staged and temporary files are shaped like tasks and are none', () => {
  expect(taskOfPath(`/d/work/${TASK}/a/b.txt`)).toEqual({ hash: TASK.replace('/', ''), rest: 'a/b.txt' })
  expect(taskOfPath(`/d/work/tmp/${TASK}/a.txt`)).toBeUndefined()
  expect(taskOfPath(`/d/work/stage-b2a1d38e-9d12-4dc4-9e8d-e00c32e2c92a/${TASK}/a.txt`)).toBeUndefined()
  expect(taskTail('/d/results/a.txt')).toBeUndefined()
})
