import { cp, mkdtemp, readdir, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import adapter from '../../../adapters/nextflow/index.ts'
import { openFolder } from '../../../core/source/folder.ts'
import { fileHasher } from '../../../core/source/hasher.ts'

const FIXTURE = join(import.meta.dirname, '../../../fixtures/nextflow/25.04.8/basic-rnaseq/source')
const READS = 'data/s1/reads.fq'
/** The run of the fixture began and ended within this minute. */
const [BEFORE, ENDED, HOURS_LATER] = ['07:00:00', '07:19:24', '19:00:00'].map((at) => new Date(`2026-11-24T${at}.000Z`))

let project = ''
beforeEach(async () => {
  project = join(await mkdtemp(join(tmpdir(), 'bytes-of-then-')), 'project')
  await cp(FIXTURE, project, { recursive: true, verbatimSymlinks: true })
})
afterEach(async () => rm(join(project, '..'), { recursive: true, force: true }))

/** Sets the time of every file, and of one input, and tells what is known of that input. */
async function knownOf(all: Date | undefined, input: Date | undefined): Promise<unknown> {
  if (all === undefined || input === undefined) throw new TypeError('times are given')
  for (const entry of await readdir(project, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) await utimes(join(entry.parentPath, entry.name), all, all)
  await utimes(join(project, READS), input, input)
  const source = await openFolder(project, fileHasher('small'))
  for await (const fact of adapter.read([source], { own: adapter.options.parse({}) })) {
    if (fact.kind === 'artifact' && fact.uri.endsWith(`/${READS}`)) return fact
  }
  throw new Error('the input is told of')
}

test('an input that is older than the run is what the run read', async () => {
  expect(await knownOf(ENDED, BEFORE)).toMatchObject({ sizeBytes: 1171, modifiedAt: BEFORE?.toISOString() })
})

test('of an input that was written after the run nothing is known', async () => {
  const known = await knownOf(ENDED, HOURS_LATER)
  for (const field of ['sizeBytes', 'modifiedAt', 'digests']) expect(known).not.toHaveProperty(field)
})

test('in a project that was copied without times it probably holds the bytes of then', async () => {
  const known = await knownOf(HOURS_LATER, HOURS_LATER)
  expect(known).toMatchObject({ sizeBytes: 1171, digests: [{ algorithm: 'sha256', evidence: 'inferred' }] })
  expect(known).not.toHaveProperty('modifiedAt')
})
