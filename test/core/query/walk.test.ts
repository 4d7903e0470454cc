import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { chooseVersion } from '../../../core/query/choose-version.ts'
import { afterPrefix } from '../../../core/query/statement.ts'
import { enclosing } from '../../../core/query/places.ts'
import { type Expand, walk } from '../../../core/query/walk.ts'

type Pair = readonly [from: string, to: string]

function along(pairs: readonly Pair[]): Expand {
  return (uids) => Promise.resolve(pairs.filter(([from]) => uids.includes(from)).map(([from, to]) => ({ from, to })))
}

/** What can be reached, the slow and obvious way. */
function naive(pairs: readonly Pair[], root: string): Set<string> {
  const found = new Set([root])
  for (let grew = true; grew;) {
    const before = found.size
    for (const [from, to] of pairs) if (found.has(from)) found.add(to)
    grew = found.size > before
  }
  return found
}

const names = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
const graphs = fc.array(fc.tuple(names, names), { maxLength: 14 })

describe('walk', () => {
  test('reaches what a naive walk reaches, at the least distance', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, async (pairs) => {
        const { distances, truncated } = await walk(['a'], along(pairs), { limit: 100 })
        expect(new Set(distances.keys())).toEqual(naive(pairs, 'a'))
        expect(truncated).toBe(false)
        for (const [from, to] of pairs) {
          const [near, far] = [distances.get(from), distances.get(to)]
          if (near !== undefined) expect(far).toBeLessThanOrEqual(near + 1)
        }
      }),
    )
  })

  test('is truncated exactly when a limit or a depth leaves something out', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, fc.integer({ min: 1, max: 7 }), fc.nat(5), async (pairs, limit, depth) => {
        const all = await walk(['a'], along(pairs), { limit: 100 })
        const some = await walk(['a'], along(pairs), { limit, depth })
        expect(some.distances.size).toBeLessThanOrEqual(limit)
        expect(some.truncated).toBe(some.distances.size < all.distances.size)
        for (const [uid, distance] of some.distances) expect(distance).toBe(all.distances.get(uid))
      }),
    )
  })

  test('asks for each node once', async () => {
    const asked: string[] = []
    const ladder = Array.from({ length: 24 }, (_, at): Pair[] => [
      [`s${String(at)}`, `l${String(at)}`],
      [`s${String(at)}`, `r${String(at)}`],
      [`l${String(at)}`, `s${String(at + 1)}`],
      [`r${String(at)}`, `s${String(at + 1)}`],
    ]).flat()
    const expand: Expand = (uids) => {
      asked.push(...uids)
      return along(ladder)(uids)
    }
    const { distances } = await walk(['s0'], expand, { limit: 1000 })
    expect(distances.size).toBe(73)
    expect(asked).toHaveLength(73)
  })
})

describe('choosing a version', () => {
  const early = { uid: `${'p'.repeat(16)}0001`, startedMs: 10, endedMs: 20 }
  const late = { uid: `${'p'.repeat(16)}0002`, startedMs: 30, endedMs: 40 }
  const reader = `${'f'.repeat(16)}0000`

  test.each([
    ['the last that was whole before the reader began', reader, 50, [early, late], [late.uid]],
    ['not one that was made later', reader, 25, [early, late], [early.uid]],
    ['none when all were made later', reader, 5, [early, late], []],
    ['several when nobody knows when the reader began', reader, undefined, [early, late], [early.uid, late.uid]],
    ['several when an end is unknown', reader, 50, [early, { uid: late.uid }], [early.uid, late.uid]],
    ['the one of the same name, whatever the time', `${'f'.repeat(16)}0001`, 50, [early, late], [early.uid]],
    ['the only one that is being written', reader, 35, [late], [late.uid]],
    ['several that ended at once', reader, 50, [late, { ...early, endedMs: 40 }], [late.uid, early.uid]],
  ])('%s', (_title, uid, readMs, candidates, expected) => {
    expect(chooseVersion(uid, readMs, candidates)).toEqual(expected)
  })
})

describe('prefixes', () => {
  test('a text starts with a prefix exactly when it lies between it and what comes after, by bytes', () => {
    const compare = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))
    const texts = fc.string({ unit: 'binary', maxLength: 4 })
    fc.assert(
      fc.property(texts, texts, (prefix, text) => {
        fc.pre(prefix !== '' && !prefix.startsWith('\u{10ffff}'))
        const isWithin = compare(text, prefix) >= 0 && compare(text, afterPrefix(prefix)) < 0
        expect(isWithin).toBe(text.startsWith(prefix))
      }),
    )
  })

  test.each([
    ['file:///data/a/b.txt', ['file:///data/a', 'file:///data']],
    ['s3://bucket/key/x', ['s3://bucket/key']],
    ['value:abc', []],
  ])('the folders around %s', (uri, folders) => {
    expect(enclosing(uri)).toEqual(folders)
  })
})
