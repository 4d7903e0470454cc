import { describe, expect, test } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { link, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openFolder } from '../../../core/source/folder.ts'
import { fileHasher } from '../../../core/source/hasher.ts'
import { memorySource } from '../../../core/source/memory.ts'
import type { FileSource } from '../../../core/source/source.ts'
import { temporaryFolders } from '../../tools/temporary-folder.ts'

const folder = temporaryFolders()
const hasher = fileHasher('small')

async function text(source: FileSource, path: string, range?: { start?: number; end?: number }): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of source.open(path, range)) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

async function names(source: FileSource, path: string): Promise<string[]> {
  const list: string[] = []
  for await (const { name, type } of source.list(path)) list.push(`${name} ${type}`)
  return list
}

/** The same tree on disk and in memory. */
async function bothSources(): Promise<[string, FileSource][]> {
  const root = await folder()
  await mkdir(join(root, 'run', 'work'), { recursive: true })
  await writeFile(join(root, 'run', 'trace.txt'), 'task_id\n1\n')
  await writeFile(join(root, 'run', 'work', 'out.bam'), 'bam')
  await writeFile(join(root, 'secret.txt'), 'secret')
  await symlink('work/out.bam', join(root, 'run', 'inside'))
  await symlink('../secret.txt', join(root, 'run', 'outside'))
  await symlink('loop-b', join(root, 'run', 'loop-a'))
  await symlink('loop-a', join(root, 'run', 'loop-b'))
  await symlink('gone', join(root, 'run', 'dangling'))
  const memory = memorySource(
    {
      'trace.txt': 'task_id\n1\n',
      'work/out.bam': 'bam',
      inside: { link: 'work/out.bam' },
      outside: { link: '../secret.txt' },
      'loop-a': { link: 'loop-b' },
      'loop-b': { link: 'loop-a' },
      dangling: { link: 'gone' },
    },
    { root: '/leftovers/run', chunkBytes: 2 },
  )
  return [
    ['disk', await openFolder(join(root, 'run'), hasher)],
    ['memory', memory],
  ]
}

describe('a source of files, on disk and in memory', () => {
  test('lists in the order of names', async () => {
    const all = [
      'dangling link', 'inside link', 'loop-a link', 'loop-b link', 'outside link', 'trace.txt file', 'work folder',
    ] // prettier-ignore
    for (const [, source] of await bothSources()) {
      expect(await names(source, '')).toEqual(all)
      expect(await names(source, 'work')).toEqual(['out.bam file'])
      expect(await names(source, 'nowhere')).toEqual([])
    }
  })

  test('follows links inside, sees loops and dangling links as not there', async () => {
    for (const [, source] of await bothSources()) {
      expect(await text(source, 'inside')).toBe('bam')
      expect(await source.stat('inside')).toMatchObject({ type: 'file', sizeBytes: 3 })
      expect(await source.lstat('inside')).toMatchObject({ type: 'link' })
      expect(await source.readLink('inside')).toBe('work/out.bam')
      expect(await source.readLink('trace.txt')).toBeUndefined()
      expect(await source.stat('loop-a')).toBeUndefined()
      expect(await source.stat('dangling')).toBeUndefined()
      await expect(text(source, 'loop-a')).rejects.toMatchObject({ code: 'source.not-found' })
    }
  })

  test('does not open what lies outside of the root', async () => {
    for (const [kind, source] of await bothSources()) {
      expect(await source.readBytes('../secret.txt', 100)).toBeUndefined()
      expect(await source.stat('../secret.txt')).toBeUndefined()
      await expect(text(source, '../secret.txt')).rejects.toMatchObject({ code: 'source.not-found' })
      await expect(text(source, 'outside')).rejects.toMatchObject({ code: expect.stringContaining('source.') })
      if (kind === 'disk') {
        expect(await source.stat('outside')).toMatchObject({ type: 'file', sizeBytes: 6 })
        await expect(source.readText('outside', 100)).rejects.toMatchObject({ code: 'source.unreadable' })
      }
    }
  })

  test('reads ranges and refuses more than was agreed', async () => {
    for (const [, source] of await bothSources()) {
      expect(await text(source, 'trace.txt', { start: 2, end: 6 })).toBe('sk_i')
      expect(await text(source, 'trace.txt', { start: 99 })).toBe('')
      expect(await text(source, 'trace.txt', { start: 3, end: 3 })).toBe('')
      expect(await source.readText('trace.txt', 10)).toBe('task_id\n1\n')
      await expect(source.readBytes('trace.txt', 9)).rejects.toMatchObject({ code: 'source.unreadable' })
      expect(await source.readBytes('nowhere', 9)).toBeUndefined()
    }
  })

  test('has the same digests', async () => {
    const [[, disk], [, memory]] = (await bothSources()) as [[string, FileSource], [string, FileSource]]
    expect(await disk.digest('inside')).toEqual(await memory.digest('inside'))
  })
})

