import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { ReadGap, TaskRecord } from '../../../adapters/nextflow/records.ts'
import { splitTaskName } from '../../../adapters/nextflow/task-name.ts'
import { parseTraceDate } from '../../../adapters/nextflow/trace/date.ts'
import { parseDuration } from '../../../adapters/nextflow/trace/duration.ts'
import { parseMemory } from '../../../adapters/nextflow/trace/memory.ts'
import { parsePercent } from '../../../adapters/nextflow/trace/number.ts'
import { isTrace, readTrace } from '../../../adapters/nextflow/trace/read-trace.ts'
import { toEpochMs } from '../../../adapters/nextflow/zone.ts'
import { collect, fixtureBytes, openFixture } from './fixture.ts'
import { memorySource } from './memory-source.ts'

const utc = (...parts: Parameters<typeof Date.UTC>): number => Date.UTC(...parts)
const read = (text: string | Uint8Array, zone?: string): Promise<{ records: TaskRecord[]; gaps: ReadGap[] }> =>
  collect(readTrace(memorySource({ 't.txt': text }, 7), 't.txt', zone === undefined ? {} : { zone }))

describe('values', () => {
  test.each([
    ['352ms', 352], ['1.2s', 1200], ['60s', 60_000], ['1m 30s', 90_000], ['4h 41m 19s', 16_879_000], ['1d', 86_400_000],
    ['01:02:03', 3_723_000], ['2 hours', 7_200_000], ['524', 524], ['1,5s', 1500], ['0ms', 0],
    ['', undefined], ['-', undefined], ['3 weeks', undefined], ['s', undefined], ['1m x', undefined],
  ])('duration %p', (text, ms) => { expect(parseDuration(text)).toBe(ms) }) // prettier-ignore
  test.each([
    ['0', 0], ['838 B', 838], ['6.7 GB', 7_194_070_221], ['1.1 TB', 1_209_462_790_554], ['1,5 KB', 1536], ['5767168', 5_767_168],
    ['12 GBq', undefined], ['-1', undefined], ['x', undefined],
  ])('memory %p', (text, bytes) => { expect(parseMemory(text)).toBe(bytes) }) // prettier-ignore
  test.each([['98.6%', 98.6], ['97,3%', 97.3], ['2511.8%', 2511.8], ['97.0', 97], ['88.2 %', 88.2], ['x%', undefined]])(
    'percent %p', (text, value) => { expect(parsePercent(text)).toBe(value) },
  ) // prettier-ignore
  test.each([
    ['2026-11-24 07:19:16.613', utc(2026, 10, 24, 7, 19, 16, 613), true],
    ['1759849601467', 1_759_849_601_467, false],
    ['2026-11-24T07:19:16Z', utc(2026, 10, 24, 7, 19, 16), false],
    ['2026-11-24 07:19:16.5+02:00', utc(2026, 10, 24, 5, 19, 16, 500), false],
    ['20261124-071916', utc(2026, 10, 24, 7, 19, 16), true],
    ['2026/11/24', utc(2026, 10, 24), true],
  ])('date %p', (text, ms, isLocal) => { expect(parseTraceDate(text)).toEqual({ ms, isLocal }) }) // prettier-ignore
  test.each(['03/04/2026 07:19', '2026-13-24 07:19:16.613', '2026-02-30', '12', 'x'])('no date: %p', (text) => {
    expect(parseTraceDate(text)).toBeUndefined()
  })
  test('a zone moves local times, over its changes of summer time', () => {
    expect(toEpochMs(utc(2026, 6, 1, 12), 'Europe/Berlin')).toBe(utc(2026, 6, 1, 10))
    expect(toEpochMs(utc(2026, 0, 1, 12), 'Europe/Berlin')).toBe(utc(2026, 0, 1, 11))
    expect(toEpochMs(utc(2026, 9, 25, 2, 30), 'Europe/Berlin')).toBe(utc(2026, 9, 25, 0, 30))
    expect(toEpochMs(utc(2026, 2, 29, 3, 30), 'Europe/Berlin')).toBe(utc(2026, 2, 29, 1, 30))
    expect(toEpochMs(utc(2026, 0, 1, 12), 'Asia/Kathmandu')).toBe(utc(2026, 0, 1, 6, 15))
    expect(toEpochMs(1_000_000, 60)).toBe(1_000_000 - 3_600_000)
  })
  test('a name divides at its first parenthesis', () => {
    expect(splitTaskName('W:P (a (b))')).toEqual({ process: 'W:P', tag: 'a (b)' })
    expect(splitTaskName('P')).toEqual({ process: 'P' })
  })
})

