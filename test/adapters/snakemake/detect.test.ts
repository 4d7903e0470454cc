import { expect, test } from '@jest/globals'
import { join } from 'node:path'
import { detectSnakemake } from '../../../adapters/snakemake/detect.ts'
import { openFolder } from '../../../core/source/folder.ts'

const fixtures = join(import.meta.dirname, '../../../fixtures')
const open = (path: string): ReturnType<typeof openFolder> =>
  openFolder(join(fixtures, path), () => Promise.resolve(undefined))

test('a working directory is recognised', async () => {
  expect(await detectSnakemake(await open('snakemake/9.27.1/database/source'))).toMatchObject({ engine: 'snakemake' })
})

test("another program's database is not one of records", async () => {
  expect(await detectSnakemake(await open('redun/0.46.0/script/source'))).toBeUndefined()
})
