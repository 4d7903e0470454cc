import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { CacheStore } from '../../../adapters/nextflow/cache/cache-store.ts'
import type { CacheEntry } from '../../../adapters/nextflow/cache/cache-entry.ts'
import { crc32c } from '../../../adapters/nextflow/cache/crc32c.ts'
import { decodeKryo } from '../../../adapters/nextflow/cache/kryo.ts'
import { openCache } from '../../../adapters/nextflow/cache/open-cache.ts'
import { readHistory } from '../../../adapters/nextflow/cache/read-history.ts'
import { readRunIndex } from '../../../adapters/nextflow/cache/read-index.ts'
import { unpackSnappy } from '../../../adapters/nextflow/cache/snappy.ts'
import { readReport } from '../../../adapters/nextflow/report/read-report.ts'
import { readTrace } from '../../../adapters/nextflow/trace/read-trace.ts'
import type { FileSource } from '../../../core/adapter.ts'
import { collect, fixtureBytes, openFixture } from './fixture.ts'
import { packSnappy, varint, writeLog, writeTable } from '../../tools/level-files.ts'
import { memorySource } from './memory-source.ts'

const RESUME = '67c41266-ac60-47b9-ad4a-24c13a275997'
const RETRY = 'db15f492-d136-488a-b5a5-9f89ff9add67'
const cacheOf = (session: string): string => `.nextflow/cache/${session}`
const key = (number: number): Buffer => Buffer.alloc(16, number)

async function entriesOf(source: FileSource, folder: string): Promise<Map<string, CacheEntry>> {
  const cache = await openCache(source, folder)
  const { records, gaps } = await collect(cache.entries())
  expect([...gaps, ...cache.takeGaps()]).toEqual([])
  return new Map(records.map((entry) => [entry.fullHash, entry]))
}

describe('run history and index', () => {
  test('history names runs, sessions and how they ended', async () => {
    const { records, gaps } = await collect(readHistory(await openFixture('25.04.8/resume'), '.nextflow/history'))
    expect(gaps).toEqual([])
    expect(records.map(({ runName, sessionId, end, durationMs }) => [runName, sessionId, end, durationMs])).toEqual([
      ['first_try', RESUME, 'failed', 5000],
      ['second_try', RESUME, 'succeeded', 5300],
      ['third_try', RESUME, 'succeeded', 4900],
    ])
    expect(records[0]).toMatchObject({ timesAreLocal: true, commitId: '6d5dc3b4561915b79194abdf3a52a140' })
  })

  test('an open run, a command over lines, and an old line', async () => {
    const id = '9be14e1e-8477-4b36-82c4-9c63a2a7051c'
    const text = `${id}\tnextflow run old.nf\n2026-11-24 07:19:12\t-\ta_b\t-\t-\t${id}\tnextflow run x --a 'b\nc\td'\njunk\n2026-11-24 07:19:13\t1s\tc_d\tERR\tabc\t${id}\tnextflow\n`
    const { records, gaps } = await collect(readHistory(memorySource({ h: text }, 5), 'h'))
    expect(gaps).toEqual([])
    expect(records.map((run) => [run.runName, run.open, run.end, run.commandLine])).toEqual([
      [undefined, true, undefined, 'nextflow run old.nf'],
      ['a_b', true, undefined, "nextflow run x --a 'b\nc\td'\njunk"],
      ['c_d', undefined, 'failed', 'nextflow'],
    ])
    expect((await collect(readHistory(memorySource({ h: 'junk\n' }), 'h'))).gaps).toMatchObject([
      { code: 'history.unreadable-line' },
    ])
  })

  test('the index says which tasks a run had, taken over or submitted', async () => {
    const source = await openFixture('25.04.8/resume')
    const { records, gaps } = await collect(readRunIndex(source, `${cacheOf(RESUME)}/index.third_try`))
    expect(gaps).toEqual([])
    expect([records.length, records.filter((row) => row.cached).length]).toEqual([13, 9])
    const cut = memorySource({ i: Buffer.concat([key(1), Buffer.from([0]), key(2), Buffer.from([7]), key(3)]) }, 3)
    const damaged = await collect(readRunIndex(cut, 'i'))
    expect(damaged.records).toEqual([{ kind: 'index', fullHash: '01'.repeat(16), cached: false }])
    expect(damaged.gaps.map((gap) => [gap.code, gap.place])).toEqual([['index.damaged', 'i@17'], ['index.cut', 'i@34']]) // prettier-ignore
  })
})

