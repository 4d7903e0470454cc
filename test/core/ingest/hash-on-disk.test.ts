import { describe, expect, test } from '@jest/globals'
import { createHash } from 'node:crypto'
import { stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ArtifactFact, Fact, RunFact } from '../../../core/fact/fact.ts'
import { artifactUid, runUid, transformUid } from '../../../core/fact/uid.ts'
import { fileUri } from '../../../core/fact/uri.ts'
import { hashOnDisk } from '../../../core/ingest/hash-on-disk.ts'
import { fileHasher } from '../../../core/source/hasher.ts'
import { temporaryFolders } from '../../tools/temporary-folder.ts'

const folder = temporaryFolders()
const LONG_AGO = new Date('2026-01-01T00:00:00.000Z')
const BEGUN = '2026-06-01T00:00:00.000Z'
const LATER = new Date('2026-07-01T00:00:00.000Z')

const run = (more: Partial<RunFact> = {}): RunFact => ({
  kind: 'run',
  uid: runUid('test', 'r'),
  transform: transformUid('test', 't'),
  engine: 'test',
  key: 'r',
  name: 'r',
  outcome: 'succeeded',
  startedAt: BEGUN,
  ...more,
})
const file = (path: string, more: Partial<ArtifactFact> = {}, version?: string): ArtifactFact => ({
  kind: 'artifact',
  uid: artifactUid(fileUri(path), version),
  uri: fileUri(path),
  type: 'file',
  ...more,
})

async function* each(facts: readonly Fact[]): AsyncIterable<Fact> {
  for (const fact of facts) yield await Promise.resolve(fact)
}

async function digestOf(...facts: Fact[]): Promise<string | undefined> {
  const seen: Fact[] = []
  for await (const fact of hashOnDisk(each(facts), fileHasher('small'))) seen.push(fact)
  expect(seen.map(({ kind }) => kind)).toEqual(facts.map(({ kind }) => kind))
  const artifact = seen.find((fact) => fact.kind === 'artifact')
  return artifact?.digests?.find(({ algorithm }) => algorithm === 'sha256')?.value
}

async function input(modified: Date): Promise<string> {
  const path = join(await folder(), 'in put.fq')
  await writeFile(path, 'reads')
  await utimes(path, modified, modified)
  return path
}
const SHA256 = createHash('sha256').update('reads').digest('hex')

describe('files that facts name and that lie on this disk', () => {
  test('are hashed when they were last written before the execution began', async () => {
    expect(await digestOf(run(), file(await input(LONG_AGO)))).toBe(SHA256)
    expect(await digestOf(run(), file(await input(LATER)))).toBeUndefined()
    expect(await digestOf(file(await input(LONG_AGO)))).toBeUndefined() // nobody says when it was read
  })

  test('or when size and time are as stated', async () => {
    const path = await input(LATER)
    const modifiedAt = LATER.toISOString()
    expect(await digestOf(file(path, { modifiedAt, sizeBytes: 5 }, 'v1'))).toBe(SHA256)
    expect(await digestOf(file(path, { modifiedAt, sizeBytes: 6 }, 'v1'))).toBeUndefined()
    expect(await digestOf(file(path, { modifiedAt: BEGUN, sizeBytes: 5 }, 'v1'))).toBeUndefined()
    expect(await digestOf(run(), file(await input(LONG_AGO), { sizeBytes: 6 }))).toBeUndefined()
  })

  test('what was seen a moment ago is not looked at again, but has no digest when other bytes lie there', async () => {
    const path = await input(LONG_AGO)
    const seen = await stat(path)
    const digests = async (): Promise<number[]> => {
      const told: number[] = []
      const was = { type: 'file', sizeBytes: seen.size, modifiedMs: seen.mtimeMs } as const
      const facts = hashOnDisk(each([run(), file(path)]), fileHasher('small'), (local) => (local === path ? was : undefined)) // prettier-ignore
      for await (const fact of facts) if (fact.kind === 'artifact') told.push(fact.digests?.length ?? 0)
      return told
    }
    expect(await digests()).toEqual([1])
    await writeFile(path, 'other') // of the same size
    expect(await digests()).toEqual([0])
  })

  test('a stated version of an unstated time is left alone: another one may lie there', async () => {
    expect(await digestOf(run(), file(await input(LONG_AGO), {}, 'v1'))).toBeUndefined()
  })

  test('a time of one execution says nothing about the next', async () => {
    const path = await input(LONG_AGO)
    const other = run({ uid: runUid('test', 'other'), key: 'other' })
    delete (other as { startedAt?: string }).startedAt
    expect(await digestOf(run(), other, file(path))).toBeUndefined()
  })

  test('are found where their folder lies today', async () => {
    const path = await input(LONG_AGO)
    const root: Fact = { kind: 'root', was: fileUri('/was/here'), now: fileUri(join(path, '..')) }
    expect(await digestOf(root, run(), file('/was/here/in put.fq'))).toBe(SHA256)
    expect(await digestOf(root, run(), file('/was/hereafter/in put.fq'))).toBeUndefined()
  })

  test('what has a digest, is no file or is gone stays as it is', async () => {
    const digest = { algorithm: 'sha256', value: 'ab'.repeat(32), scope: 'full', evidence: 'recorded' } as const
    expect(await digestOf(run(), file(await input(LONG_AGO), { digests: [digest] }))).toBe(digest.value)
    expect(await digestOf(run(), file(await folder()))).toBeUndefined()
    expect(await digestOf(run(), file('/gone/for/good'))).toBeUndefined()
    expect(await digestOf(run(), { ...file('/x'), uri: 's3://bucket/x' as ArtifactFact['uri'] })).toBeUndefined()
  })

  test('a long stream keeps its order', async () => {
    const path = await input(LONG_AGO)
    const facts: Fact[] = [run(), ...Array.from({ length: 300 }, (_, at) => file(at % 3 === 0 ? path : `/gone/${at}`))]
    const seen: Fact[] = []
    for await (const fact of hashOnDisk(each(facts), fileHasher('small'))) seen.push(fact)
    expect(seen.map((fact) => (fact.kind === 'artifact' ? fact.uri : ''))).toEqual(
      facts.map((fact) => (fact.kind === 'artifact' ? fact.uri : '')),
    )
  })
})
