import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parseDag, processEdges, readDag } from '../../../adapters/nextflow/report/read-dag.ts'
import { isReport, readReport } from '../../../adapters/nextflow/report/read-report.ts'
import { readTimeline } from '../../../adapters/nextflow/report/read-timeline.ts'
import { collect, fixtureBytes, openFixture } from './fixture.ts'
import { memorySource } from './memory-source.ts'

const page = (rows: string, html = ''): string =>
  `<h1>Nextflow workflow report</h1>${html}<h2 id="resources"></h2><script>\n  window.data = { "trace":${rows}, "summary":[] };</script>`

describe('execution report', () => {
  test('the run as the page tells it', async () => {
    const { records, gaps } = await collect(readReport(await openFixture('25.04.8/resume'), 'report1.html'))
    expect(gaps).toEqual([])
    const [run] = records
    expect(run).toMatchObject({
      kind: 'run', runName: 'first_try', resumed: false, end: 'failed', exitStatus: 3, timesAreLocal: true, durationMs: 3000,
      startMs: Date.UTC(2026, 10, 24, 7, 20, 50), completeMs: Date.UTC(2026, 10, 24, 7, 20, 53),
      counts: { succeeded: 7, cached: 0, ignored: 0, failed: 1, retries: 0 },
      commandLine: 'nextflow run main.nf -name first_try -with-trace trace.run1.txt -with-report report1.html',
      launchDir: '/data/assembly', workDir: '/data/assembly/work', projectDir: '/data/assembly', scriptName: 'main.nf',
      scriptId: '6d5dc3b4561915b79194abdf3a52a140', sessionId: '67c41266-ac60-47b9-ad4a-24c13a275997', profile: 'standard',
      engineVersion: '25.04.8', engineBuild: '5956',
    }) // prettier-ignore
    expect(run?.kind === 'run' && run.errorMessage).toContain('no overlaps found')
    expect(records.filter((record) => record.kind === 'task')).toHaveLength(8)
  })

  test('tasks with all fields, exact times and escapes resolved', async () => {
    const { records } = await collect(readReport(await openFixture('25.10.7/sub-workflows'), 'report.html'))
    const names = records.flatMap((record) => (record.kind === 'task' ? [record.name] : []))
    expect(names).toContain('TEMPLATED (t(1), x: dna-s1)')
    const task = records.find((record) => record.kind === 'task' && record.name === 'PREP_RNA:TRIM (s1 to 20)')
    expect(task).toMatchObject({
      submitMs: 1_795_505_367_960,
      fullHash: '7b46069426c09269ec99cd16b51fd744',
      readBytes: 0,
    })
    expect(task).not.toHaveProperty('timesAreLocal')
  })

  test('the form of 2020, a resumed run', async () => {
    const { records } = await collect(readReport(await openFixture('20.10.0/pileup'), 'results/report.html'))
    expect(records[0]).toMatchObject({ runName: 'both_chr', resumed: true, end: 'succeeded', engineVersion: '20.10.0' })
    expect(records.filter((record) => record.kind === 'task' && record.status === 'CACHED')).toHaveLength(6)
  })

  test('labels of other versions: repository, commit, container, manifest', async () => {
    const html = `<dt>Workflow repository</dt><dd><samp>https://github.com/nf-core/rnaseq</samp>, revision <code>3.14.0</code> (commit hash <code>${'ab'.repeat(20)}</code>)</dd>
      <dt>Nextflow command</dt><dd><pre><code>nextflow run x --a &quot;1 &lt; 2&quot;</code></pre></dd><dt>Container engine</dt><dd>docker</dd><dt>Workflow version</dt><dd>1.2</dd>`
    const { records } = await collect(readReport(memorySource({ r: page('[]', html) }, 11), 'r'))
    expect(records).toMatchObject([{
      repository: 'https://github.com/nf-core/rnaseq', revision: '3.14.0', commitId: 'ab'.repeat(20), commandLine: 'nextflow run x --a "1 < 2"',
      containerEngine: 'docker', manifest: { version: '1.2' },
    }]) // prettier-ignore
  })

  test('more tasks than a report holds, and a page without data', async () => {
    expect((await collect(readReport(memorySource({ r: page('null') }, 13), 'r'))).gaps).toMatchObject([
      { code: 'report.tasks-left-out' },
    ])
    expect((await collect(readReport(memorySource({ r: '<html></html>' }), 'r'))).gaps).toMatchObject([
      { code: 'report.no-data' },
    ])
    expect(isReport('<title>[a_b] Nextflow Workflow Report</title>')).toBe(true)
  })

  test('braces, brackets and quotes inside texts do not end a task', async () => {
    const rows = String.raw`[{"hash":"ab\/cdef12","script":"a } ] \" \' \\' { [ \u0041","exit":"0"},{"hash":"ab/cdef13"}]`
    const { records, gaps } = await collect(readReport(memorySource({ r: page(rows) }, 3), 'r'))
    expect(gaps).toEqual([])
    expect(records.slice(1)).toMatchObject([
      { hash: 'ab/cdef12', script: String.raw`a } ] " ' \' { [ A` },
      { hash: 'ab/cdef13' },
    ])
  })

  test('damaged bytes become gaps', async () => {
    const whole = fixtureBytes('25.04.8/resume', 'report2.html')
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length), fc.uint8Array({ maxLength: 20 }), fc.boolean(), async (at, bytes, cut) => {
        const damaged = Buffer.concat([
          whole.subarray(0, at),
          bytes,
          cut ? Buffer.alloc(0) : whole.subarray(at + bytes.length),
        ])
        const { records, gaps } = await collect(readReport(memorySource({ r: damaged }, 1 << 14), 'r'))
        expect(records[0]?.kind).toBe('run')
        if (cut && at < whole.indexOf('], "summary"')) expect(gaps.length).toBeGreaterThan(0)
      }),
      { numRuns: 60 },
    )
  })
})

