import { cp, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import adapter from '../../../adapters/nextflow/index.ts'
import type { Fact, RunFact } from '../../../core/adapter.ts'
import { openFolder } from '../../../core/source/folder.ts'
import { memorySource } from './memory-source.ts'

const FIXTURES = join(import.meta.dirname, '../../../fixtures/nextflow')
let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fewer-'))
})
afterEach(async () => rm(folder, { recursive: true, force: true }))

/** A fixture of which only the named things are left. */
async function left(scenario: string, ...names: readonly string[]): Promise<readonly Fact[]> {
  const source = join(FIXTURES, scenario, 'source')
  for (const name of names) {
    await cp(join(source, name), join(folder, name), {
      recursive: true,
      verbatimSymlinks: true,
      preserveTimestamps: true,
    })
  }
  return read(folder)
}

async function read(place: string): Promise<readonly Fact[]> {
  const facts: Fact[] = []
  for await (const fact of adapter.read([await openFolder(place, () => Promise.resolve(undefined))], { own: {} }))
    facts.push(fact)
  return facts
}

const runs = (facts: readonly Fact[]): RunFact[] => facts.flatMap((fact) => (fact.kind === 'run' ? [fact] : []))
const gaps = (facts: readonly Fact[]): string[] => facts.flatMap((fact) => (fact.kind === 'gap' ? [fact.code] : []))
const uris = (facts: readonly Fact[]): string[] => facts.flatMap((fact) => (fact.kind === 'artifact' ? [fact.uri] : []))
const tops = (facts: readonly Fact[]): RunFact[] => runs(facts).filter((run) => run.parent === undefined)

