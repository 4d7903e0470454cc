import { createHash } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { sha256OfFile } from '../../../core/record/digest-file.ts'
import { KnownDigests } from '../../../core/record/known-digests.ts'
import { fileUri } from '../../../core/fact/uri.ts'

const folder = mkdtempSync(join(tmpdir(), 'digest-file-'))

test('a burst of files of any size is hashed, and one that is missing fails alone', async () => {
  const texts = Array.from({ length: 300 }, (_, at) => `${at} `.repeat(at * 1000))
  const paths = texts.map((text, at) => {
    const path = join(folder, `f${at}`)
    writeFileSync(path, text)
    return path
  })
  const missing = expect(sha256OfFile(join(folder, 'none'))).rejects.toMatchObject({ code: 'ENOENT' })
  const sums = await Promise.all(paths.map(async (path) => sha256OfFile(path)))
  expect(sums).toEqual(texts.map((text) => createHash('sha256').update(text).digest('hex')))
  await missing
})

test('a digest is good for a file that looks the same and had settled when it was read', () => {
  const known = new KnownDigests()
  const uri = fileUri('/data/genome.fa')
  const trace = { type: 'file', sizeBytes: 4, modifiedMs: 1_000_000, fileId: '1:2' } as const
  known.remember(uri, trace, trace.modifiedMs + 5, 'too fresh')
  expect(known.find(uri, trace)).toBeUndefined()
  known.remember(uri, trace, trace.modifiedMs + 5000, 'settled')
  expect(known.find(uri, trace)).toBe('settled')
  expect(known.find(uri, { ...trace, modifiedMs: trace.modifiedMs + 1 })).toBeUndefined()
  expect(known.find(uri, { ...trace, sizeBytes: 5 })).toBeUndefined()
  expect(known.find(uri, { ...trace, fileId: '1:3' })).toBeUndefined()
})
