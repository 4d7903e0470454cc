// What the README shows is what the program prints.
import { expect, test } from '@jest/globals'
import { cp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runCli } from '../tools/run-cli.ts'
import { temporaryFolders } from '../tools/temporary-folder.ts'

const folder = temporaryFolders()
const FIXTURE = new URL('../../fixtures/nextflow/25.04.8/basic-rnaseq/source', import.meta.url).pathname

/** How long it took is another time each time. */
const still = (text: string): string => text.replace(/ in [\d.]+ m?s$/gm, ' in …').trim()

test('the README’s session is what the program prints today (npm run build && node test/tools/demo.mjs --readme)', async () => {
  const place = await folder()
  const root = join(place, 'rnaseq')
  await cp(FIXTURE, root, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
  const shown = (/<!-- demo -->\n([\s\S]*)<!-- \/demo -->/.exec(readme)?.[1] ?? '').replace(/^ {4}/gm, '')
  const commands = [...shown.matchAll(/^\$ stemma (.+)$/gm)].map((found) => found[1] ?? '')
  expect(commands.length).toBeGreaterThan(1)
  let printed = ''
  for (const command of commands) {
    const done = await runCli(command.split(' '), { folder: root, width: Number.MAX_SAFE_INTEGER })
    expect(done).toMatchObject({ code: 0, err: '' })
    printed += `$ stemma ${command}\n${done.out}`
  }
  expect(still(printed.replaceAll(place, '/data'))).toBe(still(shown))
})
