// What a person at a terminal sees: progress, colour, width, an interrupt. The program runs on a real pseudoterminal.
import { beforeAll, describe, expect, test } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { z } from 'zod'
import { generateTrace } from '../../bench/generate-nextflow.ts'
import { temporaryFolders } from '../tools/temporary-folder.ts'

const folder = temporaryFolders()
const at = (path: string): string => new URL(`../../${path}`, import.meta.url).pathname
const TSX = new URL('../../node_modules/tsx/dist/esm/index.mjs', import.meta.url).href
/** Enough that reading them takes longer than the second for which progress stays away. */
const TASKS = 60_000
const Shown = z.object({ code: z.number(), seen: z.string() })

let trace = ''
let project = ''

beforeAll(async () => {
  trace = join(await folder(), 'trace.txt')
  generateTrace(trace, TASKS)
  project = await folder()
})

interface Setting {
  readonly columns?: number
  readonly interruptAt?: string
  readonly environment?: Readonly<Record<string, string>>
}

function onTerminal(argv: readonly string[], cwd: string, setting: Setting = {}): z.infer<typeof Shown> {
  const { columns = 80, interruptAt = '', environment = {} } = setting
  const stemma = [process.execPath, '--import', TSX, at('bin.ts'), ...argv]
  const done = spawnSync(
    'python3',
    [at('test/tools/on-terminal.py'), String(columns), interruptAt, ...stemma],
    { cwd, encoding: 'utf8', env: { PATH: process.env.PATH, HOME: cwd, TERM: 'xterm', LANG: 'C.UTF-8', ...environment } }, // prettier-ignore
  )
  expect(done.stderr).toBe('')
  return Shown.parse(JSON.parse(done.stdout))
}

const ESCAPE = '\u001B['
const REMOVE_LINE = '\r\u001B[2K'
const linesOf = (text: string): string[] => stripVTControlCharacters(text).split(/[\r\n]+/u)

describe('at a terminal', () => {
  test('an import shows counts and rate in one line, and removes it when it ends', () => {
    const { code, seen } = onTerminal(['import', trace], project, { columns: 60 })
    expect(code).toBe(0)
    const shown = seen.split(REMOVE_LINE)
    expect(shown.length).toBeGreaterThan(3)
    for (const line of shown.slice(1, -1)) {
      expect(line).toMatch(/^[\d,]+ runs · [\d,]+ files · [\d,]+ facts · [\d,]+\/s$/)
      expect(line.length).toBeLessThan(60)
    }
    expect(stripVTControlCharacters(shown.at(-1) ?? '')).toMatch(/^✓ nextflow from .*\r\n/)
  })

  test('an interrupt ends an import with 130, and nothing is left behind', async () => {
    const elsewhere = await folder()
    const { code, seen } = onTerminal(['import', trace], elsewhere, { interruptAt: ' facts · ' })
    expect(code).toBe(130)
    expect(seen).toContain('stemma: interrupted')
    expect(await readdir(elsewhere)).toEqual([])
  })

  test('a list has colour, unless NO_COLOR asks for none', () => {
    expect(onTerminal(['runs', '--limit', '3'], project).seen).toContain(`${ESCAPE}32m✓ succeeded${ESCAPE}39m`)
    const plain = onTerminal(['runs', '--limit', '3'], project, { environment: { NO_COLOR: '1' } })
    expect(plain.seen).toContain('✓ succeeded')
    expect(plain.seen).not.toContain(ESCAPE)
  })

  test.each([40, 60, 100])('a list takes no more than the %d columns that are there', (columns) => {
    const lines = linesOf(onTerminal(['runs', '--limit', '3'], project, { columns }).seen)
    expect(lines.filter((line) => line.includes('✓'))).toHaveLength(3)
    expect(lines.filter((line) => !line.startsWith('…') && line.length > columns)).toEqual([])
  })

  test('a document is indented for a person', () => {
    const { seen } = onTerminal(['runs', '--limit', '1', '--json'], project)
    expect(seen).toMatch(/^\{\r\n {2}"runs": \[\r\n/)
  })
})
