// Three engines at work one after another, each on a copy of what the one before it made: only the bytes join them.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { z } from 'zod'
import { REDUN, runRedun } from '../adapters/redun/newest-redun.ts'
import { hasNextflow, runNextflow } from '../tools/nextflow-engine.ts'
import { runCli } from '../tools/run-cli.ts'
import { temporaryFolders } from '../tools/temporary-folder.ts'

const SNAKEMAKE = join(import.meta.dirname, '../../.venv-snakemake/bin/snakemake')
const NEXTFLOW = '24.10.0'

const SNAKEFILE = `
rule panel:
    input: "raw.csv"
    output: "panel.csv"
    shell: "sort {input} > {output}"
`
const PIPELINE = `
process FIT {
    publishDir 'results', mode: 'copy'
    input: path panel
    output: path 'model.txt'
    script: "(echo fitted; cat $panel) > model.txt"
}
workflow { FIT(Channel.fromPath(params.panel)) }
`
const WORKFLOW = `
from redun import File, task
redun_namespace = "lab"

@task()
def main(model: File = File("inbox/other-name.txt")) -> File:
    out = File("out/summary.txt")
    out.write("summary of " + model.read())
    return out
`

const Lineage = z.object({
  nodes: z.array(z.object({ uid: z.string(), uri: z.string().optional(), name: z.string().optional() })),
  edges: z.array(z.record(z.string(), z.unknown())),
})

const isThere = [SNAKEMAKE, REDUN].every((path) => existsSync(path)) && hasNextflow(NEXTFLOW)
const told = isThere || process.env.CI !== undefined ? describe : describe.skip

told('copies handed from engine to engine', () => {
  const makeFolder = temporaryFolders()
  let project = ''

  beforeAll(async () => {
    project = await makeFolder()
    for (const part of ['1-snakemake', '2-nextflow/data', '3-redun/inbox', '3-redun/out'])
      await mkdir(join(project, part), { recursive: true })
    const at = (...path: string[]): string => join(project, ...path)
    await writeFile(at('1-snakemake/Snakefile'), SNAKEFILE)
    await writeFile(at('1-snakemake/raw.csv'), 'sample,value\nb,2\na,1\nc,3\nd,a rather long line\n')
    execFileSync(SNAKEMAKE, ['-c1', 'panel.csv', '--quiet'], { cwd: at('1-snakemake'), stdio: 'pipe' })
    await copyFile(at('1-snakemake/panel.csv'), at('2-nextflow/data/batch.csv'))
    await writeFile(at('2-nextflow/main.nf'), PIPELINE)
    const { code, out } = await runNextflow(NEXTFLOW, at('2-nextflow'), ['run', 'main.nf', '--panel', 'data/batch.csv'])
    if (code !== 0) throw new Error(out)
    await copyFile(at('2-nextflow/results/model.txt'), at('3-redun/inbox/other-name.txt'))
    await writeFile(at('3-redun/flow.py'), WORKFLOW)
    runRedun(at('3-redun'), 'run', 'flow.py', 'main')
  }, 180_000)

  test.each([
    ['in the order of time', ['1-snakemake', '2-nextflow', '3-redun']],
    ['the other way round', ['3-redun', '2-nextflow', '1-snakemake']],
  ])('imported %s, the last file leads back to the first', async (_title, order) => {
    const world = { folder: await makeFolder() }
    for (const part of order) {
      const { code, err } = await runCli(['import', join(project, part)], world)
      expect([code, err]).toEqual([0, expect.not.stringContaining('stemma:')])
    }
    const asked = ['lineage', join(project, '3-redun/out/summary.txt'), '--up', '--json']
    const lineage = Lineage.parse(JSON.parse((await runCli(asked, world)).out))
    const nameOf = new Map(lineage.nodes.map(({ uid, uri, name }) => [uid, uri?.replace(/^.*\//, '') ?? name]))
    expect([...nameOf.values()]).toEqual(expect.arrayContaining(['summary.txt', 'FIT (1)', 'panel', 'raw.csv']))
    const copies = lineage.edges.filter(({ kind }) => kind === 'copied')
    expect(
      copies.map(({ from, to, method }) => [nameOf.get(String(from)), nameOf.get(String(to)), method].join(' ')).sort(),
    ).toEqual(['model.txt model.txt copy', 'model.txt other-name.txt same-content', 'panel.csv batch.csv same-content'])
  })

  test('a copy that somebody took home answers for the file that it was taken from', async () => {
    const world = { folder: await makeFolder() }
    await runCli(['import', join(project, '3-redun')], world)
    await copyFile(join(project, '3-redun/out/summary.txt'), join(world.folder, 'mine.txt'))
    const { code, out, err } = await runCli(['lineage', 'mine.txt', '--up'], world)
    expect(code).toBe(0)
    expect(out).toContain('lab.main')
    expect(err).toMatch(/^stemma: not known by its path, its bytes are those of file .*summary\.txt: "mine\.txt"\n$/)
  })
})
