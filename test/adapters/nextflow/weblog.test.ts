import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import adapter from '../../../adapters/nextflow/index.ts'
import { parseMoment } from '../../../adapters/nextflow/native-run.ts'
import { parseWeblogEvent, readWeblog } from '../../../adapters/nextflow/weblog/read-weblog.ts'
import { readTrace } from '../../../adapters/nextflow/trace/read-trace.ts'
import { collect, fixtureBytes, openFixture } from './fixture.ts'
import { memorySource } from './memory-source.ts'

describe('posted events', () => {
  test('two runs of one session, the first failed', async () => {
    const { records, gaps } = await collect(readWeblog(await openFixture('20.10.0/pileup'), 'weblog/events.ndjson'))
    expect(gaps).toEqual([])
    const ends = records.filter((record) => record.event === 'completed').map(({ run }) => run)
    expect(ends).toMatchObject([
      {
        runName: 'lone_chr',
        end: 'failed',
        exitStatus: 1,
        utcOffsetMinutes: 0,
        params: { bams: 'bam/*.bam', outdir: 'results' },
      },
      { runName: 'both_chr', end: 'succeeded', resumed: true, durationMs: 1187 },
    ])
    expect(new Set(records.map((record) => record.sessionId)).size).toBe(1)
  })

  test('completed tasks equal the trace of the same run', async () => {
    const source = await openFixture('20.10.0/pileup')
    const { records } = await collect(readWeblog(source, 'weblog/events.ndjson'))
    const posted = new Map(
      records.filter((record) => record.event === 'process_completed').map(({ task }) => [task?.hash, task]),
    )
    const { records: tasks } = await collect(readTrace(source, 'results/trace.txt.1', { zone: 'UTC' }))
    for (const { hash, name, status, exit, submitMs, nativeId } of tasks) {
      expect(posted.get(hash)).toMatchObject({ name, status, exit, submitMs, nativeId })
    }
  })

  test('before the end nothing is said about success', async () => {
    const { records } = await collect(readWeblog(await openFixture('20.10.0/pileup'), 'weblog/events.ndjson'))
    const started = records.find((record) => record.event === 'started')
    expect(started?.run).not.toHaveProperty('end')
  })

  test('times as text and as objects', () => {
    expect(parseMoment('2026-11-24T07:19:11Z')).toEqual({ ms: Date.UTC(2026, 10, 24, 7, 19, 11) })
    const moment = {
      year: 2026,
      monthValue: 11,
      dayOfMonth: 24,
      hour: 7,
      minute: 19,
      second: 11,
      nano: 830_808_387,
      offset: { totalSeconds: 25_200 },
    }
    expect(parseMoment(moment)).toEqual({ ms: Date.UTC(2026, 10, 24, 0, 19, 11, 830), offsetMinutes: 420 })
    expect(parseMoment({ year: 2026 })).toBeUndefined()
  })

  test('damaged lines become gaps', async () => {
    const whole = fixtureBytes('20.10.0/pileup', 'weblog/events.ndjson')
    const count = whole.toString().trim().split('\n').length
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), async (at) => {
        const { records, gaps } = await collect(readWeblog(memorySource({ w: whole.subarray(0, at) }, 1 << 15), 'w'))
        expect(records.length).toBeLessThanOrEqual(count)
        expect(gaps.length).toBeLessThanOrEqual(1)
      }),
      { numRuns: 30 },
    )
    fc.assert(fc.property(fc.jsonValue(), (json) => { parseWeblogEvent(json, { source: 'weblog', path: 'w' }) })) // prettier-ignore
  })
})

test('a history of Temporal, which names runs and metadata too, is none of Nextflow’s', async () => {
  const attributes = { originalExecutionRunId: 'r', continuedExecutionRunId: 'q', input: { payloads: [] } }
  const payload = { metadata: { encoding: 'anNvbi9wbGFpbg==' }, data: 'MQ==' }
  const execution = { workflowId: 'w', runId: 'r' }
  const event = { eventId: '1', workflowExecutionStartedEventAttributes: { ...attributes, payload, execution } }
  for (const text of [JSON.stringify({ events: [event] }, undefined, 2), JSON.stringify(event)]) {
    expect(await adapter.detect(memorySource({ 'history.json': text }))).toBeUndefined()
  }
  const posted = { trace: { task_id: 1 }, runId: 'r', event: 'process_started', runName: 'n', utcTime: 'z' }
  const found = await adapter.detect(memorySource({ 'events.json': JSON.stringify(posted) }))
  expect(found).toMatchObject({ because: 'events.json' })
})
