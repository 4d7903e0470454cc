import { beforeAll, describe, expect, test } from '@jest/globals'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { runCli, type CliRun } from '../tools/run-cli.ts'
import { temporaryFolders } from '../tools/temporary-folder.ts'

const folder = temporaryFolders()
const LEFTOVERS = new URL('../../fixtures/nextflow/25.04.8/basic-rnaseq/source', import.meta.url).pathname
let root = ''
beforeAll(async () => {
  root = join(await folder(), 'my run')
  await cp(LEFTOVERS, root, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
  expect((await ask('import', '.')).code).toBe(0)
})

const ask = (...argv: string[]): Promise<CliRun> => runCli(argv, { folder: root })

describe('what was printed can be asked for', () => {
  test('every shortened path of a tree', async () => {
    const { out } = await ask('lineage', 'data/s1/reads.fq', '--down', '--full')
    const paths = new Set(out.match(/work\/[0-9a-f]{2}\/[0-9a-f]{6}…\/\S+/g))
    expect(paths.size).toBeGreaterThan(5)
    for (const path of paths) expect((await ask('show', path)).out.startsWith(path)).toBe(true)
  })

  test('a work folder, the name of a process, the start of a uid', async () => {
    const shown = await ask('show', 'MERGE')
    const [uid = ''] = /(?<=· )\w{8}$/m.exec(shown.out) ?? []
    const [work = ''] = /work\/\S+…/.exec((await ask('show', uid)).out) ?? []
    expect((await ask('show', work)).out.split('\n')[0]).toContain(uid)
    expect((await ask('runs', '--transform', 'MERGE')).out).toContain(uid)
  })
})

describe('what is not found', () => {
  test('a sample sheet leads to the run that had it as a parameter', async () => {
    const { code, err } = await ask('lineage', 'samplesheet.csv', '--down')
    expect(code).toBe(3)
    expect(err).toMatch(/^stemma: nothing of that name is known: "samplesheet.csv"$/m)
    expect(err).toMatch(/spoken of .*:\n {2}\w{16} {2}run suspicious_stallman, succeeded, \d{4}-\d\d-\d\d \d\d:\d\d$/m)
  })

  test('a folder lists what lies in it, by name', async () => {
    const { code, err } = await ask('lineage', 'results/bam')
    const listed = err.split('\n').filter((line) => line.startsWith('  '))
    expect(code).toBe(3)
    expect(listed.length).toBeGreaterThan(2)
    expect(listed).toEqual(listed.toSorted())
  })

  test.each(['nextflow', 'snakemake', 'redun', 'temporal'])('leftovers of %s, by the folder’s path', async (engine) => {
    const empty = await folder()
    const { code, err } = await ask('import', engine, empty)
    expect(code).toBe(4)
    expect(err).toContain(`"${empty}"`)
    expect(err).not.toMatch(/^Name the engine/m)
  })
})

test('a process leads to what its runs made', async () => {
  const { code, out } = await ask('path', 'MERGE', 'results/matrix/all_counts.tsv')
  expect(code).toBe(0)
  expect(out).toMatch(/MERGE .*\nleads to\n.*merged\.tsv.*\n.*copied to results\/matrix\/all_counts\.tsv/)
})
