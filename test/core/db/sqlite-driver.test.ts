import { describe, expect, test } from '@jest/globals'
import { join } from 'node:path'
import { openSqliteFile } from '../../../core/db/open-sqlite-file.ts'
import { SqliteDriver } from '../../../core/db/sqlite-driver.ts'
import { temporaryFolders } from '../../tools/temporary-folder.ts'

const folder = temporaryFolders()
const NUMBERS = 'SELECT value AS n FROM json_each(?)'

describe('an SQLite file', () => {
  test('has one statement a text, which is there to be run again', () => {
    const driver = new SqliteDriver('', {})
    expect(driver.prepare('SELECT 1')).toBe(driver.prepare('SELECT 1'))
    driver.close()
    expect(() => driver.all('SELECT 1')).toThrow(
      expect.objectContaining({ message: expect.stringContaining('not open') }),
    )
  })

  test('is stepped through twice by one text, is left early, and is free afterwards', async () => {
    const file = await openSqliteFile('')
    file.script('CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (1), (2), (3)')
    const seen: unknown[] = []
    for (const outer of file.rows(NUMBERS, ['[1,2,3]'])) {
      for (const inner of file.rows(NUMBERS, ['[7,8,9]'])) {
        seen.push([outer.n, inner.n])
        if (inner.n === 8) break
      }
    }
    expect(seen).toEqual([[1, 7], [1, 8], [2, 7], [2, 8], [3, 7], [3, 8]]) // prettier-ignore
    for (const { n } of file.rows('SELECT n FROM t')) if (n === 2) break
    expect(file.run('DELETE FROM t WHERE n > ?', [1])).toBe(2)
    file.script('DROP TABLE t')
    file.close()
  })

  test('is not made by opening it, and not changed when only to be read', async () => {
    const path = join(await folder(), 'some.db')
    await expect(openSqliteFile(path)).rejects.toMatchObject({ code: 'SQLITE_CANTOPEN' })
    const made = new SqliteDriver(path, {})
    made.script('CREATE TABLE t (n INTEGER)')
    made.close()
    const file = await openSqliteFile(path, { readOnly: true })
    expect(file.all('SELECT n FROM t')).toEqual([])
    expect(() => file.run('INSERT INTO t VALUES (1)')).toThrow(expect.objectContaining({ code: 'SQLITE_READONLY' }))
    file.close()
  })
})