describe('what is left of a run', () => {
  test('a lineage store alone: its files show where the work folder was, though the configuration says `work`', async () => {
    const facts = await left('25.04.8/staging', '.lineage')
    const files = uris(facts)
    expect(files.length).toBeGreaterThan(20)
    expect(files.filter((uri) => !uri.startsWith('file:///data/proteomics/'))).toEqual([])
    expect(files.filter((uri) => uri.includes('/work/tmp/')).length).toBeGreaterThan(0)
    const [run] = tops(facts)
    expect(run).toMatchObject({ workDir: 'file:///data/proteomics/work', labels: { launchDir: '/data/proteomics' } })
    expect(run?.startedAt).toMatch(/^2026-11-24T07:28:2\d\.000Z$/)
  })

  test('a store of no file that shows the work folder: nothing is put at the root of the disk', async () => {
    const run = { workflow: null, sessionId: 's', name: 'a_b', params: [], config: { workDir: 'work' } }
    const task = {
      sessionId: 's', name: 'P', workflowRun: `lid://${'b'.repeat(32)}`, container: null,
      input: [{ type: 'path', name: 'x', value: ['work/stage-s/ab/x.txt', { path: 'file:///in/y.txt' }] }],
    } // prettier-ignore
    const record = (kind: string, spec: object): string => JSON.stringify({ version: 'lineage/v1beta1', kind, spec })
    const source = memorySource({
      [`.lineage/${'b'.repeat(32)}/.data.json`]: record('WorkflowRun', run),
      [`.lineage/${'a'.repeat(32)}/.data.json`]: record('TaskRun', task),
    })
    const facts: Fact[] = []
    for await (const fact of adapter.read([source], { own: {} })) facts.push(fact)
    expect(runs(facts).map((each) => each.name)).toEqual(['a_b', 'P'])
    expect(uris(facts)).toEqual(['file:///in/y.txt'])
  })

  test('since 26.04 the record of a run holds what was launched, how and when', async () => {
    const metadata = {
      start: '2026-11-24T07:19:11.830808387Z', commandLine: 'nextflow run main.nf', launchDir: '/data/x', workDir: '/scratch/w',
      outputDir: '/data/x/results', userName: 'ada', profile: 'standard', nextflow: { version: '26.04.0', build: 11, timestamp: null },
      configFiles: ['/data/x/nextflow.config'], manifest: { name: 'x/y' },
    } // prettier-ignore
    const spec = { workflow: null, sessionId: 's', name: 'a_b', params: [], config: { workDir: 'w' }, metadata }
    const text = JSON.stringify({ version: 'lineage/v1beta1', kind: 'WorkflowRun', spec })
    const facts: Fact[] = []
    for await (const fact of adapter.read([memorySource({ [`.lineage/${'b'.repeat(32)}/.data.json`]: text })], {
      own: {},
    }))
      facts.push(fact)
    expect(runs(facts)[0]).toMatchObject({
      name: 'a_b', startedAt: '2026-11-24T07:19:11.830Z', engineVersion: '26.04.0', command: 'nextflow run main.nf',
      workDir: 'file:///scratch/w', labels: { launchDir: '/data/x', user: 'ada' },
    }) // prettier-ignore
  })

  test('caches alone: a run that took tasks over comes after the one that executed them', async () => {
    const facts = await left('20.10.0/pileup', '.nextflow/cache')
    const cached = runs(facts).filter((run) => run.outcome === 'cached')
    expect(cached.length).toBeGreaterThan(3)
    const executed = new Map(runs(facts).map((run) => [run.uid, run]))
    for (const run of cached)
      expect(executed.get(run.reuses ?? run.uid)).toMatchObject({ key: run.key, outcome: 'succeeded' })
  })

  test('a work folder beside a history: its tasks are told, of an unknown run', async () => {
    const facts = await left('25.04.8/two-pipelines', '.nextflow/history', 'work')
    expect(tops(facts).filter((run) => run.key.includes('/') && run.outcome === 'succeeded').length).toBeGreaterThan(8)
    expect(runs(facts).map((run) => run.name)).toContain('FIT (a)')
    expect(gaps(facts)).toContain('run.unknown')
    const made = facts.filter((fact) => fact.kind === 'produced')
    expect(made.length).toBeGreaterThan(8)
  })

  test('a task folder that no list of tasks names may belong to a killed run: its outcome is unknown', async () => {
    const facts = await left('25.04.8/two-pipelines', '.nextflow/history', 'trace-model.txt', 'work')
    const listed = new Set(tops(facts).map((run) => run.uid))
    const inRuns = runs(facts).filter((run) => run.parent !== undefined)
    expect(inRuns.map((run) => run.name)).toContain('FIT (a)')
    expect(inRuns.every((run) => run.parent !== undefined && listed.has(run.parent))).toBe(true)
    const loose = tops(facts).filter((run) => run.workDir?.includes('/work/') === true)
    expect(loose.length).toBeGreaterThan(3)
    expect(new Set(loose.map((run) => run.outcome))).toEqual(new Set(['unknown']))
  })
})