describe('a local folder', () => {
  test('names with newlines, quotes, markup and bytes that are no text', async () => {
    const root = await folder()
    const odd = ['a\nb', `'"`, '<script>', '$(rm -rf x)', '; DROP TABLE run', ' ', 'ä 日本', '\uFFFD']
    for (const name of odd) await writeFile(join(root, name), name)
    execFileSync('sh', ['-c', `printf x > "$(printf 'bad-\\377-\\303.txt')"`], { cwd: root })
    const source = await openFolder(root, hasher)
    const found = (await names(source, '')).map((line) => line.replace(/ file$/, ''))
    expect(found.toSorted()).toEqual([...odd, 'bad-\uDCFF-\uDCC3.txt'].toSorted())
    expect(await source.readText('bad-\uDCFF-\uDCC3.txt', 10)).toBe('x')
    expect(await text(source, 'a\nb')).toBe('a\nb')
    expect(await source.digest('bad-\uDCFF-\uDCC3.txt')).toMatchObject({ algorithm: 'sha256' })
    expect(await source.stat('nul\0byte')).toBeUndefined()
  })

  test('a single file is a source of one file', async () => {
    const root = await folder()
    await writeFile(join(root, 'trace.txt'), 'hello')
    const source = await openFolder(join(root, 'trace.txt'), hasher)
    expect(await source.readText('', 10)).toBe('hello')
    expect(await source.stat('')).toMatchObject({ type: 'file' })
  })

  test('hard links have one id, and our own folder is not listed', async () => {
    const root = await folder()
    await writeFile(join(root, 'a'), 'x')
    await link(join(root, 'a'), join(root, 'b'))
    await mkdir(join(root, '.stemma'))
    const source = await openFolder(root, hasher)
    expect((await source.stat('a'))?.fileId).toBe((await source.stat('b'))?.fileId)
    expect(await names(source, '')).toEqual(['a file', 'b file'])
  })

  test('reaches another folder by its absolute path or uri, and nothing else', async () => {
    const [root, work] = [await folder(), await folder()]
    await writeFile(join(work, 'x'), '1')
    const source = await openFolder(root, hasher)
    expect(await (await source.reach(work))?.readText('x', 9)).toBe('1')
    expect(await (await source.reach(`file://${work}`))?.readText('x', 9)).toBe('1')
    expect(await source.reach(join(work, 'x'))).toBeUndefined()
    expect(await source.reach('/nowhere')).toBeUndefined()
    expect(await source.reach('relative')).toBeUndefined()
    expect(await source.reach('s3://bucket/x')).toBeUndefined()
  })

  test('a folder that is not there is named in the error', async () => {
    await expect(openFolder('/no/such', hasher)).rejects.toMatchObject({
      code: 'source.not-found',
      message: expect.stringContaining('/no/such'),
    })
  })
})

test('a pipe among leftovers is not opened', async () => {
  const root = await folder()
  execFileSync('mkfifo', [join(root, 'trace.txt')])
  const source = await openFolder(root, hasher)
  await expect(text(source, 'trace.txt')).rejects.toMatchObject({ code: 'source.unreadable' })
  expect(await source.readBytes('trace.txt', 10)).toBeUndefined()
  expect(await source.digest('trace.txt')).toBeUndefined()
  await expect(text(source, '')).rejects.toMatchObject({ code: 'source.unreadable' })
})
