import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parseLid } from '../../../adapters/nextflow/lineage/lid.ts'
import { parseRecord } from '../../../adapters/nextflow/lineage/parse-record.ts'
import { readLineage, readLineageRecord } from '../../../adapters/nextflow/lineage/read-lineage.ts'
import { collect, fixtureBytes, openFixture } from './fixture.ts'
import { memorySource } from './memory-source.ts'

const KEY = 'ab'.repeat(16)
const address = { place: 'x', key: KEY, relative: '' }

describe('lineage store', () => {
  test.each([
    ['25.04.8/retry-ignore', { history: 1, run: 1, task: 13, 'task-output': 13 }],
    ['25.10.7/sub-workflows', { history: 1, run: 1, task: 26, 'task-output': 26, 'run-output': 1 }],
  ])('all records of %s', async (scenario, counts) => {
    const { records, gaps } = await collect(readLineage(await openFixture(scenario), '.lineage'))
    expect(gaps).toEqual([])
    const found: Record<string, number> = {}
    for (const { record } of records) found[record] = (found[record] ?? 0) + 1
    expect(found).toMatchObject(counts)
  })

  test('a run: scripts, parameters as they were set before the script ran', async () => {
    const { records } = await collect(readLineage(await openFixture('25.10.7/sub-workflows'), '.lineage'))
    const run = records.find((record) => record.record === 'run')
    expect(run).toMatchObject({
      sessionId: '4549406e-9666-4935-9557-e7a6fa59210b', runName: 'voluminous_albattani', workDir: 'work', outputDir: 'out',
      params: { dna: 'in/dna/*.fq', label: 'from file', rna: 'in/rna/*.fq', chunk: 1 },
    }) // prettier-ignore
    expect(run?.scripts.map((script) => script.ref)).toContainEqual({
      path: 'file:///data/multi/subworkflows/preprocess.nf',
    })
    const history = records.find((record) => record.record === 'history')
    expect(history).toMatchObject({ startMs: Date.UTC(2026, 10, 24, 7, 29, 27), timesAreLocal: false, key: run?.key })
  })

  test('a task, its inputs and where they come from', async () => {
    const source = await openFixture('25.10.7/sub-workflows')
    const task = await readLineageRecord(source, '.lineage', '7b46069426c09269ec99cd16b51fd744')
    expect(task).toMatchObject({
      record: 'task',
      name: 'PREP_RNA:TRIM (s1 to 20)',
      runKey: '1c1d9a291f174794c42a646c0b3ed8dc',
      inputs: [
        { type: 'val', name: 'name', value: 's1', files: [] },
        { type: 'path', name: 'fq', files: [{ ref: { path: 'file:///data/multi/in/rna/s1.fq' }, digest: { algorithm: 'nextflow', scope: 'engine' } }] },
        { type: 'val', name: 'len', value: 20 },
      ],
    }) // prettier-ignore
    const output = await readLineageRecord(source, '.lineage', '7b46069426c09269ec99cd16b51fd744#output')
    expect(output).toMatchObject({
      outputs: [
        { name: 'name' },
        { files: [{ ref: { key: '7b46069426c09269ec99cd16b51fd744', relative: 'trimmed.fq' } }] },
      ],
    })
    const file = await readLineageRecord(source, '.lineage', '7b46069426c09269ec99cd16b51fd744', 'trimmed.fq')
    expect(file).toMatchObject({
      record: 'file',
      path: '/data/multi/work/7b/46069426c09269ec99cd16b51fd744/trimmed.fq',
      sizeBytes: 153,
      taskKey: '7b46069426c09269ec99cd16b51fd744',
    })
    expect(await readLineageRecord(source, '.lineage', KEY)).toBeUndefined()
  })

  test('a failed task has a null among its outputs', async () => {
    const output = await readLineageRecord(
      await openFixture('25.04.8/retry-ignore'),
      '.lineage',
      'e76b1eebcb3cafd8f432e34a98a591f7#output',
    )
    expect(output).toMatchObject({ outputs: [{ files: [{}] }, { value: null, files: [] }] })
  })

  test('the three envelopes say the same', () => {
    const body = {
      sessionId: 's',
      name: 'P (x)',
      input: [{ type: 'stdin', name: '-', value: 'v' }],
      workflowRun: `lid://${KEY}`,
      container: null,
    }
    const records = [
      { type: 'TaskRun', ...body },
      { version: 'lineage/v1beta1', kind: 'TaskRun', ...body },
      { version: 'lineage/v1beta1', kind: 'TaskRun', spec: body },
      { version: 'lineage/v1', kind: 'AgentRun', spec: { ...body, model: 'm', tools: [] } },
    ].map((json) => parseRecord(json, address))
    expect(records[0]).toMatchObject({
      record: 'task',
      sessionId: 's',
      runKey: KEY,
      inputs: [{ type: 'stdin', value: 'v' }],
    })
    for (const record of records) expect(record).toEqual(records[0])
  })

  test.each([
    [`lid://${KEY}`, { key: KEY }],
    [`lid://${KEY}/a b/c.txt`, { key: KEY, relative: 'a b/c.txt' }],
    [`lid://${KEY}#output`, { key: KEY }],
    [`lid://lid:/${KEY}/target db`, { key: KEY, relative: 'target db' }],
    ['lid://data/x/work/ab/cdef/s2.txt', { path: '/data/x/work/ab/cdef/s2.txt' }],
    ['file:///data/x', undefined],
  ])('the id %p', (text, ref) => {
    expect(parseLid(text)).toEqual(ref)
  })

  test('what is no record is a gap and the rest is read', async () => {
    const files = {
      [`l/${KEY}/.data.json`]: '{"version":"lineage/v1beta1","kind":"TaskRun","name":"P"}',
      [`l/${KEY}/a/.data.json`]: '{"version":"lineage/v9","kind":"FileOutput"}',
      [`l/${KEY}/b/.data.json`]: '{"kind":"FileOutput","path":7}',
      [`l/${KEY}/c/.data.json`]: '{"kind":"FileOut',
      [`l/${KEY}/d/.data.json`]: '{"kind":"Surprise"}',
      'l/.history/x': 'nonsense\n2026-11-24 07:29:27 IST\ta_b\tsession\tlid://x\n',
      'l/notes/.data.json': '{}',
    }
    const { records, gaps } = await collect(readLineage(memorySource(files), 'l'))
    expect(records.map((record) => record.record)).toEqual(['history', 'task'])
    expect(records[0]).toMatchObject({ timesAreLocal: true, zoneAbbreviation: 'IST' })
    expect(gaps.map((gap) => gap.message)).toEqual([
      'not a line of history',
      'unknown version "lineage/v9"',
      expect.stringContaining('field "path"'),
      'not a lineage record',
      'unknown kind "Surprise"',
    ])
  })

  test('any JSON is a record or a reason, never a crash', () => {
    const kind = fc.constantFrom('WorkflowRun', 'TaskRun', 'TaskOutput', 'WorkflowOutput', 'FileOutput')
    fc.assert(
      fc.property(kind, fc.jsonValue(), fc.boolean(), (kind, spec, flat) => {
        const json =
          flat && typeof spec === 'object' && spec !== null && !Array.isArray(spec) ? { kind, ...spec } : { kind, spec }
        expect(['string', 'object']).toContain(typeof parseRecord(json, address))
      }),
      { numRuns: 300 },
    )
    const whole = JSON.parse(
      fixtureBytes('25.10.7/sub-workflows', '.lineage/7b46069426c09269ec99cd16b51fd744/.data.json').toString(),
    ) as { spec: object }
    for (const field of Object.keys(whole.spec)) {
      for (const value of [null, 7, 'x', [], {}, [null], [{ value: {} }]])
        parseRecord({ ...whole, spec: { ...whole.spec, [field]: value } }, address)
    }
  })
})
