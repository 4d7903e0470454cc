import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parsePythonLiteral } from '../../../../adapters/snakemake/store/python-literal.ts'

describe('Python literals', () => {
  test.each([
    ["'a'", 'a'],
    ['"it\'s"', "it's"],
    ["'it\\'s \"q\"'", 'it\'s "q"'],
    ["'a\\nb'", 'a\nb'],
    ["'\\\\x41 \\x07'", '\\x41 \x07'],
    ["'\\u00e9\\U0001f600'", 'é😀'],
    ['20', 20],
    ['-1', -1],
    ['0.25', 0.25],
    ['1e-05', 0.00001],
    ['True', true],
    ['None', null],
    ["['x', 'y z']", ['x', 'y z']],
    ['(1,)', [1]],
    ['()', []],
    ["{'k': [1, 2.5, None, True]}", { k: [1, 2.5, null, true] }],
    ['{3}', [3]],
    ['{}', {}],
  ])('%s', (text, value) => {
    expect(parsePythonLiteral(text)).toEqual(value)
  })

  test.each([
    "b'\\xff'",
    '(1+2j)',
    'inf',
    '1000000000000000000000000000000',
    '<object at 0x7f>',
    "'cut",
    'range(0, 3)',
    '(1)',
    '1 2',
  ])('%s stays the text it is', (text) => {
    expect(parsePythonLiteral(text)).toBe(text)
  })

  test('nothing makes it fail', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('[]{}(),:\'"\\x0aTrueNone1.e-')) }), (text) => {
        expect(() => parsePythonLiteral(text)).not.toThrow()
      }),
    )
    expect(parsePythonLiteral('['.repeat(10_000))).toBe('['.repeat(10_000))
  })

  test('a key named __proto__ is a key', () => {
    const value = parsePythonLiteral("{'__proto__': {'polluted': 1}}")
    expect(JSON.stringify(value)).toBe('{"__proto__":{"polluted":1}}')
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})
