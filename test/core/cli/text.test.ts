import { describe, expect, test } from '@jest/globals'
import { styleFor } from '../../../core/cli/style.ts'
import { didYouMean, suggest } from '../../../core/cli/suggest.ts'
import { formatTable } from '../../../core/cli/table.ts'
import { wantsColor } from '../../../core/cli/terminal.ts'
import { cutEnd, cutMiddle, textWidth, visible, wrap } from '../../../core/cli/text-width.ts'
import { byteSize, count, duration, placeOf, took } from '../../../core/cli/wording.ts'

const plain = styleFor(false)

describe('text on a terminal', () => {
  test('counts columns, not characters', () => {
    expect(textWidth('abc')).toBe(3)
    expect(textWidth('日本')).toBe(4)
    expect(textWidth('e\u0301')).toBe(1)
    expect(textWidth('\u001B[1mabc\u001B[22m')).toBe(3)
  })

  test('foreign text has no power over the terminal', () => {
    expect(visible('a\nb\tc\u001B[31m\u202Ed\uDCFF')).toBe('a\\nb\\tc\\u{1b}[31m\\u{202e}d\\u{dcff}')
  })

  test.each([10, 11, 17, 40])('cuts to %i columns', (width) => {
    const text = '/data/日本/a/very/long/path/to/a/file.txt'
    for (const cut of [cutEnd(text, width), cutMiddle(text, width)]) expect(textWidth(cut)).toBeLessThanOrEqual(width)
    expect(cutMiddle(text, 20).endsWith('file.txt')).toBe(true)
    expect(cutEnd('short', width)).toBe('short')
  })

  test('wraps at spaces and gives up after the last line', () => {
    expect(wrap('aa bb cc dd', 5, 3)).toEqual(['aa bb', 'cc dd'])
    expect(wrap('aa bb cc dd', 5, 1)).toEqual(['aa b…'])
    expect(wrap('aaaaaaaaaa', 4, 3)).toEqual(['aaaa', 'aaaa', 'aa'])
  })

  test('colour only for a person who did not refuse it', () => {
    expect(wantsColor({}, true)).toBe(true)
    expect(wantsColor({}, false)).toBe(false)
    expect(wantsColor({ NO_COLOR: '1', FORCE_COLOR: '1' }, true)).toBe(false)
    expect(wantsColor({ NO_COLOR: '' }, true)).toBe(true)
    expect(wantsColor({ FORCE_COLOR: '1' }, false)).toBe(true)
    expect(wantsColor({ TERM: 'dumb' }, true)).toBe(false)
  })
})

describe('tables', () => {
  interface Row {
    readonly path: string
    readonly size: string
  }
  const columns = [
    { title: 'PATH', text: ({ path }: Row) => path, cut: 'middle' as const },
    { title: 'SIZE', text: ({ size }: Row) => size, align: 'right' as const },
    { title: 'NOTHING', text: () => '' },
  ]

  test('fit, leave out empty columns, and keep what may not be cut', () => {
    const rows = [
      { path: '/a/very/long/path/to/some/file.txt', size: '1.0 KiB' },
      { path: 'b', size: '12 B' },
    ]
    const lines = formatTable(rows, columns, 30, plain)
    for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(30)
    expect(lines[0]).toBe('PATH                      SIZE')
    expect(lines[1]).toMatch(/file\.txt {2}1\.0 KiB$/)
    expect(lines[2]).toBe('b                         12 B')
  })
})

describe('words', () => {
  test('near names are suggested, far ones are not', () => {
    expect(suggest('impotr', ['import', 'init', 'export'])).toEqual(['import'])
    expect(suggest('lin', ['lineage', 'find'])[0]).toBe('lineage')
    expect(suggest('xyzzy', ['import', 'runs'])).toEqual([])
    expect(didYouMean(['a', 'b', 'c'])).toBe('Did you mean a, b or c?')
    expect(didYouMean([])).toBeUndefined()
  })

  test.each([
    [5, '5 ms'],
    [12_340, '12.3 s'],
    [125_000, '2m 05s'],
    [11_520_000, '3h 12m'],
    [187_200_000, '2d 4h'],
  ])('%i ms', (ms, words) => {
    expect(duration(ms)).toBe(words)
  })

  test('sizes, counts and places', () => {
    expect([byteSize(0), byteSize(1023), byteSize(1536), byteSize(52_428_800)]).toEqual([
      '0 B',
      '1023 B',
      '1.5 KiB',
      '50 MiB',
    ])
    expect([count(1, 'run'), count(1234, 'run'), count(2, 'copy', 'copies')]).toEqual([
      '1 run',
      '1,234 runs',
      '2 copies',
    ])
    expect(placeOf('file:///data/a%20b/c.txt', '/data')).toBe('a b/c.txt')
    expect(placeOf('file:///data/a%0Ab', '/other')).toBe('/data/a\\nb')
    expect(placeOf('file:///dataset/x', '/data')).toBe('/dataset/x')
    expect(placeOf('s3://bucket/key', '/data')).toBe('s3://bucket/key')
  })
})

test.each([
  ['07:00:01.000', '07:00:03.000', '2.0 s'],
  ['07:00:01.000', '07:00:01.000', '< 1 s'],
  ['07:00:01.500', '07:00:01.500', '0 ms'],
  ['07:00:02.000', '07:00:01.000', '0 ms'],
])('from %s to %s it took %j', (start, end, words) => {
  expect(took({ startedAt: `2026-11-24T${start}Z`, endedAt: `2026-11-24T${end}Z` })).toBe(words)
  expect(took({ startedAt: `2026-11-24T${start}Z` })).toBe('')
})
