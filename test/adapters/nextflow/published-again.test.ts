import { cp, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import adapter from '../../../adapters/nextflow/index.ts'
import type { ArtifactFact, Fact, RunFact } from '../../../core/adapter.ts'
import { openFolder } from '../../../core/source/folder.ts'
import { fileHasher } from '../../../core/source/hasher.ts'

/** Three runs: `first_count` publishes, `plotted` reads what was published, `second_count` publishes other bytes there. */
const FIXTURE = join(import.meta.dirname, '../../../fixtures/nextflow/23.10.1/published-again/source')
const COUNTS = ['results/counts/b1.count', 'results/counts/b2.count'] as const
const IN_SECOND_COUNT = new Date('2026-11-28T20:43:26.997Z')
const IN_FIRST_COUNT = new Date('2026-11-28T20:43:18.500Z')
const CHECKED_OUT = new Date('2026-12-01T00:00:00.000Z')
let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'again-'))
  await cp(FIXTURE, folder, { recursive: true })
})
afterEach(async () => rm(folder, { recursive: true, force: true }))

async function read(writtenAt: Date): Promise<Fact[]> {
  for (const name of COUNTS) await utimes(join(folder, name), writtenAt, writtenAt)
  const facts: Fact[] = []
  for await (const fact of adapter.read([await openFolder(folder, fileHasher('small'))], { own: {} })) facts.push(fact)
  return facts
}

const artifacts = (facts: readonly Fact[], path: string): ArtifactFact[] =>
  facts.flatMap((fact) => (fact.kind === 'artifact' && fact.uri.endsWith(path) ? [fact] : []))

/** Who read which version of a path: the version part of its uid. */
function readOf(facts: readonly Fact[], path: string): string[] {
  const uids = new Set(artifacts(facts, path).map(({ uid }) => uid))
  return facts.flatMap((fact) => (fact.kind === 'consumed' && uids.has(fact.artifact) ? [fact.artifact.slice(16)] : []))
}

/** The executions whose tasks made what lies at a path. */
function publishers(facts: readonly Fact[], path: string): string[] {
  const runs = new Map(facts.flatMap((fact) => (fact.kind === 'run' ? [[fact.uid, fact] as const] : [])))
  const name = (run: RunFact | undefined): string =>
    run?.parent === undefined ? '?' : (runs.get(run.parent)?.name ?? '?')
  const uids = new Set(artifacts(facts, path).map(({ uid }) => uid))
  const sources = new Set(facts.flatMap((fact) => (fact.kind === 'copied' && uids.has(fact.to) ? [fact.from] : [])))
  return facts.flatMap((fact) =>
    fact.kind === 'produced' && sources.has(fact.artifact) ? [name(runs.get(fact.run))] : [],
  )
}

test('what a later run published over a file was not read by an earlier one', async () => {
  const facts = await read(IN_SECOND_COUNT)
  for (const path of COUNTS) {
    expect(publishers(facts, path)).toEqual(['second_count'])
    expect(readOf(facts, path)).toEqual(['0000'])
    const unstated = artifacts(facts, path).filter(({ uid }) => uid.endsWith('0000'))
    expect(unstated.length).toBeGreaterThan(0)
    for (const fact of unstated) expect(fact).not.toHaveProperty('modifiedAt') // the bytes of now are others
    for (const fact of unstated) expect(fact).not.toHaveProperty('digests')
  }
})

test('nor when nobody knows whose bytes lie there now', async () => {
  for (const path of COUNTS) await writeFile(join(folder, path), 'neither of them wrote this\n')
  const facts = await read(IN_SECOND_COUNT)
  for (const path of COUNTS) {
    expect(publishers(facts, path)).toEqual([])
    expect(readOf(facts, path)).toEqual(['0000'])
    for (const fact of artifacts(facts, path)) expect(fact).not.toHaveProperty('modifiedAt')
  }
})

test('of equal bytes those were published that belong to the run that wrote the file', async () => {
  for (const [hash, path] of [['1e/6b397ddf7a1bf169b27200a3a539fd', 'b1'], ['9b/a9023d25d16807f53a15a82889b4cb', 'b1']])
    await writeFile(join(folder, 'work', hash ?? '', `${path ?? ''}.count`), 'same\n') // prettier-ignore
  await writeFile(join(folder, 'results/counts/b1.count'), 'same\n')
  expect(publishers(await read(IN_SECOND_COUNT), COUNTS[0])).toEqual(['second_count'])
  const first = await read(IN_FIRST_COUNT)
  expect(publishers(first, COUNTS[0])).toEqual(['first_count'])
  expect(readOf(first, COUNTS[0])).not.toEqual(['0000'])
})

test('a file whose time tells nothing is read as before: what was read came from an earlier run', async () => {
  const facts = await read(CHECKED_OUT)
  for (const path of COUNTS) expect(publishers(facts, path)).toEqual([])
})
