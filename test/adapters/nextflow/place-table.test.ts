import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { PlaceTable } from '../../../adapters/nextflow/cache/place-table.ts'

const place = fc.record({
  file: fc.nat(9),
  sequence: fc.nat({ max: 2 ** 53 - 1 }),
  offset: fc.nat({ max: 2 ** 40 }),
  size: fc.nat(2 ** 26),
  isDeleted: fc.boolean(),
})
/** Keys that differ in few bytes, so that some come again. */
const key = fc.array(fc.nat(2), { minLength: 16, maxLength: 16 }).map((bytes) => Uint8Array.from(bytes))

test('answers as a Map does', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(key, place), { maxLength: 3000, size: 'max' }), (entries) => {
      const map = new Map(entries.map(([bytes, each]) => [bytes.join(), each]))
      const table = new PlaceTable()
      for (const [bytes, each] of entries) table.set(bytes, each)
      expect(table.size).toBe(map.size)
      for (const [bytes] of entries) expect(table.get(bytes)).toEqual(map.get(bytes.join()))
      expect(table.get(new Uint8Array(16).fill(9))).toBeUndefined()
    }),
    { numRuns: 15 },
  )
})