describe('timeline', () => {
  test.each([
    ['25.04.8/comma-trace', 'tl.html', 13, 0],
    ['20.10.0/pileup', 'results/timeline.html', 11, 6],
  ])('exact times of run and tasks: %s', async (scenario, path, count, cached) => {
    const { records, gaps } = await collect(readTimeline(await openFixture(scenario), path))
    expect(gaps).toEqual([])
    const [run, ...tasks] = records
    expect(run?.startMs).toBeGreaterThan(Date.UTC(2026, 10, 24))
    expect(tasks).toHaveLength(count)
    expect(tasks.filter((task) => task.kind === 'task' && task.status === 'CACHED')).toHaveLength(cached)
  })

  test('damaged bytes become gaps', async () => {
    const whole = fixtureBytes('20.10.0/pileup', 'results/timeline.html')
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length), async (at) => {
        const { gaps } = await collect(readTimeline(memorySource({ t: whole.subarray(0, at) }), 't'))
        if (at < whole.indexOf('\n]\n')) expect(gaps.length).toBeGreaterThan(0)
      }),
      { numRuns: 40 },
    )
  })
})

describe('process graph', () => {
  test.each([
    ['25.04.8/retry-ignore', 'flow.mmd', [['TILE', 'SEGMENT'], ['SEGMENT', 'MEASURE'], ['MEASURE', 'TABLE']]],
    ['25.04.8/resume', 'dag.html', [['CLEAN', 'POLISH'], ['CLEAN', 'ASSEMBLE'], ['ASSEMBLE', 'POLISH'], ['POLISH', 'COMPARE']]],
    ['20.10.0/pileup', 'results/dag.html', [['SORT', 'PILEUP'], ['PILEUP', 'MERGE']]],
    ['20.10.0/pileup', 'results/dag.dot', [['SORT', 'PILEUP'], ['PILEUP', 'MERGE']]],
  ])('edges from process to process: %s %s', async (scenario, path, edges) => {
    const dag = await readDag(await openFixture(scenario), path)
    expect(dag && processEdges(dag)).toEqual(edges)
  }) // prettier-ignore

  test('GEXF, and what is no graph', () => {
    const node = (id: number, type: string): string =>
      `<node id="${id}" label="L${id}"><attvalues><attvalue for="type" value="${type}"/></attvalues></node>`
    const dag = parseDag(
      `<gexf><nodes>${node(0, 'PROCESS')}${node(1, 'OPERATOR')}${node(2, 'PROCESS')}</nodes><edge id="0" source="0" target="1"/><edge id="1" source="1" target="2"/></gexf>`,
    )
    expect(dag && processEdges(dag)).toEqual([['L0', 'L2']])
    expect(parseDag('<svg></svg>')).toBeUndefined()
  })

  test('a cycle ends', () => {
    const dag = { nodes: [{ id: 'a', label: 'A', isProcess: true }, { id: 'b', label: '', isProcess: false }], edges: [['a', 'b'], ['b', 'b'], ['b', 'a']] } as const // prettier-ignore
    expect(processEdges(dag)).toEqual([['A', 'A']])
  })
})
