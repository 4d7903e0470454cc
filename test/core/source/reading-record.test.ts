import { describe, expect, test } from '@jest/globals'
import { mkdir, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openFolder } from '../../../core/source/folder.ts'
import { fileHasher } from '../../../core/source/hasher.ts'
import { isUnchanged, ReadingRecord } from '../../../core/source/reading-record.ts'
import { temporaryFolders } from '../../tools/temporary-folder.ts'

const folder = temporaryFolders()

/** A record of readings under the conditions `v1`, and its pieces. */
function begun(): { record: ReadingRecord; finish: () => Buffer[] } {
  const pieces: Buffer[] = []
  const record = new ReadingRecord('v1', (piece) => pieces.push(piece))
  return { record, finish: () => (record.finish(), pieces) }
}

async function readAll(root: string): Promise<Buffer[]> {
  const { record, finish } = begun()
  const source = record.watch(await openFolder(root, fileHasher('small')))
  for await (const { name } of source.list('')) await source.lstat(name)
  await source.readText('trace.txt', 1000)
  await source.stat('.nextflow.log')
  await source.digest('results')
  await source.look([{ path: 'results' }, { path: 'looked.txt', maxBytes: 10 }, { path: 'link', maxBytes: 10 }])
  return finish()
}

async function tree(): Promise<string> {
  const root = await folder()
  await mkdir(join(root, 'results', 'deep'), { recursive: true })
  await writeFile(join(root, 'trace.txt'), 'a')
  await writeFile(join(root, 'results', 'deep', 'x'), '1')
  await symlink('trace.txt', join(root, 'link'))
  return root
}

describe('a record of what was read', () => {
  test('holds while nothing changes', async () => {
    const root = await tree()
    const record = await readAll(root)
    expect(await isUnchanged(record, 'v1')).toBe(true)
    await mkdir(join(root, '.stemma')) // ours
    expect(await isUnchanged(record, 'v1')).toBe(true)
    expect(await isUnchanged(record, 'v2')).toBe(false)
    expect(await isUnchanged([], 'v1')).toBe(false)
  })

  test.each<[string, (root: string) => Promise<unknown>]>([
    ['a file that grew', (root) => writeFile(join(root, 'trace.txt'), 'ab')],
    ['a file written anew', (root) => utimes(join(root, 'trace.txt'), 5, 5)],
    ['a file that came', (root) => writeFile(join(root, 'report.html'), '')],
    ['a file that was looked for and came', (root) => writeFile(join(root, '.nextflow.log'), '')],
    ['a file whose content was looked for and came', (root) => writeFile(join(root, 'looked.txt'), '')],
    ['a file that went', (root) => rm(join(root, 'link'))],
    ['a change deep in a folder that was hashed', (root) => writeFile(join(root, 'results', 'deep', 'x'), '22')],
  ])('%s ends it', async (_, change) => {
    const root = await tree()
    const record = await readAll(root)
    await change(root)
    expect(await isUnchanged(record, 'v1')).toBe(false)
  })

  test('holds in any cut', async () => {
    const whole = Buffer.concat(await readAll(await tree()))
    const bytes = Array.from(whole, (byte) => Buffer.of(byte))
    expect(await isUnchanged(bytes, 'v1')).toBe(true)
    expect(await isUnchanged(bytes.slice(0, -1), 'v1')).toBe(false)
  })

  test('holds for a single file, below which nothing can lie', async () => {
    const file = join(await tree(), 'trace.txt')
    const { record, finish } = begun()
    const source = record.watch(await openFolder(file, fileHasher('none')))
    expect(await source.lstat('.nextflow/history')).toBeUndefined()
    expect(await source.stat('work')).toBeUndefined()
    expect(await isUnchanged(finish(), 'v1')).toBe(true)
  })

  test('a path is told as it was seen first, and what changes meanwhile ends the record', async () => {
    const root = await tree()
    const { record, finish } = begun()
    const source = record.watch(await openFolder(root, fileHasher('none')))
    const seen = await source.lstat('trace.txt')
    await writeFile(join(root, 'trace.txt'), 'longer')
    expect(await source.lstat('trace.txt')).toEqual(seen)
    expect(await source.stat('trace.txt')).toEqual(seen)
    expect(await isUnchanged(finish(), 'v1')).toBe(false)
  })

  test('a link is told apart from what it leads to', async () => {
    const root = await tree()
    const source = begun().record.watch(await openFolder(root, fileHasher('none')))
    expect((await source.lstat('link'))?.type).toBe('link')
    expect((await source.stat('link'))?.type).toBe('file')
  })

  test('is small', async () => {
    const root = await folder()
    for (let at = 0; at < 300; at++) await writeFile(join(root, `${at}.txt`), '')
    expect(Buffer.concat(await readAll(root)).length).toBeLessThan(300 * 40)
  })
})
