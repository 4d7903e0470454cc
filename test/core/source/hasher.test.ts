import { describe, expect, test } from '@jest/globals'
import { createHash } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { mkdir, rename, symlink, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DigestLog } from '../../../core/source/digest-log.ts'
import { openFolder } from '../../../core/source/folder.ts'
import { fileHasher, type DigestMemory } from '../../../core/source/hasher.ts'
import { limitConcurrency } from '../../../core/source/limit-concurrency.ts'
import { temporaryFolders } from '../../tools/temporary-folder.ts'

const folder = temporaryFolders()
const sha256 = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex')

describe('hashing', () => {
  test('covers every byte of small and large files', async () => {
    const root = await folder()
    const large = Buffer.alloc(9_000_000, 'abc')
    await writeFile(join(root, 'large'), large)
    await writeFile(join(root, 'empty'), '')
    const source = await openFolder(root, fileHasher('all'))
    expect(await source.digest('large')).toEqual({
      algorithm: 'sha256',
      value: sha256(large),
      scope: 'full',
      evidence: 'observed',
    })
    expect((await source.digest('empty'))?.value).toBe(sha256(''))
    expect(await source.digest('gone')).toBeUndefined()
  })

  test('none hashes nothing, small leaves out what is larger than 64 MiB', async () => {
    const root = await folder()
    await writeFile(join(root, 'small'), 'x')
    await writeFile(join(root, 'sparse'), '')
    await truncate(join(root, 'sparse'), 64 * 1024 * 1024 + 1)
    expect(await (await openFolder(root, fileHasher('none'))).digest('small')).toBeUndefined()
    const source = await openFolder(root, fileHasher('small'))
    expect(await source.digest('small')).toBeDefined()
    expect(await source.digest('sparse')).toBeUndefined()
  })

  test('a folder’s digest covers names, contents and links, not times', async () => {
    const root = await folder()
    const digest = async (): Promise<string | undefined> => {
      const found = await (await openFolder(root, fileHasher('small'))).digest('d')
      expect(found?.algorithm).toBe('sha256-tree')
      return found?.value
    }
    await mkdir(join(root, 'd', 'e'), { recursive: true })
    await writeFile(join(root, 'd', 'a'), '1')
    await writeFile(join(root, 'd', 'e', 'b'), '2')
    const first = await digest()
    await utimes(join(root, 'd', 'a'), 1, 1)
    expect(await digest()).toBe(first)
    await rename(join(root, 'd', 'a'), join(root, 'd', 'c'))
    const renamed = await digest()
    expect(renamed).not.toBe(first)
    await writeFile(join(root, 'd', 'e', 'b'), '3')
    const changed = await digest()
    expect(changed).not.toBe(renamed)
    await symlink('..', join(root, 'd', 'loop'))
    expect(await digest()).not.toBe(changed)
  })

  test('what is remembered is not hashed again, and a changed file is', async () => {
    const root = await folder()
    const seen: string[] = []
    const known = new Map<string, string>()
    const memory: DigestMemory = {
      recall: (path, stat) => known.get(`${path} ${stat.sizeBytes} ${stat.modifiedMs}`),
      remember: (path, stat, value) => {
        seen.push(path)
        known.set(`${path} ${stat.sizeBytes} ${stat.modifiedMs}`, value)
      },
    }
    await writeFile(join(root, 'a'), '1')
    const source = await openFolder(root, fileHasher('small', { memory }))
    await source.digest('a')
    await source.digest('a')
    expect(seen).toHaveLength(1)
    await writeFile(join(root, 'a'), '22')
    expect((await source.digest('a'))?.value).toBe(sha256('22'))
    expect(seen).toHaveLength(2)
  })
})

describe('the log of digests', () => {
  const stat = { type: 'file', sizeBytes: 1, modifiedMs: 2, fileId: '1:2' } as const

  test('remembers over processes, by path, size, time and inode', async () => {
    const file = join(await folder(), 'hashes')
    const log = new DigestLog(file)
    log.remember('/a', stat, sha256('x'))
    log.flush()
    const again = new DigestLog(file)
    expect(again.recall('/a', stat)).toBe(sha256('x'))
    expect(again.recall('/b', stat)).toBeUndefined()
    expect(again.recall('/a', { ...stat, sizeBytes: 2 })).toBeUndefined()
    expect(again.recall('/a', { ...stat, modifiedMs: 3 })).toBeUndefined()
  })

  test('a cut record costs only itself', async () => {
    const file = join(await folder(), 'hashes')
    const log = new DigestLog(file)
    log.remember('/a', stat, sha256('x'))
    log.flush()
    appendFileSync(file, Buffer.alloc(17))
    const again = new DigestLog(file)
    expect(again.recall('/a', stat)).toBe(sha256('x'))
    again.remember('/b', stat, sha256('y'))
    again.flush()
    expect(new DigestLog(file).recall('/b', stat)).toBe(sha256('y'))
  })
})

test('no more work at once than agreed', async () => {
  const limited = limitConcurrency(3)
  let now = 0
  let most = 0
  const work = async (): Promise<void> => {
    now++
    most = Math.max(most, now)
    await new Promise((resolve) => setTimeout(resolve, 2))
    now--
  }
  await Promise.allSettled(
    Array.from({ length: 20 }, (_, at) => limited(at % 5 === 0 ? () => Promise.reject(new Error('no')) : work)),
  )
  expect(most).toBe(3)
})
