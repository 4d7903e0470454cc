import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { RankedKeys } from '../../../core/ingest/ranked-keys.ts'

test('counts as a Map does, and the greatest rank stays', () => {
  const key = fc.oneof(fc.nat({ max: 2 ** 48 - 1 }), fc.nat(2000), fc.constant(2 ** 48 - 1))
  fc.assert(
    fc.property(fc.array(fc.tuple(key, fc.nat(15)), { maxLength: 5000, size: 'max' }), (added) => {
      const map = new Map<number, number>()
      const keys = new RankedKeys()
      for (const [one, rank] of added) {
        map.set(one, Math.max(rank, map.get(one) ?? 0))
        keys.add(one, rank)
      }
      const ranks = Array.from({ length: 16 }, (_, rank) => rank)
      expect(keys.size).toBe(map.size)
      expect(ranks.map((rank) => keys.count(rank))).toEqual(
        ranks.map((rank) => [...map.values()].filter((other) => other === rank).length),
      )
    }),
    { numRuns: 15 },
  )
})
