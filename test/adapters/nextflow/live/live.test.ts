import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { hasNextflow, runNextflow } from '../../../tools/nextflow-engine.ts'
import { runCli } from '../../../tools/run-cli.ts'
import { toEdges, type Edges } from './edges.ts'

const COUNT = `
process COUNT {
  tag "$sample"
  input: tuple val(sample), path('in/reads.txt')
  output: tuple val(sample), path("*.count")
  script: "wc -l < in/reads.txt > \${sample}.count"
}
`
const MAIN = `
nextflow.enable.dsl=2
params.title = 'first'
include { COUNT; COUNT as COUNT_RAW } from './count.nf'
process INDEX {
  storeDir "$launchDir/store"
  input: path genome
  output: path 'genome.idx'
  script: "sort $genome > genome.idx"
}
process CLEAN {
  tag "$sample, clean"
  publishDir "$launchDir/results/clean", mode: 'copy'
  input: tuple val(sample), path(raw)
  path index
  output: tuple val(sample), path("\${sample}.clean")
  script: "sort $raw $index > \${sample}.clean"
}
process REPORT {
  errorStrategy 'retry'
  maxRetries 1
  publishDir "$launchDir/results", saveAs: { name -> name == 'report.txt' ? 'final report.txt' : null }
  input: path 'counts/?.txt'
  output: path 'report.txt'
  path 'notes.txt'
  script: "[ \${task.attempt} -eq 2 ] || exit 3; (echo $params.title; cat counts/*.txt) > report.txt; touch notes.txt"
}
workflow CLEANING {
  take: reads
  main: INDEX(file("$launchDir/data/genome.fa"))
        CLEAN(reads, INDEX.out)
        COUNT(CLEAN.out)
  emit: COUNT.out
}
workflow {
  reads = Channel.fromPath("$launchDir/data/*.txt").map { [it.baseName, it] }
  CLEANING(reads)
  COUNT_RAW(reads)
  REPORT(CLEANING.out.mix(COUNT_RAW.out).map { it[1] }.collect())
}
`

/** What the pipeline above says of each task. The stored index is an input of its own: a store outlives the tasks. */
const EDGES: Edges = {
  consumed: [
    'CLEANING:CLEAN (a, clean) <- data/a.txt',
    'CLEANING:CLEAN (a, clean) <- store/genome.idx',
    'CLEANING:CLEAN (b, clean) <- data/b.txt',
    'CLEANING:CLEAN (b, clean) <- store/genome.idx',
    'CLEANING:COUNT (a) <- [CLEANING:CLEAN (a, clean)]/a.clean',
    'CLEANING:COUNT (b) <- [CLEANING:CLEAN (b, clean)]/b.clean',
    'CLEANING:INDEX <- data/genome.fa',
    'COUNT_RAW (a) <- data/a.txt',
    'COUNT_RAW (b) <- data/b.txt',
    ...['REPORT failed', 'REPORT'].flatMap((run) => [
      `${run} <- [CLEANING:COUNT (a)]/a.count`,
      `${run} <- [CLEANING:COUNT (b)]/b.count`,
      `${run} <- [COUNT_RAW (a)]/a.count`,
      `${run} <- [COUNT_RAW (b)]/b.count`,
    ]),
  ].sort(),
  produced: [
    'CLEANING:CLEAN (a, clean) -> [CLEANING:CLEAN (a, clean)]/a.clean',
    'CLEANING:CLEAN (b, clean) -> [CLEANING:CLEAN (b, clean)]/b.clean',
    'CLEANING:COUNT (a) -> [CLEANING:COUNT (a)]/a.count',
    'CLEANING:COUNT (b) -> [CLEANING:COUNT (b)]/b.count',
    'CLEANING:INDEX -> store/genome.idx',
    'COUNT_RAW (a) -> [COUNT_RAW (a)]/a.count',
    'COUNT_RAW (b) -> [COUNT_RAW (b)]/b.count',
    'REPORT -> [REPORT]/notes.txt',
    'REPORT -> [REPORT]/report.txt',
  ],
  copied: [
    '[CLEANING:CLEAN (a, clean)]/a.clean => results/clean/a.clean',
    '[CLEANING:CLEAN (b, clean)]/b.clean => results/clean/b.clean',
    '[REPORT]/report.txt => results/final report.txt',
  ],
}

