import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { openPrivateDatabase } from '../../../core/adapter.ts'
import type { SqliteFile } from '../../../core/adapter.ts'

let database: SqliteFile
beforeEach(async () => {
  database = await openPrivateDatabase('create table thing (name text)')
})
afterEach(() => {
  database.close()
})

test('keeps what is put into it, and hands it out row by row', () => {
  for (const name of ['a', 'b']) database.run('insert into thing values (?)', [name])
  expect([...database.rows('select name from thing order by name')]).toEqual([{ name: 'a' }, { name: 'b' }])
  expect(database.all('select count(*) things from thing')).toEqual([{ things: 2 }])
})

test.each([
  ['a row', () => database.run('insert into thing values (?)', ['x'.repeat(8000)])],
  ['statements', () => { database.script(`insert into thing values ('${'x'.repeat(8000)}')`) }], // prettier-ignore
])('says so when there is no space for %s', (_what, add) => {
  database.script('pragma max_page_count = 20')
  expect(() => {
    for (let at = 0; at < 50; at++) add()
  }).toThrow(expect.objectContaining({ code: 'database.full' }))
})

test('other errors stay what they are', () => {
  expect(() => database.all('select * from nothing')).toThrow(expect.objectContaining({ code: 'SQLITE_ERROR' }))
})
