import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { chooseVersion } from '../../../core/ingest/choose-version.ts'
import type { MadeVersion, Reader } from '../../../core/ingest/choose-version.ts'
import type { Digest } from '../../../core/fact/digest.ts'

const sha = (value: string): Digest => ({ algorithm: 'sha256', value, scope: 'full', evidence: 'observed' })
const made = (uid: string, readyAt?: number, more: Partial<MadeVersion> = {}): MadeVersion => ({
  uid,
  readyAt,
  makers: new Set([`maker of ${uid}`]),
  digests: [],
  ...more,
})
const reader = (at?: number, more: Partial<Reader> = {}): Reader => ({
  stated: 'x0000',
  subject: 'reader',
  at,
  digests: [],
  named: [],
  ...more,
})

describe('the version that a reader read', () => {
  test('is the one that lay there last before it began', () => {
    const versions = [made('a', 1_001), made('b', 2_001), made('c', 9_001)]
    expect(chooseVersion(reader(5_001), versions)).toEqual({
      kind: 'one',
      uid: 'b',
      method: 'same-path',
      untimed: false,
    })
  })
  test('is none when all were made later', () => {
    expect(chooseVersion(reader(500), [made('a', 1_001)])).toEqual({ kind: 'none' })
  })
  test('is the only one where no times are known, and then open to doubt', () => {
    expect(chooseVersion(reader(), [made('a', 1_001)])).toMatchObject({ uid: 'a', untimed: true })
    expect(chooseVersion(reader(10), [made('a')])).toMatchObject({ uid: 'a', untimed: true })
  })
  test('stays open when several could be and a time is missing', () => {
    expect(chooseVersion(reader(10), [made('b'), made('a', 5)])).toEqual({ kind: 'several', candidates: ['a', 'b'] })
    expect(chooseVersion(reader(), [made('b', 1), made('a', 5)])).toEqual({ kind: 'several', candidates: ['a', 'b'] })
  })
  test('stays open when two were ready at the same instant', () => {
    expect(chooseVersion(reader(10), [made('b', 5), made('a', 5)])).toMatchObject({ kind: 'several' })
  })
  test('may have been ready within the second that a coarse clock cuts off, not within the second of a fine one', () => {
    expect(chooseVersion(reader(5_000), [made('a', 5_900)])).toMatchObject({ uid: 'a', untimed: true })
    expect(chooseVersion(reader(5_001), [made('a', 5_900)])).toEqual({ kind: 'none' })
  })
  test('is never what the reader itself or a run within it made', () => {
    const own = made('a', 5, { makers: new Set(['child', 'reader']) })
    expect(chooseVersion(reader(10), [own])).toEqual({ kind: 'none' })
  })
  test('is not one whose checksum differs', () => {
    const versions = [made('a', 1, { digests: [sha('1')] }), made('b', 2, { digests: [sha('2')] })]
    expect(chooseVersion(reader(10, { digests: [sha('1')] }), versions)).toMatchObject({
      uid: 'a',
      method: 'same-path-and-digest',
    })
    expect(chooseVersion(reader(10, { digests: [sha('3')] }), versions)).toEqual({ kind: 'none' })
  })
  test('an equal checksum wins over time', () => {
    const versions = [made('a', 1, { digests: [sha('1')] }), made('b', 2)]
    expect(chooseVersion(reader(10, { digests: [sha('1')] }), versions)).toMatchObject({ uid: 'a' })
  })
  test('is the one that the run names itself in another edge', () => {
    const versions = [made('a', 1), made('b', 2)]
    expect(chooseVersion(reader(10, { named: ['a'] }), versions)).toMatchObject({ uid: 'a' })
  })
  test('does not depend on the order of the versions', () => {
    const version = fc.record({
      uid: fc.constantFrom('a', 'b', 'c', 'd'),
      at: fc.option(fc.nat(9), { nil: undefined }),
    })
    fc.assert(
      fc.property(
        fc.uniqueArray(version, { selector: ({ uid }) => uid }),
        fc.option(fc.nat(9), { nil: undefined }),
        (list, at) => {
          const versions = list.map((one) => made(one.uid, one.at))
          expect(chooseVersion(reader(at), [...versions].reverse())).toEqual(chooseVersion(reader(at), versions))
        },
      ),
    )
  })
})