const differing = new Set(['origin', 'taskId', 'status', 'env', 'cpuPercent', 'durationMs', 'realtimeMs'])

describe('the cache against what the engine printed of the same run', () => {
  test('entries in a sorted table equal the reports of the runs that executed them', async () => {
    const source = await openFixture('25.04.8/resume')
    const entries = await entriesOf(source, `${cacheOf(RESUME)}/db`)
    expect(entries.size).toBe(18)
    await expectEqualTasks(source, 'report1.html', 'report', entries)
    await expectEqualTasks(source, 'report2.html', 'report', entries)
    await expectEqualTasks(source, 'trace.run1.txt', 'trace', entries)
  })

  test.each([
    ['25.04.8/retry-ignore', RETRY, 'report.html'],
    ['20.10.0/pileup', 'c2154e54-402a-4811-bd54-9d89ede75915', 'results/report.html.1'],
    ['25.10.7/sub-workflows', '4549406e-9666-4935-9557-e7a6fa59210b', 'report.html'],
    ['25.04.8/multi-line-trace', 'f822f23e-8357-4020-94fe-75861ea96adc', 'report.html'],
  ])('entries in a log equal the report: %s', async (scenario, session, report) => {
    const source = await openFixture(scenario)
    await expectEqualTasks(source, report, 'report', await entriesOf(source, `${cacheOf(session)}/db`))
  })

  async function expectEqualTasks(
    source: FileSource,
    path: string,
    form: 'report' | 'trace',
    entries: Map<string, CacheEntry>,
  ): Promise<void> {
    const { records } = await collect(
      form === 'report' ? readReport(source, path) : readTrace(source, path, { zone: 'UTC' }),
    )
    const tasks = records.filter((record) => record.kind === 'task')
    expect(tasks.length).toBeGreaterThan(3)
    let compared = 0
    for (const task of tasks) {
      const entry = entries.get(task.fullHash ?? '')
      if (entry === undefined) throw new Error(`no entry for ${task.name ?? ''}`)
      // A cached row has the current run's id and status; env is masked differently, percents and a trace's times are rounded.
      const told = Object.fromEntries(Object.entries(task).filter(([field]) => !differing.has(field)))
      expect(entry.task).toMatchObject(told)
      if (task.status !== 'CACHED') expect([entry.task.taskId, entry.task.status]).toEqual([task.taskId, task.status])
      if (form === 'report' && task.durationMs !== undefined) expect(entry.task.durationMs).toBe(task.durationMs)
      compared++
    }
    expect(compared).toBe(tasks.length)
  }
})

