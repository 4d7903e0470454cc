import { expect, test } from '@jest/globals'
import { toIso } from '../../../core/fact/time.ts'

test('fractions of a millisecond are cut, not rounded: a file time told so is the one that is found on disk', () => {
  expect(toIso(1_795_506_621_983.72)).toBe(new Date(1_795_506_621_983).toISOString())
})

test('what is no time has no text', () => {
  for (const ms of [undefined, Number.NaN, Infinity, 9e15, 300_000_000_000_000]) expect(toIso(ms)).toBeUndefined()
})
