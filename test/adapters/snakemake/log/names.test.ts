import { describe, expect, test } from '@jest/globals'
import { parseWildcards, splitNames, stripAnnotations } from '../../../../adapters/snakemake/log/names.ts'

const knowing = (...names: string[]) => ({
  isKnown: (name: string) => names.includes(name),
  isNatural: (part: string) => part.startsWith('res/'),
})

describe('names in a log', () => {
  test('those that are known are found in a list that commas do not part', () => {
    const found = splitNames({ text: 'res/a, b.out, res/x (x).txt' }, knowing('res/a, b.out', 'res/x (x).txt'))
    expect(found).toMatchObject({ names: ['res/a, b.out', 'res/x (x).txt'], certain: true })
  })

  test('unknown ones that begin as names here do are believed', () => {
    expect(splitNames({ text: 'res/a.n, res/a.sum' }, knowing())).toMatchObject({
      names: ['res/a.n', 'res/a.sum'],
      certain: true,
    })
  })

  test('a part that may belong to the name before is not', () => {
    expect(splitNames({ text: 'res/a, b.out' }, knowing()).certain).toBe(false)
  })

  test.each([
    ['o/a.pipe (pipe)', 'o/a.pipe', ['pipe']],
    ['s3://b/k (retrieve from storage)', 's3://b/k', ['retrieve from storage']],
    ['s3://b/k (access: sequential, retrieve from storage)', 's3://b/k', ['access: sequential, retrieve from storage']],
    ['stats/tally.tsv (before update)', 'stats/tally.tsv', ['before update']],
    ['res/x (x).txt', 'res/x (x).txt', []],
    ['in put/(pipe).txt', 'in put/(pipe).txt', []],
    ['notes (draft)', 'notes (draft)', []],
  ])('%s', (text, name, notes) => {
    expect(stripAnnotations(text)).toEqual({ name, notes })
  })

  test('values of wildcards may hold commas', () => {
    expect(parseWildcards('v=1, w=a, b, name=α β')).toEqual({ v: '1', w: 'a, b', name: 'α β' })
  })
})
