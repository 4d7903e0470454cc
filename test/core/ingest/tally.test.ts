import { expect, test } from '@jest/globals'
import { Tally } from '../../../core/ingest/tally.ts'
import { artifact, run, transform } from '../query/make-facts.ts'

test('a run that is told of twice counts once, with the more telling outcome', () => {
  const tally = new Tally()
  const top = run('execution')
  const below = { parent: top.uid }
  const told = [
    transform('STEP'),
    top,
    run('a', { ...below, outcome: 'failed' }),
    run('a', { ...below, outcome: 'unknown' }),
    run('b', { ...below, outcome: 'running' }),
    run('b', { ...below, outcome: 'succeeded' }),
    run('c', { outcome: 'unknown' }), // by itself, before its parent tells of it
    run('c', { ...below, outcome: 'unknown' }),
    top,
  ]
  for (const fact of told) tally.add(fact)
  expect(tally.executions).toBe(1)
  expect(tally.outcomes).toEqual({ failed: 1, succeeded: 1, unknown: 1 })
  expect(tally.counts).toEqual({ transform: 1, run: 8 })
})

test('a file counts once, and as hashed when anything tells a checksum of all of it', () => {
  const digest = { algorithm: 'sha256', value: 'ab', scope: 'full', evidence: 'observed' } as const
  const tally = new Tally()
  for (const digests of [undefined, [digest], undefined]) tally.add(artifact('/a', undefined, { digests }))
  tally.add(artifact('/b', undefined, { digests: [{ ...digest, scope: 'partial' }] }))
  expect([tally.files, tally.digested]).toEqual([2, 1])
})