describe('what only the cache tells', () => {
  test('input files by variable, with the name in the task and the real file', async () => {
    const entries = await entriesOf(
      await openFixture('25.04.8/remote-inputs'),
      `${cacheOf('b2a1d38e-9d12-4dc4-9e8d-e00c32e2c92a')}/db`,
    )
    const head = [...entries.values()].find((entry) => entry.task.name === 'HEAD (set2)')
    expect(head?.variables).toEqual([
      { name: 'id', files: [], value: 'set2' },
      { name: 'r1', files: [{ stageName: 'reads_1.fq', path: '/data/remote/work/stage-b2a1d38e-9d12-4dc4-9e8d-e00c32e2c92a/e2/8ccd0f5a32c7ac2998115353c457df/reads_1.fq', staged: true }] },
      { name: 'local', files: [{ stageName: 'set2.txt', path: '/data/remote/local/set2.txt', staged: true }] },
      { name: 'ref', files: [{ stageName: 'ref.fa', path: '/data/remote/work/stage-b2a1d38e-9d12-4dc4-9e8d-e00c32e2c92a/4e/9a4b05e54f758ed39ebb2b1260eea3/ref.fa', staged: true }] },
    ]) // prettier-ignore
    expect(head?.useCount).toBe(2)
  })

  test('lists of inputs, in the form of 2020 too', async () => {
    const entries = await entriesOf(
      await openFixture('20.10.0/pileup'),
      `${cacheOf('c2154e54-402a-4811-bd54-9d89ede75915')}/db`,
    )
    const merges = [...entries.values()].filter((entry) => entry.task.name?.startsWith('MERGE'))
    expect(merges.map((entry) => entry.variables.find((variable) => variable.name === 'p')?.files.length)).toEqual([
      3, 3,
    ])
  })

  test('an unclean exit: zeros at the end, and tasks of the index without an entry', async () => {
    const source = await openFixture('25.04.8/killed')
    const folder = cacheOf('69a1e025-42c3-4cd4-94c6-6a1c0e053855')
    const entries = await entriesOf(source, `${folder}/db`)
    const { records } = await collect(readRunIndex(source, `${folder}/index.never_ended`))
    expect([entries.size, records.length]).toEqual([10, 12])
  })

  test('get and entries say the same', async () => {
    const source = await openFixture('25.04.8/resume')
    const cache = await openCache(source, `${cacheOf(RESUME)}/db`)
    for (const [hash, entry] of await entriesOf(source, `${cacheOf(RESUME)}/db`)) {
      expect(cache.has(hash)).toBe(true)
      expect(await cache.get(hash)).toEqual(entry)
    }
    expect([cache.has('00'.repeat(16)), await cache.get('00'.repeat(16))]).toEqual([false, undefined])
  })

  test('a folder without data has no entries', async () => {
    const cache = await openCache(memorySource({ 'db/CURRENT': 'MANIFEST-000002\n', 'db/LOCK': '' }), 'db')
    expect([cache.size, cache.takeGaps()]).toEqual([0, []])
  })
})

describe('LevelDB', () => {
  const valuesOf = async (files: Record<string, Uint8Array>): Promise<string[]> => {
    const store = await CacheStore.open(memorySource(files, 999), 'db')
    const found: string[] = []
    for await (const { key, value } of store.values())
      found.push(`${String(key[0])}=${Buffer.from(value).toString('latin1').slice(0, 8)}/${value.length}`)
    return found.sort()
  }

  test('of many files the highest sequence counts, and deletions delete', async () => {
    const old = writeTable([{ key: key(1), value: Buffer.from('old'), sequence: 1 }, { key: key(2), value: Buffer.from('two'), sequence: 2 }, { key: key(3), value: Buffer.from('three'), sequence: 3 }]) // prettier-ignore
    const log = writeLog([{ key: key(1), value: Buffer.from('new') }, { key: key(2) }], 10)
    expect(await valuesOf({ 'db/000009.log': log, 'db/000005.sst': old })).toEqual(['1=new/3', '3=three/5'])
    expect(await valuesOf({ 'db/000001.log': log, 'db/000005.ldb': old })).toEqual(['1=new/3', '3=three/5'])
  })

  test('compressed tables', async () => {
    const value = Buffer.from('a'.repeat(500) + 'bcd')
    expect(await valuesOf({ 'db/000005.sst': writeTable([{ key: key(1), value, sequence: 1 }], packSnappy) })).toEqual([
      '1=aaaaaaaa/503',
    ])
  })

  test('values over several blocks, at every place in a block', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(70_000), { maxLength: 6 }), async (sizes) => {
        const writes = sizes.map((size, at) => ({ key: key(at), value: Buffer.alloc(size, 65 + at) }))
        const expected = sizes.map(
          (size, at) => `${at}=${String.fromCharCode(65 + at).repeat(Math.min(8, size))}/${size}`,
        )
        expect(await valuesOf({ 'db/000003.log': writeLog(writes) })).toEqual(expected.sort())
      }),
      { numRuns: 30 },
    )
  })

  test('checksums and snappy as their descriptions say', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283)
    expect(unpackSnappy(Buffer.from([5, 0, 97, 14, 1, 0]), 100)).toEqual(new Uint8Array([97, 97, 97, 97, 97]))
    expect(unpackSnappy(Buffer.from([200, 1, 0, 97]), 100)).toBeUndefined()
    fc.assert(fc.property(fc.uint8Array(), (bytes) => {
      expect(unpackSnappy(packSnappy(Buffer.from(bytes)), 10_000)).toEqual(bytes)
      unpackSnappy(bytes, 10_000)
    })) // prettier-ignore
  })

  test.each([
    ['25.04.8/retry-ignore', `${cacheOf(RETRY)}/db/000003.log`],
    ['25.04.8/resume', `${cacheOf(RESUME)}/db/000005.sst`],
  ])('damaged bytes become gaps: %s', async (scenario, path) => {
    const whole = fixtureBytes(scenario, path)
    const name = path.slice(path.lastIndexOf('/') + 1)
    const count = (await openCache(memorySource({ [`db/${name}`]: whole }, 1 << 16), 'db')).size
    const change = fc.record({ at: fc.nat(whole.length - 1), byte: fc.nat(255), cut: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(change, async ({ at, byte, cut }) => {
        const bytes = Buffer.from(cut ? whole.subarray(0, at) : whole)
        if (!cut) bytes[at] = (bytes[at] ?? 0) ^ (byte === 0 ? 1 : byte)
        const cache = await openCache(memorySource({ [`db/${name}`]: bytes }, 1 << 16), 'db')
        const { records } = await collect(cache.entries())
        expect(records.length).toBeLessThanOrEqual(count)
        // Nothing is lost without a word, but what a cut between two records leaves out.
        if (records.length < count && !cut) expect(cache.takeGaps().length).toBeGreaterThan(0)
      }),
      { numRuns: 80 },
    )
  })
})

