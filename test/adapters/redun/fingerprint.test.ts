import { mkdtemp, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from '@jest/globals'
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