describe('a trace and its run', () => {
  test('a trace without a row belongs to the run whose command names it, and makes no run of its own', async () => {
    const before = tops(await left('25.04.8/killed', '.nextflow', 'trace.txt')).length
    const history = join(folder, '.nextflow/history')
    const line = await readFile(history, 'utf8')
    await writeFile(history, line.replace('-name never_ended', '-name never_ended -with-trace cut.txt'))
    await writeFile(join(folder, 'cut.txt'), 'task_id\thash\tnative_id\tname\tstatus\texit\n')
    const named = await read(folder)
    expect(tops(named)).toHaveLength(before)
    expect(gaps(named)).not.toContain('trace.run-unknown')
    await rename(join(folder, 'cut.txt'), join(folder, 'elsewhere.txt'))
    const unnamed = await read(folder)
    expect(tops(unnamed)).toHaveLength(before)
    expect(gaps(unnamed)).toContain('trace.run-unknown')
  })

  test('raw times: the launcher’s zone is unknown, quarters of an hour are not', async () => {
    const facts = await two('1795506184528', '1795506184702')
    expect(tops(facts)).toHaveLength(1)
    expect(runs(facts).map((run) => run.name)).toEqual(['a_b', 'P (1)'])
  })

  test('raw times outside of the run’s time, whatever the zone', async () => {
    const facts = await two('1795506384528', '1795506384702')
    expect(tops(facts)).toHaveLength(2)
    expect(gaps(facts)).toContain('trace.run-unknown')
  })

  test.each([
    ['trace-20261124-27784000.txt', 1],
    ['execution_trace_2026-11-24_13-13-02.txt', 1],
    ['execution_trace_2026-11-25_13-13-02.txt', 2],
    ['trace.txt', 2],
  ])('without times, by the time in its name: %s', async (name, pipelines) => {
    const history = HISTORY.replace('07:43:03', name.startsWith('exec') ? '13:13:03' : '07:43:03')
    const files = {
      '.nextflow/history': history,
      [name]: 'task_id\thash\tname\tstatus\n1\tab/cdef12\tP (1)\tCOMPLETED\n',
    }
    expect(tops(await readMemory(files))).toHaveLength(pipelines)
  })

  const HISTORY = `2026-11-24 07:43:03\t27.6s\ta_b\tOK\t${'c'.repeat(32)}\te71aa516-46be-478e-845e-a60c7f6bbff3\tnextflow run main.nf\n`

  function two(submit: string, complete: string): Promise<readonly Fact[]> {
    const trace = `task_id\thash\tname\tstatus\tsubmit\tcomplete\n1\tab/cdef12\tP (1)\tCOMPLETED\t${submit}\t${complete}\n`
    return readMemory({ '.nextflow/history': HISTORY, 'trace.txt': trace })
  }

  async function readMemory(files: Record<string, string>): Promise<readonly Fact[]> {
    const facts: Fact[] = []
    for await (const fact of adapter.read([memorySource(files)], { own: {} })) facts.push(fact)
    return facts
  }
})

test('times without a zone are said to be left out, once a run, and are not when the zone is told', async () => {
  const trace = join(FIXTURES, '25.04.8/two-pipelines/source/trace-model.txt')
  await cp(trace, join(folder, 'trace.txt'))
  expect(gaps(await read(folder)).filter((code) => code === 'time.zone-unknown')).toHaveLength(1)
  const facts: Fact[] = []
  const source = await openFolder(folder, () => Promise.resolve(undefined))
  for await (const fact of adapter.read([source], { own: {}, timezone: 'Asia/Tokyo' })) facts.push(fact)
  expect(gaps(facts)).not.toContain('time.zone-unknown')
  expect(runs(facts).some((run) => run.startedAt !== undefined)).toBe(true)
})

test('the log’s submissions and the cache’s absolute times show the zone of the launcher', async () => {
  const names = ['.nextflow', '.nextflow.log'] as const
  const before = tops(await left('25.04.8/killed', ...names))[0]?.startedAt
  expect(before).toMatch(/^2026-11-24T0/)
  await eastwards('.nextflow.log', /^(\w{3}-\d\d )(\d\d)(?=:)/gm)
  await eastwards('.nextflow/history', /^(\d{4}-\d\d-\d\d )(\d\d)(?=:)/gm)
  const facts = await read(folder)
  expect(tops(facts)[0]?.startedAt).toBe(before)
  expect(gaps(facts)).not.toContain('time.zone-unknown')
})

/** Writes the local hours of a file as a machine seven hours further east would have, the engine's build line too. */
async function eastwards(name: string, hours: RegExp): Promise<void> {
  const text = await readFile(join(folder, name), 'utf8')
  const moved = text
    .replace(hours, (_, day: string, hour: string) => day + String(Number(hour) + 7))
    .replace(/(Created: \S+ \S+ UTC).*/, '$1 (13-08-2025 02:35 ICST)')
  await writeFile(join(folder, name), moved)
}

test('a folder that was renamed says the same as before', async () => {
  await cp(join(FIXTURES, '25.04.8/two-pipelines/source'), join(folder, 'one'), {
    recursive: true,
    verbatimSymlinks: true,
  })
  const before = await read(join(folder, 'one'))
  await rename(join(folder, 'one'), join(folder, 'two words'))
  const after = await read(join(folder, 'two words'))
  const facts = (all: readonly Fact[]): Fact[] => all.filter((fact) => fact.kind !== 'root')
  expect(facts(after)).toEqual(facts(before))
  expect((await readdir(folder)).sort()).toEqual(['two words'])
})
