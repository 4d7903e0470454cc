import { expect, test } from '@jest/globals'
import { editDistance } from '../../../core/query/edit-distance.ts'

test.each([
  ['', '', 0],
  ['abc', 'abc', 0],
  ['abc', 'acb', 1],
  ['abc', 'ab', 1],
  ['', 'ab', 2],
  ['kitten', 'sitting', 3],
])('the distance of %j and %j is %d', (a, b, distance) => {
  expect(editDistance(a, b)).toBe(distance)
  expect(editDistance(b, a)).toBe(distance)
})
