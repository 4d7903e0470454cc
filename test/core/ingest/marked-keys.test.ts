import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { MarkedKeys } from '../../../core/ingest/marked-keys.ts'

test('counts as a Map does, and a mark stays', () => {
  const key = fc.oneof(fc.nat({ max: 2 ** 52 - 1 }), fc.nat(2000), fc.constant(2 ** 52 - 1))
  fc.assert(
    fc.property(fc.array(fc.tuple(key, fc.boolean()), { maxLength: 5000, size: 'max' }), (added) => {
      const map = new Map<number, boolean>()
      const keys = new MarkedKeys()
      for (const [one, isMarked] of added) {
        map.set(one, isMarked || map.get(one) === true)
        keys.add(one, isMarked)
      }
      expect(keys.size).toBe(map.size)
      expect(keys.marked).toBe([...map.values()].filter(Boolean).length)
    }),
    { numRuns: 15 },
  )
})
