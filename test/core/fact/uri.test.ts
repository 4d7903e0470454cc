import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { filePath, fileUri, normalizePath, objectUri, toUri, Uri } from '../../../core/fact/uri.ts'

describe('file uris', () => {
  test.each([
    ['/data/a b.txt', 'file:///data/a%20b.txt'],
    ['/data/x;c=1,d.txt', 'file:///data/x;c=1,d.txt'],
    ['/data/50%.txt', 'file:///data/50%25.txt'],
    ['/data/#1?.txt', 'file:///data/%231%3F.txt'],
    ['/data/../etc//passwd/', 'file:///etc/passwd'],
    ['/data/☃\n.txt', 'file:///data/%E2%98%83%0A.txt'],
  ])('%j becomes %s', (path, uri) => {
    expect(fileUri(path)).toBe(uri)
  })

  test('lead back to the path', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', minLength: 1 })), (parts) => {
        const path = normalizePath(`/${parts.join('/')}`)
        expect(filePath(fileUri(path))).toBe(path)
        expect(Uri.safeParse(fileUri(path)).success).toBe(true)
      }),
    )
  })

  test('a lone surrogate becomes the replacement character', () => {
    expect(fileUri('/a\ud800b')).toBe('file:///a%EF%BF%BDb')
  })
})

describe('toUri', () => {
  test.each([
    ['/data/a b', 'file:///data/a%20b'],
    ['file:/data/a%20b', 'file:///data/a%20b'],
    ['file://host/data/50%', 'file:///data/50%25'],
    ['S3://bucket/key with blank', 's3://bucket/key%20with%20blank'],
    ['https://example.org/a?b=c%20d', 'https://example.org/a?b=c%20d'],
    ['relative/path', undefined],
    ['', undefined],
  ])('%j becomes %s', (text, uri) => {
    expect(toUri(text)).toBe(uri)
  })

  test('an object has scheme, bucket and encoded key', () => {
    expect(objectUri('s3', 'reads', 'a b/c#d')).toBe('s3://reads/a%20b/c%23d')
  })
})
