import { expect, test } from '@jest/globals'
import { cp, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openDatabase } from '../../core/db/database.ts'
import { removeIfEmpty } from '../../core/db/remove-empty.ts'
import { runCli, type CliRun } from '../tools/run-cli.ts'
import { temporaryFolders } from '../tools/temporary-folder.ts'

const folder = temporaryFolders()
const NEXTFLOW = new URL('../../fixtures/nextflow/25.04.8/retry-ignore/source', import.meta.url).pathname
const done = (run: CliRun): void => {
  expect(run).toMatchObject({ code: 0, err: '' })
}

test.each(['at its end', 'in its middle'])('facts that are broken only %s leave nothing behind', async (where) => {
  const root = await folder()
  const uid = (at: number): string => String(at).padStart(16, 'A')
  const runs = Array.from({ length: 12_000 }, (_, at) => `{"kind":"run","uid":"${uid(at)}","transform":"${uid(1)}","engine":"x","key":"k${at}","name":"n","outcome":"succeeded"}`) // prettier-ignore
  runs.splice(where === 'at its end' ? runs.length : 6000, 0, '{"kind":"run"')
  const head = `{"kind":"stream","format":"stemma-facts","version":1}\n{"kind":"transform","uid":"${uid(1)}","name":"t","type":"task","engine":"x"}\n` // prettier-ignore
  await writeFile(join(root, 'x.ndjson'), head + runs.join('\n'))
  for (const more of [[], ['--database', 'file:deep/er/other.db'], ['--database', 'file:other.db']]) {
    expect((await runCli(['import', 'facts', 'x.ndjson', ...more], { folder: root })).code).toBe(4)
    expect(await readdir(root)).toEqual(['x.ndjson'])
  }
  await mkdir(join(root, '.stemma'))
  await writeFile(join(root, '.stemma/notes'), 'mine')
  expect((await runCli(['import', 'facts', 'x.ndjson'], { folder: root })).code).toBe(4)
  expect(await readdir(join(root, '.stemma'))).toEqual(['notes'])
})

test('a database that another program has open, or that holds rows, is not taken away', async () => {
  const root = await folder()
  done(await runCli(['init'], { folder: root }))
  const path = join(root, '.stemma/stemma.db')
  const other = await openDatabase(`file:${path}`)
  expect(await removeIfEmpty(path)).toBe(false)
  await other.close()
  await cp(NEXTFLOW, root, { recursive: true })
  done(await runCli(['import', '.'], { folder: root }))
  expect(await removeIfEmpty(path)).toBe(false)
  done(await runCli(['runs'], { folder: root }))
  await writeFile(join(root, 'text.db'), 'no database')
  expect(await removeIfEmpty(join(root, 'text.db'))).toBe(false)
  expect(await removeIfEmpty(join(root, 'none.db'))).toBe(true)
})
