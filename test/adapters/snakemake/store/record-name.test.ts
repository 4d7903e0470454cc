import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { decodeRecordName } from '../../../../adapters/snakemake/store/record-name.ts'

/** As Snakemake's persistence/file.py cuts a name. */
function encode(path: string, most: number): string[] {
  const whole = Buffer.from(path).toString('base64').replaceAll('+', '-').replaceAll('/', '_')
  const parts: string[] = []
  for (let at = 0; at < whole.length; at += most) parts.push(whole.slice(at, at + most))
  return parts.map((part, at) => (at < parts.length - 1 ? `@${part}` : part))
}

describe('names of records', () => {
  test.each([
    ['by8_Pj9-LnR4dA==', 'o/?>?~.txt'],
    ['b3V0L21vZGVsLnR4dA==', 'out/model.txt'],
  ])('%s is %s', (name, path) => {
    expect(decodeRecordName([name])).toBe(path)
  })

  test('a long name is put together before it is decoded, wherever it was cut', () => {
    for (const length of [189, 190, 191, 192, 381, 382, 3000]) {
      const path = `${'x'.repeat(length - 4)}.txt`
      expect(decodeRecordName(encode(path, 254))).toBe(path)
    }
  })

  test('every path comes back, on every file system', () => {
    const path = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 400 }).filter((text) => !text.includes('\0'))
    fc.assert(
      fc.property(path, fc.integer({ min: 3, max: 300 }), (text, most) => {
        expect(decodeRecordName(encode(text, most))).toBe(text)
      }),
    )
  })

  test.each(['tmpab12cd.by9h', '', 'a b', 'a', '===='])('"%s" is none', (name) => {
    expect(decodeRecordName([name])).toBeUndefined()
  })
})
