import fc from 'fast-check'
import { describe, expect, test } from '@jest/globals'
import { canonicalJson, digestValue } from '../../../core/record/canonical.ts'
import { parameterNames } from '../../../core/record/parameter-names.ts'
import { findReferences } from '../../../core/record/references.ts'

const uris = (...values: unknown[]): string[] => findReferences(values, 'args').map(({ uri }) => uri)

describe('references in values', () => {
  test.each([
    ['/data/s1.fq', 'file:///data/s1.fq'],
    ['file:///data/s1.fq', 'file:///data/s1.fq'],
    ['s3://bucket/a/b.bam', 's3://bucket/a/b.bam'],
    ['s3://bucket/b.bam?X-Amz-Signature=x&versionId=v1', 's3://bucket/b.bam?versionId=v1'],
    ['az://container/a.vcf.gz', 'az://container/a.vcf.gz'],
  ])('%s is one', (text, uri) => {
    expect(uris(text)).toEqual([uri])
  })

  test.each([
    '/data/folder', '/usr/bin/tool --in x.txt', 's3://bucket/prefix/', '/data/*.fq', 'relative/x.fq', 'https://example.org/a.html',
    '//x/y.z', '/v1.0', 'text with /a/b.c in it', '/', '',
  ])('%s is none', (text) => {
    expect(uris(text)).toEqual([])
  }) // prettier-ignore

  test('declared ones need no extension, and any place with a digest counts', () => {
    expect(
      uris({ uri: 'https://example.org/data', sha256: 'a'.repeat(64) }, { $stemma: 'artifact', uri: '/data/x' }),
    ).toEqual(['https://example.org/data', 'file:///data/x'])
  })

  test('roles name the slot; signed links and targets are told', () => {
    const [a, b, c] = findReferences(
      [{ reads: ['/a.fq'] }, { target: '/b.bam' }, 's3://b/c.txt?X-Amz-Signature=1'],
      'args',
    )
    expect([a?.role, b?.role, b?.target, c?.signed]).toEqual(['args[0].reads[]', 'args[1].target', true, true])
  })

  test('cycles and any value at all are survived', () => {
    const cycle: Record<string, unknown> = { path: '/a.b' }
    cycle.self = cycle
    expect(uris(cycle)).toEqual(['file:///a.b'])
    fc.assert(fc.property(fc.anything(), (value) => { findReferences([value], 'args') })) // prettier-ignore
  })
})

describe('digests of values', () => {
  test('do not depend on the order of members', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse())
        expect(digestValue(turned)).toEqual(digestValue(value))
      }),
    )
    expect(canonicalJson({ b: [1n, undefined, new Date(0)], a: () => 1 })).toBe(
      '{"a":"[Function a]","b":["1",null,"1970-01-01T00:00:00.000Z"]}',
    )
  })
})

describe('parameter names', () => {
  test.each([
    ['(a, b) => a', ['a', 'b']],
    ['async x => x', ['x']],
    ['function f(a = ")", { b, c }, ...d) {}', ['a', undefined, 'd']],
    ['f(/* a, */ b /* ) */, c) {}', ['b', 'c']],
    ['function () {}', []],
    ['async function* g(a = (x, y) => [x, y], b) {}', ['a', 'b']],
  ])('of %s', (source, names) => {
    expect(parameterNames(source)).toEqual(names)
  })

  test('any text is survived', () => {
    fc.assert(fc.property(fc.string(), (text) => Array.isArray(parameterNames(text))))
  })
})
