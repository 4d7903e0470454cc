import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { hashNumber } from '../../../../adapters/nextflow/hash.ts'
import { HashRows } from '../../../../adapters/nextflow/join/hash-rows.ts'

const digits = (least: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.nat(15).map((digit) => digit.toString(16)), minLength: least, maxLength: least })
/** Few beginnings, so that many hashes share theirs. */
const hash = fc
  .tuple(fc.constantFrom('00000000', 'ffffffff', '7fabcdef', '80000000'), digits(24))
  .map((two) => two.join(''))

test('tells all full hashes of a short one, in the order in which they came', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(hash, fc.nat(255)), { maxLength: 1500, size: 'max' }), (added) => {
      const rows = new HashRows()
      for (const [fullHash, note] of added) rows.add(fullHash, note)
      const all = added.map(([fullHash, note]) => ({ fullHash, note }))
      expect([...rows]).toEqual(all)
      for (const short of new Set(all.map(({ fullHash }) => fullHash.slice(0, 8)))) {
        expect(rows.of(hashNumber(short))).toEqual(all.filter(({ fullHash }) => fullHash.startsWith(short)))
      }
      expect(rows.of(1)).toEqual([])
    }),
    { numRuns: 15 },
  )
})
