import { expect, test } from '@jest/globals'
import type { Database } from '../../../core/db/database.ts'
import type { ArtifactFact, Fact } from '../../../core/fact/fact.ts'
import { ingest } from '../../../core/ingest/ingest.ts'
import { SEVERAL_VERSIONS } from '../../../core/ingest/reconcile.ts'
import { describeDatabases } from '../../tools/databases.ts'
import { artifact, consumed, copied, produced, run, stream, transform } from '../../tools/facts.ts'

const meta = { adapter: 'test', adapterVersion: 1, place: 'file:///here' }
const T = transform('T')

async function readBy(database: Database, name: string): Promise<unknown[]> {
  const rows = await database.sql.all(
    'SELECT c.artifact_uid, c.resolved_method FROM consumed c JOIN run r ON r.uid = c.run_uid WHERE r.name = ? ORDER BY 1',
    [name],
  )
  return rows.map((row) => row.artifact_uid)
}

describeDatabases('reconcile', (fresh) => {
  const read = async (...imports: Fact[][]): Promise<Database> => {
    const database = await fresh.open()
    for (const facts of imports) await ingest(database, stream([T, ...facts]), meta)
    return database
  }
  const [first, second] = [run('first', [1, 2]), run('second', [5, 6])]
  const [v1, v2, unstated] = [artifact('/r/x', 'first'), artifact('/r/x', 'second'), artifact('/r/x')]
  const makers: Fact[] = [first, second, v1, v2, produced(first, v1), produced(second, v2)]

  test.each<[string, [number, number], ArtifactFact]>([
    ['between the two', [3, 4], v1],
    ['after both', [7, 8], v2],
    ['before both', [0.5, 8], unstated],
  ])('a run that began %s read the version of that time', async (_title, times, expected) => {
    const reader = run('reader', times)
    const reading: Fact[] = [reader, unstated, consumed(reader, unstated)]
    expect(await readBy(await read([...makers, ...reading]), 'reader')).toEqual([expected.uid])
    expect(await readBy(await read(makers, reading), 'reader')).toEqual([expected.uid])
    expect(await readBy(await read(reading, makers), 'reader')).toEqual([expected.uid])
  })

  test('what a run writes to a place that is written once is what others read there', async () => {
    const reader = run('reader', [3, 4])
    const once = artifact('/w/x')
    const database = await read([first, reader, once, produced(first, once), consumed(reader, once)])
    expect(await readBy(database, 'reader')).toEqual([once.uid])
  })

  test('a published copy was there when the run behind it was done', async () => {
    const reader = run('reader', [3, 4])
    const inside = artifact('/w/x')
    const facts = [first, inside, produced(first, inside), v1, copied(inside, v1)]
    const reading = [reader, unstated, consumed(reader, unstated)]
    expect(await readBy(await read(reading, facts), 'reader')).toEqual([v1.uid])
    expect(await readBy(await read(facts, reading), 'reader')).toEqual([v1.uid])
  })

  test('a copy from an unstated version finds it by the time of the copy', async () => {
    const there = artifact('/elsewhere/x', 'c')
    const database = await read(
      [unstated, there, copied(unstated, there, { at: new Date(3_500).toISOString() })],
      makers,
    )
    const [row] = await database.sql.all('SELECT from_uid, resolved_method FROM copied')
    expect(row).toEqual({ from_uid: v1.uid, resolved_method: 'same-path' })
  })

  test('a time that comes later is looked at again', async () => {
    const reader = run('reader')
    const facts = [...makers, reader, unstated, consumed(reader, unstated)]
    const database = await read(facts)
    expect(await readBy(database, 'reader')).toEqual([unstated.uid])
    const open = await database.sql.all('SELECT subject_uid, why FROM ambiguous')
    expect(open).toEqual([{ subject_uid: reader.uid, why: SEVERAL_VERSIONS }])
    const timed = await ingest(database, stream([T, run('reader', [3, 4])]), meta)
    expect(timed).toMatchObject({ reconciled: 1, ambiguous: 0, changed: 1 })
    expect(await readBy(database, 'reader')).toEqual([v1.uid])
    expect(await database.sql.all('SELECT * FROM ambiguous')).toEqual([])
  })

  test('a version that nobody made is the one that was made there, unless its checksum says no', async () => {
    const reader = run('reader', [3, 4])
    const digest = { algorithm: 'redun', value: 'abc', scope: 'engine', evidence: 'recorded' } as const
    const stated = artifact('/r/x', 'redun:abc', { digests: [digest] })
    const reading = [reader, stated, consumed(reader, stated)]
    expect(await readBy(await read(makers, reading), 'reader')).toEqual([v1.uid])
    const other: Fact[] = [{ ...v1, digests: [{ ...digest, value: 'def' }] }]
    expect(await readBy(await read(makers, reading, other), 'reader')).toEqual([stated.uid])
  })

  test('without times no run is made to read what was made from its own output', async () => {
    const [a, b] = [run('a'), run('b')]
    const [x, y] = [artifact('/r/x', 'b'), artifact('/r/y', 'a')]
    const facts = [a, b, x, y, unstated, produced(a, y), consumed(b, y), produced(b, x), consumed(a, unstated)]
    expect(await readBy(await read(facts), 'a')).toEqual([unstated.uid])
  })

  test('two edges that would close a cycle together come out the same in either order', async () => {
    const [a, b] = [run('a'), run('b')]
    const [x, y] = [artifact('/r/x', 'b'), artifact('/r/y', 'a')]
    const asked = artifact('/r/y')
    const one: Fact[] = [a, y, unstated, produced(a, y), consumed(a, unstated)]
    const two: Fact[] = [b, x, asked, produced(b, x), consumed(b, asked)]
    const results = []
    for (const order of [
      [one, two],
      [two, one],
    ]) {
      const database = await read(...order)
      results.push([await readBy(database, 'a'), await readBy(database, 'b')])
    }
    expect(results[0]).toEqual(results[1])
    const joined = results[0]?.flat().filter((uid) => uid === x.uid || uid === y.uid)
    expect(joined).toHaveLength(1)
  })
})