describe('forms of a trace', () => {
  test('the default form', async () => {
    const { records, gaps } = await collect(readTrace(await openFixture('20.10.0/pileup'), 'results/trace.txt.1'))
    expect(gaps).toEqual([])
    expect(records).toHaveLength(10)
    expect(records.filter((task) => task.status === 'FAILED').map((task) => [task.name, task.exit])).toEqual([
      ['PILEUP (C)', 1],
      ['PILEUP (C)', 1],
    ])
    expect(records.every((task) => task.timesAreLocal)).toBe(true)
  })

  test('raw values need no zone', async () => {
    const { records } = await collect(readTrace(await openFixture('unknown/co2-footprint'), 'execution-trace-raw.tsv'))
    expect(records[0]).toMatchObject({
      hash: 'c6/d3ff54', submitMs: 1_759_849_601_467, durationMs: 524, cpuPercent: 97, memoryBytes: 12_884_901_888, readBytes: 2_625_536,
    }) // prettier-ignore
    expect(records[0]?.timesAreLocal).toBeUndefined()
    expect(records[0]?.diskBytes).toBeUndefined()
  })

  test('a row with something else than a hash is a gap', async () => {
    const { records, gaps } = await collect(
      readTrace(await openFixture('unknown/co2-footprint'), 'execution-trace-regular.tsv'),
    )
    expect(records).toHaveLength(7)
    expect(gaps.map((gap) => [gap.code, gap.place])).toEqual([
      ['trace.unreadable-line', 'execution-trace-regular.tsv:9'],
    ])
  })

  test('script and environment over several lines', async () => {
    const { records, gaps } = await collect(readTrace(await openFixture('25.04.8/multi-line-trace'), 'trace.txt'))
    expect(gaps).toEqual([])
    expect(records.map((task) => [task.taskId, task.name])).toEqual([['1', 'PULL (one)'], ['2', 'PULL (two)'], ['3', 'PULL (three)'], ['4', 'PUSH']]) // prettier-ignore
    expect(records[1]?.script).toBe("\n    export TOKEN=SENTINEL_SECRET_1\n    sort -r c\\'d.txt > two.dat\n    ")
    expect(records[1]?.env).toBe('S3_SECRET_KEY=SENTINEL_SECRET_2\nHARMLESS=[secure]\n')
  })

  test('commas, and names with blanks', async () => {
    const { records, gaps } = await collect(readTrace(await openFixture('25.04.8/comma-trace'), 'trace.csv'))
    expect(gaps).toEqual([])
    expect(records[1]).toMatchObject({
      name: 'SPLIT (b run.mgf)',
      tag: 'b run.mgf',
      scratch: 'true',
      fullHash: 'ad2c1b71fb85e1eff7a5c9b4db66a6bc',
    })
    expect(records[5]?.exit).toBeUndefined()
  })

  test('a look-alike is refused, a header alone is no damage', async () => {
    const { records, gaps } = await collect(
      readTrace(await openFixture('unknown/co2-footprint'), 'co2footprint_trace_sample.txt'),
    )
    expect([records.length, gaps.map((gap) => gap.code)]).toEqual([0, ['trace.not-a-trace']])
    expect(await read('task_id\thash\tname\tstatus\n')).toEqual({ records: [], gaps: [] })
    expect(isTrace('task_id\tstatus\tname\tCO2e\n')).toBe(false)
    expect(isTrace('hash,name\n')).toBe(true)
  })

  test('separators in tags before the hash, in every row', async () => {
    const text = 'process,tag,name,status,hash,exit,attempt\nA,c, x,A (c, x),CACHED,32/bac543,0,1\nA,b, x,A (b, x),FAILED,2c/32eb73,3,1\nB,-,B,COMPLETED,84/fd28c4,0,1\nA,a, x,A (a, x),COMPLETED,01/423d0c,0,1\n' // prettier-ignore
    const { records, gaps } = await read(text)
    expect(gaps).toEqual([])
    expect(records.map(({ name, hash, exit }) => [name, hash, exit])).toEqual([['A (c, x)', '32/bac543', 0], ['A (b, x)', '2c/32eb73', 3], ['B', '84/fd28c4', 0], ['A (a, x)', '01/423d0c', 0]]) // prettier-ignore
  })

  test.each(['\t', ',', ';', ' | ', '::', ' ', 'x0x', '~'])('separator %p is found', async (separator) => {
    const columns = [
      'task_id',
      'hash',
      'process',
      'tag',
      'name',
      'status',
      'exit',
      'submit',
      'duration',
      'peak_rss',
      '%cpu',
    ]
    const row = ['1', 'ab/cdef12', 'W:P', `a${separator}b (c)`, `W:P (a${separator}b (c))`, 'COMPLETED', '0', '2026-11-24 07:19:16.613', '1m 30s', '6.7 GB', '97,3%'] // prettier-ignore
    const { records, gaps } = await read([columns, row].map((cells) => `${cells.join(separator)}\n`).join(''))
    expect(gaps).toEqual([])
    expect(records).toMatchObject([
      { hash: 'ab/cdef12', tag: row[3], name: row[4], status: 'COMPLETED', exit: 0, durationMs: 90_000, peakRssBytes: 7_194_070_221, cpuPercent: 97.3 },
    ]) // prettier-ignore
  })

  test('what a separator inside free text leaves open is left out and said', async () => {
    const { records, gaps } = await read('hash,tag,script,status\nab/cdef12,a,b,c,COMPLETED\n')
    expect(records).toMatchObject([{ hash: 'ab/cdef12', status: 'COMPLETED' }])
    expect(records[0]).not.toHaveProperty('tag')
    expect(gaps).toMatchObject([{ code: 'trace.ambiguous-row' }])
  })

  test('free text before the hash, with line ends in it', async () => {
    const { records, gaps } = await read('name\thash\tstatus\nP (a\nb)\tab/cdef12\tCACHED\nQ\tcd/ef1234\tFAILED\n')
    expect(gaps).toEqual([])
    expect(records).toMatchObject([
      { name: 'P (a\nb)', status: 'CACHED' },
      { name: 'Q', status: 'FAILED' },
    ])
  })

  test('traces joined to one file, even without a line end between them', async () => {
    const one = 'task_id\thash\tname\tstatus\n1\tab/cdef12\tP\tCOMPLETED'
    const two = 'hash\tstatus\tname\nab/cdef13\tFAILED\tQ\n'
    const { records, gaps } = await read(`${one}\n${one}\n${two}`)
    expect(gaps).toEqual([])
    expect(records.map((task) => task.name)).toEqual(['P', 'P', 'Q'])
    const glued = await read(`${one.slice(0, -4)}${one}\n`)
    expect(glued.records.map((task) => task.status)).toEqual([undefined, 'COMPLETED'])
    expect(glued.gaps).toMatchObject([{ code: 'trace.cut-line' }])
  })

  test('a cut last row keeps what is certainly whole', async () => {
    const text = 'task_id\thash\tname\tstatus\texit\trchar\n1\tab/cdef12\tP (x)\tCOMPLETED\t0\t12.5 KB'
    expect(await read(text)).toMatchObject({ records: [{ readCharBytes: 12_800 }], gaps: [] })
    expect(await read(text.slice(0, -4))).toMatchObject({
      records: [{ exit: 0 }],
      gaps: [{ code: 'trace.cut-line', place: 't.txt:2' }],
    })
    const cut = await read(text.slice(0, -8))
    expect(cut.records[0]).not.toHaveProperty('exit')
    expect(cut.records[0]).toMatchObject({ status: 'COMPLETED' })
  })

  test('forced types, unknown columns and unknown formats', async () => {
    const text = 'hash:string\tname\tsubmit:date:dd/MM/yy\tgpu_model\tstart\nab/cdef12\tP\t03/04/26\tH100\t0\n'
    const { records, gaps } = await read(text)
    expect(records[0]?.extra).toEqual({ submit: '03/04/26', gpu_model: 'H100' })
    expect(records[0]).not.toHaveProperty('startMs')
    expect(gaps).toMatchObject([{ code: 'trace.unknown-format' }])
  })

  test('a zone makes times exact', async () => {
    const { records } = await read('hash\tname\tsubmit\nab/cdef12\tP\t2026-11-24 07:19:16.613\n', 'Asia/Bangkok')
    expect(records[0]).toMatchObject({ submitMs: utc(2026, 10, 24, 0, 19, 16, 613) })
    expect(records[0]).not.toHaveProperty('timesAreLocal')
  })

  test('Windows line ends and a byte order mark', async () => {
    const { records, gaps } = await read('\uFEFFhash\tname\tstatus\r\nab/cdef12\tP\tCOMPLETED\r\n')
    expect([records.map((task) => task.status), gaps]).toEqual([['COMPLETED'], []])
  })

  test('a line of many megabytes costs no memory and is said', async () => {
    const { records, gaps } = await collect(
      readTrace(
        memorySource({ t: `hash\tname\tscript\nab/cdef12\tP\t${'x'.repeat(20 << 20)}\nab/cdef13\tQ\ty\n` }, 1 << 20),
        't',
      ),
    )
    expect(records.map((task) => task.name)).toEqual(['P', 'Q'])
    expect(gaps).toMatchObject([{ code: 'trace.long-row' }])
  })
})

