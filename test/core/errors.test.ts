import { describe, expect, test } from '@jest/globals'
import { ADVICE, exitCodeOf, isStemmaError, StemmaError, type ErrorCode } from '../../core/errors.ts'

const codes = Object.keys(ADVICE).filter((code): code is ErrorCode => code in ADVICE)

describe('errors', () => {
  test.each(codes)('%s has an exit code of its family and advice that ends as a sentence', (code) => {
    expect([2, 3, 4, 5, 6, 130]).toContain(exitCodeOf(new StemmaError(code, 'x')))
    expect(ADVICE[code]).toMatch(/[.]$/)
  })

  test('what was not thrown on purpose is a defect', () => {
    expect(exitCodeOf(new TypeError('x'))).toBe(1)
    expect(exitCodeOf(undefined)).toBe(1)
  })

  test('are recognised across two copies of the package', () => {
    const foreign = Object.assign(new Error('x'), { [Symbol.for('stemma.error')]: true, code: 'database.locked' })
    expect(isStemmaError(foreign)).toBe(true)
    expect(isStemmaError(new Error('x'))).toBe(false)
    expect(exitCodeOf(foreign)).toBe(5)
  })

  test('keep code, detail, cause and advice', () => {
    const cause = new Error('EACCES')
    const error = new StemmaError('source.unreadable', 'cannot read: "a"', { cause, detail: { path: 'a' } })
    expect(error).toMatchObject({
      code: 'source.unreadable',
      detail: { path: 'a' },
      cause,
      advice: ADVICE['source.unreadable'],
    })
  })
})