describe('Kryo', () => {
  test('unknown classes end the decoding and keep what came before', () => {
    const text = (value: string): Buffer =>
      Buffer.concat([Buffer.from(value.slice(0, -1)), Buffer.from([value.charCodeAt(value.length - 1) | 128])])
    const bytes = Buffer.concat([
      Buffer.from([1, 0]), text('java.util.LinkedHashMap'), Buffer.from([1, 2]), // a map of two
      Buffer.from([3, 1]), text('known'), Buffer.from([2, 84]), // known -> 42
      Buffer.from([3, 1]), text('other'), Buffer.from([1, 1]), text('my.own.Thing'), Buffer.from([1, 9, 9, 9]),
    ]) // prettier-ignore
    expect(decodeKryo(bytes)).toEqual({
      value: { type: 'map', entries: [['known', 42]] },
      problem: 'unknown class "my.own.Thing"',
    })
  })

  test('a list that holds itself is decoded once', () => {
    const name = Buffer.concat([Buffer.from('java.util.ArrayLis'), Buffer.from([0x74 | 128])])
    const { value } = decodeKryo(Buffer.concat([Buffer.from([1, 0]), name, Buffer.from([1, 1, 1, 0, 2])]))
    expect(Array.isArray(value) && value[0] === value).toBe(true)
  })

  test('decoding leaves the bytes as they are, and never throws', () => {
    const log = fixtureBytes('25.04.8/retry-ignore', `${cacheOf(RETRY)}/db/000003.log`)
    const blob = log.subarray(log.indexOf('java.util.ArrayLis') - 2, 2000)
    const before = Buffer.from(blob)
    expect(decodeKryo(blob).value).not.toBeNull()
    expect(blob.equals(before)).toBe(true)
    fc.assert(
      fc.property(fc.nat(blob.length - 1), fc.uint8Array({ maxLength: 8 }), (at, bytes) => {
        decodeKryo(Buffer.concat([blob.subarray(0, at), bytes, blob.subarray(at + bytes.length)]))
      }),
      { numRuns: 500 },
    )
    fc.assert(fc.property(fc.uint8Array(), (bytes) => { decodeKryo(Buffer.from(bytes)) })) // prettier-ignore
  })

  test('nested deeper than any value: a problem, no crash', () => {
    const name = Buffer.concat([Buffer.from('java.util.ArrayLis'), Buffer.from([0x74 | 128])])
    const inner = Array.from({ length: 5000 }, () => Buffer.from([1, 0, 1, 1]))
    const { problem } = decodeKryo(Buffer.concat([Buffer.from([1, 0]), name, Buffer.from([1, 1]), ...inner, varint(0)]))
    expect(problem).toBe('values are nested too deep')
  })
})
