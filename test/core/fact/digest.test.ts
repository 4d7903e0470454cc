import { expect, test } from '@jest/globals'
import { compareDigests, type Digest } from '../../../core/fact/digest.ts'

const sha = (value: string, scope: Digest['scope'] = 'full'): Digest => ({
  algorithm: 'sha256',
  value,
  scope,
  evidence: 'observed',
})

test('digests of one kind are equal or not, of two kinds neither', () => {
  expect(compareDigests(sha('a'), sha('a'))).toBe(true)
  expect(compareDigests(sha('a'), sha('b'))).toBe(false)
  expect(compareDigests(sha('a'), sha('a', 'etag'))).toBeUndefined()
  expect(compareDigests(sha('a'), { ...sha('a'), algorithm: 'md5' })).toBeUndefined()
})