for (const version of ['22.10.6', '24.10.0']) {
  const told = hasNextflow(version) || process.env.CI !== undefined ? describe : describe.skip

  told(`a run of Nextflow ${version}`, () => {
    let folder = ''
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'nextflow-live-'))
      await mkdir(join(folder, 'data'))
      await mkdir(join(folder, '.stemma')) // else a project above the temporary folder would take part
      for (const name of ['a.txt', 'b.txt', 'genome.fa']) await writeFile(join(folder, 'data', name), `${name}\n`)
      await writeFile(join(folder, 'main.nf'), MAIN)
      await writeFile(join(folder, 'count.nf'), COUNT)
      const run = await runNextflow(version, folder, ['run', 'main.nf', '-with-trace', '-with-report', '-with-dag', 'flow.dot']) // prettier-ignore
      if (run.code !== 0) throw new Error(run.out)
    }, 180_000)
    afterAll(async () => rm(folder, { recursive: true, force: true }))

    test('imported, is the graph that the definition of the pipeline says', async () => {
      const { edges, outcomes } = await imported(folder, '.')
      expect(edges).toEqual(EDGES)
      expect(outcomes).toEqual({ succeeded: 8, failed: 1 })
    })

    test('its work directory alone says the same of all tasks that left something', async () => {
      const { edges } = await imported(folder, 'work')
      expect(edges.consumed.filter((edge) => !edge.startsWith('REPORT'))).toEqual(
        EDGES.consumed.filter((edge) => !edge.startsWith('REPORT')),
      )
      expect(EDGES.produced).toEqual(expect.arrayContaining([...edges.produced]))
    })

    test('nothing that a part of its leftovers says is untrue', async () => {
      const parts = [['.nextflow'], ['work', 'results'], ['.nextflow', 'results'], ['.nextflow.log', 'store']]
      for (const part of parts) {
        const some = join(folder, '.part')
        await rm(some, { recursive: true, force: true })
        for (const name of part) await cp(join(folder, name), join(some, name), { recursive: true, verbatimSymlinks: true }) // prettier-ignore
        const { edges } = await imported(folder, some)
        expect(EDGES.consumed).toEqual(expect.arrayContaining([...edges.consumed]))
        expect(EDGES.produced).toEqual(expect.arrayContaining([...edges.produced]))
        expect(EDGES.copied).toEqual(
          expect.arrayContaining(edges.copied.map((edge) => edge.replace('=> .part/', '=> '))),
        )
      }
    }, 120_000)

    test('resumed with another parameter, it took over all tasks but the one that reads the parameter', async () => {
      const run = await runNextflow(version, folder, ['run', 'main.nf', '-resume', '--title', 'second', '-with-trace', 'second.txt']) // prettier-ignore
      expect(run.code).toBe(0)
      const { outcomes, reuses } = await imported(folder, '.')
      expect(outcomes).toEqual({ succeeded: 9, failed: 2, cached: 6 })
      expect(reuses).toEqual(['CLEANING:CLEAN (a, clean)', 'CLEANING:CLEAN (b, clean)', 'CLEANING:COUNT (a)', 'CLEANING:COUNT (b)', 'COUNT_RAW (a)', 'COUNT_RAW (b)']) // prettier-ignore
    }, 180_000)
  })
}

async function imported(folder: string, source: string): Promise<ReturnType<typeof toEdges>> {
  const database = `file:${await mkdtemp(join(tmpdir(), 'nextflow-live-db-'))}/graph.db`
  const world = { folder, environment: { STEMMA_DATABASE: database } }
  const done = await runCli(['import', 'nextflow', source], world)
  if (done.code !== 0) throw new Error(done.err)
  return toEdges((await runCli(['export', '--format', 'ndjson'], world)).out, folder)
}
