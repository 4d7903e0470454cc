import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parseGlob } from '../../../../adapters/nextflow/work/glob.ts'

describe('output patterns match as Nextflow matches them', () => {
  test.each([
    ['*.bam', 's1.bam', true],
    ['*.bam', 'sub/s1.bam', false],
    ['**.txt', 'sub/deep/a.txt', true],
    ['bundle/**.txt', 'bundle/all.txt', true],
    ['bundle/**.txt', 'other/all.txt', false],
    ['final/**', 'final/deep/er/x', true],
    ['part_??.mgf', 'part_01.mgf', true],
    ['part_??.mgf', 'part_1.mgf', false],
    ['*_{1,2}.fq', 's_2.fq', true],
    ['*_{1,2}.fq', 's_3.fq', false],
    ['{a,b{1,2}}.txt', 'b2.txt', true],
    ['x[0-9].dat', 'x7.dat', true],
    ['x[!0-9].dat', 'x7.dat', false],
    ['warn?.log', 'warn/.log', false],
    ['hits *.txt', 'hits all.txt', true],
    ['a\\*b*', 'a*bc', true],
    ['a\\*b*', 'axbc', false],
    ['bundle/', 'bundle', true],
  ])('%s and %s: %s', (pattern, name, expected) => {
    expect(parseGlob(pattern).matches(name)).toBe(expected)
  })

  test('a name without wildcards is exact, and knows its folder', () => {
    expect(parseGlob('out/x.txt')).toMatchObject({ exact: true, folder: 'out', deep: false })
    expect(parseGlob('out/**/x.txt')).toMatchObject({ exact: false, folder: 'out', deep: true })
  })

  test('hostile patterns end quickly', () => {
    const started = Date.now()
    parseGlob('*a'.repeat(200)).matches('a'.repeat(3000))
    parseGlob('{a,b}'.repeat(40)).matches('abab')
    fc.assert(
      fc.property(fc.string(), fc.string(), (pattern, name) => typeof parseGlob(pattern).matches(name) === 'boolean'),
    )
    expect(Date.now() - started).toBeLessThan(5000)
  })
})
