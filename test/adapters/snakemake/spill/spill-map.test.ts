import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { SpillMap } from '../../../../adapters/snakemake/spill/spill-map.ts'
import { openPrivateDatabase } from '../../../../core/adapter.ts'
import type { SqliteFile } from '../../../../core/adapter.ts'

/** More than is held in memory, several times. */
const MANY = 100_000

describe('a map that outgrows memory', () => {
  let database: SqliteFile
  beforeEach(async () => {
    database = await openPrivateDatabase('')
  })
  afterEach(() => {
    database.close()
  })

  test('gives back what was set last, wherever it lies', () => {
    const map = new SpillMap(database, 'entries')
    for (let at = 0; at < MANY; at++) map.set(`out/${at}`, 'first')
    for (let at = 0; at < MANY; at += 3) map.set(`out/${at}`, 'second')
    for (let at = 1; at < MANY; at += 3) map.delete(`out/${at}`)
    const wrong = Array.from({ length: MANY }, (_, at) => at).filter(
      (at) => map.get(`out/${at}`) !== ['second', undefined, 'first'][at % 3],
    )
    expect(wrong).toEqual([])
    expect(map.get('out/-1')).toBeUndefined()
  })

  test('keeps names as they are, and empty values', () => {
    const map = new SpillMap(database, 'entries')
    const names = ['', ' ', "a'b", 'a"b', 'a\\b', 'ä/日本.txt', 'a\nb', '👩‍🔬']
    for (const name of names) map.set(name, name)
    for (let at = 0; at < MANY; at++) map.set(`more/${at}`, '')
    expect(names.map((name) => map.get(name))).toEqual(names)
    expect(map.has('more/7')).toBe(true)
  })

  test('says so when there is no space for it', () => {
    database.script('PRAGMA max_page_count = 20')
    const map = new SpillMap(database, 'entries')
    expect(() => {
      for (let at = 0; at < MANY; at++) map.set(`out/${at}`, 'first')
    }).toThrow(expect.objectContaining({ code: 'database.full' }))
  })
})
