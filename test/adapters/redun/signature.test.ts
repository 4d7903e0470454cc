import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parameterName, parseSignature } from '../../../adapters/redun/jobs/signature.ts'

describe('parseSignature', () => {
  test.each([
    ['def f(a, b): pass', ['a', 'b']],
    ['async def f(a: int = 3): pass', ['a']],
    [
      '@task(version="1")\ndef f(sample: Sample, ref: File, threads: int = get_context("x", 2)) -> Bam:',
      ['sample', 'ref', 'threads'],
    ],
    ['def f(\n    a: dict[str, list[int]] = {"x": (1, 2)},  # a, comment\n    b="),",\n):', ['a', 'b']],
    ['def f(a, /, b, *, c): pass', ['a', 'b']],
    ['def f[T](a: T): pass', ['a']],
    ['x = 1', []],
    ['', []],
  ])('%j', (source, names) => {
    expect(parseSignature(source).positional).toEqual(names)
  })

  test('names what goes into the rest, and falls back to numbers', () => {
    const signature = parseSignature('def f(a, *files): pass')
    expect([0, 1, 2].map((at) => parameterName(signature, at))).toEqual(['a', 'files[0]', 'files[1]'])
    expect(parameterName(parseSignature('def f(a): pass'), 3)).toBe('arg3')
  })

  test('defaults are those of the source', () => {
    const { defaults } = parseSignature(
      `def f(n: int = 3, f: File = File("a.txt"), s="x", *, d: Dict[str, int] = {}): pass`,
    )
    expect(Object.fromEntries(defaults)).toEqual({ n: '3', f: 'File("a.txt")', s: 'x', d: '{}' })
  })

  test('any text is taken', () => {
    fc.assert(fc.property(fc.string(), (text) => Array.isArray(parseSignature(`def f(${text}`).positional)))
  })
})
