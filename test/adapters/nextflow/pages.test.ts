import { describe, expect, test } from '@jest/globals'
import nextflow from '../../../adapters/nextflow/index.ts'
import type { Fact, FileSource } from '../../../core/adapter.ts'
import { fixtureBytes, openFixture } from './fixture.ts'
import { memorySource } from './memory-source.ts'

async function pipelinesOf(source: FileSource): Promise<Extract<Fact, { kind: 'run' }>[]> {
  const found: Extract<Fact, { kind: 'run' }>[] = []
  for await (const fact of nextflow.read([source], { own: {} })) {
    if (fact.kind === 'run' && fact.parent === undefined) found.push(fact)
  }
  return found
}
const history = (start: string, runName: string, command: string): string =>
  `${start}\t10s\t${runName}\tOK\t${'ab'.repeat(16)}\t207cb2fb-b460-405c-809e-ba7427cecda2\tnextflow run main.nf ${command}\n`
const timeline = fixtureBytes('25.04.8/comma-trace', 'tl.html')

describe('pages that do not name their run', () => {
  test('a process graph belongs to the run that asked for it', async () => {
    const runs = await pipelinesOf(await openFixture('20.10.0/pileup'))
    expect(runs.map((run) => [run.name, run.labels?.processGraph])).toEqual([
      ['lone_chr', [['SORT', 'PILEUP'], ['PILEUP', 'MERGE']]],
      ['both_chr', [['SORT', 'PILEUP'], ['PILEUP', 'MERGE']]],
    ]) // prettier-ignore
  })

  test('a timeline proves the zone of a history that names none', async () => {
    const local = history('2026-11-24 14:28:25', 'run_two', '-with-timeline tl.html')
    const [run] = await pipelinesOf(memorySource({ '.nextflow/history': local, 'tl.html': timeline }))
    expect(run?.startedAt).toMatch(/^2026-11-24T07:28:2/)
    const [unknown] = await pipelinesOf(memorySource({ '.nextflow/history': local }))
    expect(unknown?.startedAt).toBeUndefined()
  })

  test('of two runs that began together, the one that asked for the timeline; else neither', async () => {
    const two = (command: string): string =>
      history('2026-11-24 14:28:25', 'run_one', '') + history('2026-11-24 14:28:26', 'run_two', command)
    const asked = await pipelinesOf(
      memorySource({ '.nextflow/history': two('-with-timeline tl.html'), 'tl.html': timeline }),
    )
    expect(asked.filter((run) => run.startedAt !== undefined).map((run) => run.name)).toEqual(['run_two'])
    const neither = await pipelinesOf(memorySource({ '.nextflow/history': two(''), 'tl.html': timeline }))
    expect(neither.map((run) => run.startedAt)).toEqual([undefined, undefined])
  })

  test('software versions are kept with the only run they can be of', async () => {
    const versions = fixtureBytes('24.04.3/public-project', 'results/pipeline_info/software_versions.yml')
    const files = { 'results/pipeline_info/software_versions.yml': versions }
    const one = history('2026-11-24 14:28:25', 'run_one', '')
    const [run] = await pipelinesOf(memorySource({ ...files, '.nextflow/history': one }))
    expect(Object.keys(run?.labels?.software ?? {}).length).toBeGreaterThan(3)
    const two = await pipelinesOf(
      memorySource({ ...files, '.nextflow/history': one + history('2026-11-25 14:28:25', 'run_two', '') }),
    )
    expect(two.map((run) => run.labels?.software)).toEqual([undefined, undefined])
  })
})