describe('damage', () => {
  const whole = fixtureBytes('25.04.8/retry-ignore', 'trace.tsv')

  test('a file cut at any byte gives the rows before the cut', async () => {
    const { records } = await read(whole)
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length), async (at) => {
        const cut = (await read(whole.subarray(0, at))).records
        expect(cut.slice(0, -1)).toEqual(records.slice(0, Math.max(0, cut.length - 1)))
      }),
      { numRuns: 60 },
    )
  })

  test('damaged bytes never stop the reader', async () => {
    const place = fc.record({ at: fc.nat(whole.length), bytes: fc.uint8Array({ maxLength: 40 }), drop: fc.nat(40) })
    await fc.assert(
      fc.asyncProperty(fc.array(place, { maxLength: 5 }), async (changes) => {
        let bytes = Buffer.from(whole)
        for (const { at, bytes: more, drop } of changes) {
          bytes = Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at + drop)])
        }
        const { records, gaps } = await read(bytes)
        expect(records.length + gaps.length).toBeGreaterThan(0)
        for (const task of records) expect(task.hash ?? task.workDir).toBeDefined()
      }),
      { numRuns: 100 },
    )
  })

  test('what was printed is read again, whatever the tags hold', async () => {
    const tag = fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.replace(/[\r\n\0]/g, '').trim()).filter((text) => text !== '-' && text !== '') // prettier-ignore
    const task = fc.record({ tag, exit: fc.nat(255), ms: fc.nat(100_000_000) })
    await fc.assert(
      fc.asyncProperty(fc.array(task, { minLength: 1, maxLength: 8 }), async (tasks) => {
        const rows = tasks.map(({ tag, exit }, at) => `${at + 1}\tab/cdef1${at}\tW:P (${tag})\tCOMPLETED\t${exit}\n`)
        const { records, gaps } = await read(`task_id\thash\tname\tstatus\texit\n${rows.join('')}`)
        expect(gaps).toEqual([])
        expect(records.map(({ name, exit }) => [name, exit])).toEqual(tasks.map(({ tag, exit }) => [`W:P (${Buffer.from(tag).toString()})`, exit])) // prettier-ignore
      }),
      { numRuns: 60 },
    )
  })
})
