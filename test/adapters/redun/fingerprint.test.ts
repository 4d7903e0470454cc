import { mkdtemp, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from '@jest/globals'
import { CopiedTimes } from '../../../adapters/redun/values/copied-times.ts'
import { Disk } from '../../../adapters/redun/values/disk.ts'
import { fileRef } from '../../../adapters/redun/values/file-refs.ts'
import { isMissingFile, localFileHash, pickleHash, pythonFloat } from '../../../adapters/redun/values/fingerprint.ts'
import { fileUri } from '../../../core/adapter.ts'
import { openFolder } from '../../../core/source/folder.ts'
import { fileHasher } from '../../../core/source/hasher.ts'
import { fixture } from './read-facts.ts'

test('plain values hash as redun hashed them', () => {
  const database = new Database(`${fixture('0.46.0/script')}/.redun/redun.db`, { readonly: true })
  const rows = database
    .prepare<[], { value_hash: string; value: Uint8Array }>(
      `select value_hash, value from value where type in ('builtins.str', 'builtins.int', 'builtins.bytes')`,
    )
    .all()
  database.close()
  expect(rows.length).toBeGreaterThan(5)
  for (const row of rows) expect(pickleHash(row.value)).toBe(row.value_hash)
})

test('a file that never was is known by its hash', () => {
  expect(isMissingFile('nope/none.txt', '90fcb7b118339d66b7ae145717442bc467ae9327')).toBe(true)
  expect(isMissingFile('nope/other.txt', '90fcb7b118339d66b7ae145717442bc467ae9327')).toBe(false)
})

test('times print as Python prints them', () => {
  expect([1732410775.5, 1732410775, 0.1].map(pythonFloat)).toEqual(['1732410775.5', '1732410775.0', '0.1'])
})

test('a file is proven by its time, also when a copy cut that to milliseconds, and not when it changed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'redun-disk-'))
  try {
    await writeFile(join(folder, 'a.txt'), 'hello')
    await utimes(join(folder, 'a.txt'), 1_795_000_000.123_456, 1_795_000_000.123_456)
    const { mtimeNs } = await stat(join(folder, 'a.txt'), { bigint: true })
    const recorded = Number(mtimeNs / 1_000_000_000n) + 1e-9 * Number(mtimeNs % 1_000_000_000n) // as Python computes it
    const ref = fileRef('redun.File', 'a.txt', localFileHash('a.txt', 5, recorded))
    const disk = new Disk(await openFolder(folder, fileHasher('small')))
    const uri = fileUri(join(folder, 'a.txt'))
    expect(await disk.observe(uri, ref)).toMatchObject({ sizeBytes: 5, digest: { algorithm: 'sha256' } })
    await utimes(join(folder, 'a.txt'), 1_795_000_000.123, 1_795_000_000.123)
    expect(await disk.observe(uri, ref)).toMatchObject({ sizeBytes: 5 })
    await utimes(join(folder, 'a.txt'), 1_795_000_001.123, 1_795_000_001.123)
    expect(await disk.observe(uri, ref)).toBeUndefined()
    expect(await disk.observe(`${uri}.gone`, ref)).toBeUndefined()
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('of a project that was copied without times the last state of a file is probably what lies there', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'redun-copied-'))
  const day = 24 * 60 * 60_000
  const asked: unknown[] = []
  const tables = {
    all: (_sql: string, parameters: readonly unknown[] = []) => {
      asked.push(...parameters)
      return [{ value_hash: 'c'.repeat(40) }]
    },
    close: () => undefined,
  }
  try {
    await writeFile(join(folder, 'a.txt'), 'hello')
    const { mtimeMs } = await stat(join(folder, 'a.txt'))
    const source = await openFolder(folder, fileHasher('small'))
    const observe = (hash: string, writtenMs: number, lastMs: number): Promise<unknown> => {
      const disk = new Disk(source, CopiedTimes.find(tables, writtenMs, lastMs))
      return disk.observe(fileUri(join(folder, 'a.txt')), fileRef('redun.File', 'a.txt', hash))
    }
    const probably = { sizeBytes: 5, digest: { algorithm: 'sha256', scope: 'full', evidence: 'inferred' } }
    const last = await observe('c'.repeat(40), mtimeMs, mtimeMs - 2 * day)
    expect(last).toMatchObject(probably)
    expect(last).not.toHaveProperty('modifiedMs')
    expect(asked).toEqual(['a.txt'])
    expect(await observe('d'.repeat(40), mtimeMs, mtimeMs - 2 * day)).toBeUndefined() // an earlier state
    expect(await observe('c'.repeat(40), mtimeMs, mtimeMs - 1000)).toBeUndefined() // times were kept
    expect(await observe('c'.repeat(40), mtimeMs - day, mtimeMs - 3 * day)).toBeUndefined() // written after the copying
  } finally {
    await rm(folder, { recursive: true })
  }
})
