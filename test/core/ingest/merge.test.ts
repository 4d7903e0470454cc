import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { artifactRow, consumedRow, copiedRow, producedRow, runRow, transformRow } from '../../../core/db/row.ts'
import type { Row } from '../../../core/db/writer.ts'
import { outcomes } from '../../../core/fact/outcome.ts'
import { mergeRows } from '../../../core/ingest/merge.ts'
import { artifact, consumed, copied, produced, run, transform } from '../../tools/facts.ts'

const maybe = (of: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => fc.option(of, { nil: undefined })
const defined = (value: object): object =>
  Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined))
const time = fc.integer({ min: 0, max: 5_000 }).map((ms) => new Date(ms).toISOString())
const json = fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), fc.jsonValue({ maxDepth: 1 }))
const evidence = fc.constantFrom('recorded', 'observed', 'inferred')

const rows = {
  transform: fc
    .record({ name: fc.constantFrom('a', 'bb'), type: fc.constantFrom('rule', 'task'), source: maybe(fc.string()) })
    .map((more) => transformRow(transform('T', defined(more)))),
  run: fc
    .record({
      outcome: fc.constantFrom(...outcomes),
      name: fc.constantFrom('x', 'x (1)'),
      attempt: maybe(fc.nat(3)),
      startedAt: maybe(time),
      endedAt: maybe(time),
      params: maybe(json),
      labels: maybe(json),
      transform: fc.constantFrom('T', 'U').map((name) => transform(name).uid),
    })
    .map((more) => runRow(run('r', [], defined(more)))),
  artifact: fc
    .record({ type: fc.constantFrom('file', 'folder', 'object'), sizeBytes: maybe(fc.nat(3)), modifiedAt: maybe(time) })
    .map((more) => artifactRow(artifact('/a', undefined, defined(more)))),
  consumed: fc
    .record({ evidence, method: maybe(fc.constantFrom('m', 'n')) })
    .map((more) => consumedRow(consumed(run('r'), artifact('/a'), defined(more)))),
  produced: fc
    .record({ evidence, method: maybe(fc.constantFrom('m', 'n')) })
    .map((more) => producedRow(produced(run('r'), artifact('/a'), defined(more)))),
  copied: fc
    .record({ evidence, at: maybe(time) })
    .map((more) => copiedRow(copied(artifact('/a'), artifact('/b'), defined(more)))),
}

const names = ['transform', 'run', 'artifact', 'consumed', 'produced', 'copied'] as const

describe.each(names)('merging two rows of %s', (name) => {
  const row = rows[name]
  const merge = (a: Row, b: Row): Row => mergeRows(name, a, b)
  test('is the same in either order', () => {
    fc.assert(
      fc.property(row, row, (a, b) => {
        expect(merge(a, b)).toEqual(merge(b, a))
      }),
    )
  })
  test('is the same in either grouping', () => {
    fc.assert(
      fc.property(row, row, row, (a, b, c) => {
        expect(merge(merge(a, b), c)).toEqual(merge(a, merge(b, c)))
      }),
    )
  })
  test('adds nothing the second time', () => {
    fc.assert(
      fc.property(row, row, (a, b) => {
        expect(merge(a, a)).toEqual(a)
        expect(merge(merge(a, b), b)).toEqual(merge(a, b))
      }),
    )
  })
})

test('present beats absent, the end beats what is open, more precise beats cut times', () => {
  const merged = mergeRows(
    'run',
    runRow(run('r', [5], { outcome: 'running', params: { a: 1 } })),
    runRow(run('r', [5.25, 9], { outcome: 'failed', exitCode: 1, params: { b: 2 } })),
  )
  expect(merged).toEqual(runRow(run('r', [5.25, 9], { outcome: 'failed', exitCode: 1, params: { a: 1, b: 2 } })))
})

test('numbers and other values under one name come out the same in either grouping', () => {
  const [a, b, c] = [0, [], -5e-324].map((value) => runRow(run('r', [], { params: { value } })))
  if (a === undefined || b === undefined || c === undefined) throw new TypeError('three rows')
  const merge = (x: Row, y: Row): Row => mergeRows('run', x, y)
  expect(merge(merge(a, b), c)).toEqual(merge(a, merge(b, c)))
})
