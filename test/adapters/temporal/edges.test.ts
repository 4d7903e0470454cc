import { describe, expect, test } from '@jest/globals'
import { decideEdges } from '../../../adapters/temporal/history/edges.ts'
import { Mentions } from '../../../adapters/temporal/history/mentions.ts'
import { findReferences } from '../../../core/record/references.ts'

const parts = [{ uri: 'file:///data/a.fq', sha256: 'a'.repeat(64) }]
const known = new Mentions()
known.note(findReferences(parts, 'args'))

function consumed(args: readonly unknown[], succeeded: boolean): string[] {
  const exchange = { args: findReferences(args, 'args'), results: [], activityType: 'merge', succeeded }
  return decideEdges(exchange, known).consumed.map(({ uri }) => uri)
}

describe('an attempt that failed', () => {
  test('is not said to have read a bare path that nobody had named before: it may be where it would have written', () => {
    expect(consumed([parts, '/data/all.fq'], false)).toEqual(['file:///data/a.fq'])
    expect(consumed([parts, '/data/all.fq'], true)).toEqual(['file:///data/a.fq', 'file:///data/all.fq'])
  })

  test('read what its first argument or a named member says', () => {
    expect(consumed(['/data/b.fq'], false)).toEqual(['file:///data/b.fq'])
    expect(consumed([parts, { reference: '/data/genome.fa' }], false)).toHaveLength(2)
  })
})
