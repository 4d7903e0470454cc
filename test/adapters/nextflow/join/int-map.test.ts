import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { IntMap } from '../../../../adapters/nextflow/join/int-map.ts'

test('answers as a Map does, for any numbers of 32 bits', () => {
  const number = fc.oneof(fc.integer(), fc.integer({ min: -3, max: 3 }))
  fc.assert(
    fc.property(
      fc.array(fc.tuple(number, number), { maxLength: 3000, size: 'max' }),
      fc.array(number),
      (entries, others) => {
        const map = new Map(entries)
        const ints = new IntMap()
        for (const [key, value] of entries) ints.set(key, value)
        for (const key of [...map.keys(), ...others]) expect(ints.get(key)).toBe(map.get(key))
      },
    ),
    { numRuns: 15 },
  )
})
