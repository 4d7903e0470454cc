import { describe, expect, test } from '@jest/globals'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findProject, parseConfig } from '../../../core/config/config.ts'
import { absoluteUrl, chooseDatabase, hidePassword } from '../../../core/config/database-url.ts'
import { makeProject } from '../../../core/config/make-project.ts'
import { temporaryFolders } from '../../tools/temporary-folder.ts'

const folder = temporaryFolders()

describe('configuration file', () => {
  test.each([
    ['a broken document', 'database: "file:x\nhash: small\n', 'config.yaml:'],
    ['a wrong value', 'database: file:x\nhash: huge\n', 'config.yaml:2:7'],
    ['an unknown key', 'database: file:x\n\ndatabas: file:y\n', 'config.yaml:3:'],
    ['a missing database', 'hash: small\n', 'database'],
    ['a list', '- database\n', 'config.yaml:1:1'],
    ['nothing', '', 'config.yaml'],
  ])('%s is refused with its place', (_, text, place) => {
    expect(() => parseConfig(text, 'config.yaml')).toThrow(
      expect.objectContaining({ code: 'config.invalid', message: expect.stringContaining(place) }),
    )
  })

  test('aliases cannot blow it up', () => {
    const bomb = `a: &a [1,1,1,1,1,1,1,1]\nb: &b [${'*a,'.repeat(20)}]\nc: [${'*b,'.repeat(20)}]\ndatabase: x\n`
    expect(() => parseConfig(bomb, 'config.yaml')).toThrow()
  })

  test('the nearest project upward counts', async () => {
    const top = await folder()
    const inner = join(top, 'a', 'b', 'c')
    await mkdir(inner, { recursive: true })
    await makeProject(top, 'file:.stemma/stemma.db')
    expect((await findProject(inner))?.root).toBe(top)
    await makeProject(join(top, 'a'), 'file:other.db')
    expect((await findProject(inner))?.root).toBe(join(top, 'a'))
  })
})

describe('the database', () => {
  test('option over environment over project over nothing', async () => {
    const root = await folder()
    expect(await chooseDatabase(root, undefined, undefined)).toBeUndefined()
    await makeProject(root, 'file:.stemma/stemma.db')
    const below = join(root, 'results')
    await mkdir(below)
    expect(await chooseDatabase(below, undefined, '')).toMatchObject({
      url: `file:${root}/.stemma/stemma.db`,
      from: 'config',
    })
    expect(await chooseDatabase(below, undefined, 'file:e.db')).toEqual({
      url: `file:${below}/e.db`,
      from: 'environment',
    })
    expect(await chooseDatabase(below, 'file:/o.db', 'file:e.db')).toEqual({ url: 'file:/o.db', from: 'option' })
  })

  test('a damaged project is not passed over', async () => {
    const root = await folder()
    await mkdir(join(root, '.stemma'))
    await writeFile(join(root, '.stemma', 'config.yaml'), 'database: [')
    await expect(chooseDatabase(root, undefined, undefined)).rejects.toMatchObject({ code: 'config.invalid' })
  })

  test('a password is not in the configuration, which is shared, but kept for its user alone', async () => {
    const root = await folder()
    const urls = [
      ['postgres://me:p@ss:w@host:5432/db?schema=a', 'postgres://me@host:5432/db?schema=a'],
      ['postgresql://host/db?password=x&schema=a', 'postgresql://host/db?schema=a'],
      ['postgres://me@host/db?schema=a&sslpassword=x', 'postgres://me@host/db?schema=a'],
    ] as const
    for (const [url, shared] of urls) {
      await makeProject(root, url)
      expect(await readFile(join(root, '.stemma/config.yaml'), 'utf8')).toBe(`database: ${shared}\n`)
      expect((await stat(join(root, '.stemma/database-url'))).mode & 0o777).toBe(0o600)
      expect(await readFile(join(root, '.stemma/.gitignore'), 'utf8')).not.toContain('!database-url')
      expect(await chooseDatabase(root, undefined, undefined)).toMatchObject({ url, from: 'config' })
    }
    await writeFile(join(root, '.stemma/config.yaml'), 'database: postgres://me@other/db\n')
    expect(await chooseDatabase(root, undefined, undefined)).toMatchObject({ url: 'postgres://me@other/db' })
    await makeProject(root, 'postgres://me@host/db')
    expect(await readdir(join(root, '.stemma'))).not.toContain('database-url')
  })

  test.each(['mysql://x', 'stemma.db', '', 'file:'])('"%s" is no database url', (url) => {
    expect(() => absoluteUrl(url, '/')).toThrow(expect.objectContaining({ code: 'usage.invalid-option' }))
  })

  test.each([
    ['postgres://me:s3cret@host/db', 'postgres://me@host/db'],
    ['postgres://host/db?password=s3cret&schema=x', 'postgres://host/db?password=…&schema=x'],
    ['postgres://me:p@ss@host/db', 'postgres://me@host/db'],
    ['file:/data/a:b@c.db', 'file:/data/a:b@c.db'],
  ])('%s is shown as %s', (url, shown) => {
    expect(hidePassword(url)).toBe(shown)
  })
})
