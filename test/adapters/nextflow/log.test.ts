import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { hashOfWorkDir, isShortHash, shortHash } from '../../../adapters/nextflow/hash.ts'
import type { LogEvent } from '../../../adapters/nextflow/log/log-event.ts'
import { toLogTime } from '../../../adapters/nextflow/log/log-message.ts'
import { findMainScript } from '../../../adapters/nextflow/log/main-script.ts'
import { parseTaskHandler } from '../../../adapters/nextflow/log/parse-task-handler.ts'
import { readLog } from '../../../adapters/nextflow/log/read-log.ts'
import { findMonth } from '../../../adapters/nextflow/month.ts'
import { fixtureBytes, openFixture } from './fixture.ts'
import { memorySource } from './memory-source.ts'

async function eventsOf(events: ReturnType<typeof readLog>): Promise<LogEvent[]> {
  const found: LogEvent[] = []
  for await (const event of events) if (event.kind === 'log') found.push(event)
  return found
}
const of = <K extends LogEvent['event']>(events: readonly LogEvent[], kind: K): Extract<LogEvent, { event: K }>[] =>
  events.filter((event): event is Extract<LogEvent, { event: K }> => event.event === kind)
const readText = (...lines: string[]): Promise<LogEvent[]> =>
  eventsOf(readLog(memorySource({ l: lines.join('\n') }, 9), 'l'))
const line = (text: string, logger = 'nextflow.Session', level = 'DEBUG'): string =>
  `Nov-24 07:20:58.144 [main] ${level.padEnd(5)} ${logger} - ${text}`

describe('what a log tells', () => {
  test('launch, session, machine and end of a run', async () => {
    const events = await eventsOf(readLog(await openFixture('25.04.8/resume'), '.nextflow.log.1'))
    expect(of(events, 'command')[0]?.text).toMatch(/^nextflow run main.nf -name second_try -resume /)
    expect(of(events, 'launch')).toMatchObject([{ project: 'main.nf', runName: 'second_try', revision: '6d5dc3b456' }])
    expect(of(events, 'session')).toMatchObject([{ sessionId: '67c41266-ac60-47b9-ad4a-24c13a275997' }])
    expect(of(events, 'build')).toMatchObject([
      { version: '25.04.8', build: '5956', processId: 16793, host: 'vm', utcOffsetMinutes: 0, zoneAbbreviation: 'UTC' },
    ])
    expect(of(events, 'work-dir')).toMatchObject([{ path: '/data/assembly/work' }])
    expect(of(events, 'trace-file')).toMatchObject([{ path: '/data/assembly/trace.run2.txt' }])
    expect(of(events, 'process-names')[0]?.names).toEqual(['POLISH', 'ASSEMBLE', 'COMPARE', 'CLEAN'])
    expect(of(events, 'scripts')[0]?.paths).toEqual(['/data/assembly/main.nf'])
    expect(of(events, 'stats')[0]?.counts).toMatchObject({ succeeded: 6, cached: 7, failed: 0 })
    expect(of(events, 'goodbye')).toHaveLength(1)
    expect(of(events, 'task').filter((task) => task.what === 'cached')).toHaveLength(7)
    expect(of(events, 'task-end').map((task) => task.fullHash)).toContain('9f5fc15898dee325855988e6b7d23f7d')
  })

  test.each([
    [['/p/./mods.nf', '/p/main.nf'], 'main.nf', '/p/main.nf'], // seen in 23.10: the included one first
    [['/p/mods.nf', '/p/flows/run.nf'], './flows/run.nf', '/p/flows/run.nf'],
    [['/a/modules/x/main.nf', '/a/workflows/rnaseq.nf', '/a/main.nf'], 'nf-core/rnaseq', '/a/main.nf'],
    [['/a/one.nf', '/a/two.nf'], 'nf-core/rnaseq', undefined],
    [['/a/one.nf', '/a/two.nf'], undefined, undefined],
    [['/a/one.nf'], undefined, '/a/one.nf'],
    [[], 'main.nf', undefined],
  ])('the script that was launched among %j, launched as %s, is %s', (paths, project, main) => {
    expect(findMainScript(paths, project)).toBe(main)
  })

  test('a failure, with its cause and work folder', async () => {
    const events = await eventsOf(readLog(await openFixture('25.04.8/resume'), '.nextflow.log.2'))
    expect(of(events, 'task-error')).toMatchObject([
      { name: 'ASSEMBLE (C)', cause: 'Process `ASSEMBLE (C)` terminated with an error exit status (3)', workDir: '/data/assembly/work/8b/036ab46396306145d960194113bf30' },
    ]) // prettier-ignore
    expect(of(events, 'cancelled')).toHaveLength(1)
  })

  test('retries and ignored failures', async () => {
    const events = await eventsOf(readLog(await openFixture('25.04.8/retry-ignore'), '.nextflow.log'))
    expect(of(events, 'note').map(({ hash, action, retry }) => [hash, action, retry])).toEqual([
      ['16/86e6e7', 'retried', 1],
      ['e3/02b2b6', 'retried', 1],
      ['e7/6b1eeb', 'ignored', undefined],
    ])
    expect(of(events, 'task').filter((task) => task.what === 'resubmitted')).toHaveLength(2)
  })

  test('the same, in the form of 2020', async () => {
    const events = await eventsOf(readLog(await openFixture('20.10.0/pileup'), '.nextflow.log.1'))
    expect(of(events, 'launch')).toMatchObject([{ runName: 'lone_chr', revision: '7d3d080b16' }])
    expect(of(events, 'trace-file')).toMatchObject([{ path: '/data/pileup/results/trace.txt' }])
    expect(of(events, 'note')).toHaveLength(1)
  })

  test('where remote inputs were staged, stored tasks, published files', async () => {
    const remote = await eventsOf(readLog(await openFixture('25.04.8/remote-inputs'), '.nextflow.log.1'))
    const again = await eventsOf(readLog(await openFixture('25.04.8/remote-inputs'), '.nextflow.log'))
    const pairs = (events: LogEvent[]): string[] =>
      of(events, 'foreign-file')
        .map(({ url, path }) => `${url} ${path}`)
        .sort()
    expect(pairs(remote)).toHaveLength(3)
    expect(pairs(again)).toEqual(pairs(remote))
    const stored = await eventsOf(readLog(await openFixture('25.04.8/comma-trace'), '.nextflow.log'))
    expect(of(stored, 'task').filter((task) => task.what === 'stored')).toMatchObject([{ name: 'DB_BUILD' }])
    expect(of(stored, 'published').map((file) => file.target)).toContain('/data/proteomics/results2/final/note.txt')
  })

  test('a run cut off has no end', async () => {
    const events = await eventsOf(readLog(await openFixture('25.04.8/killed'), '.nextflow.log'))
    expect(of(events, 'goodbye')).toEqual([])
    expect(of(events, 'task').filter((task) => task.what === 'submitted')).toHaveLength(12)
  })

  test('a machine in another zone, and the parameters that nf-core prints', async () => {
    const events = await eventsOf(readLog(await openFixture('24.04.3/public-project'), '.nextflow.log.9'))
    expect(of(events, 'build')).toMatchObject([{ utcOffsetMinutes: 420, zoneAbbreviation: 'ICST', host: 'dgx-a100' }])
    const [parameters] = of(events, 'parameters')
    expect(parameters?.values).toMatchObject({ max_cpus: '120', max_memory: '480.GB' })
    expect(parameters?.values).not.toHaveProperty('workDir')
  })
})

describe('lines of other runs', () => {
  test('names that hold the separators of the line', () => {
    expect(
      parseTaskHandler('Task completed > TaskHandler[jobId: 12_3; id: 8; name: P (a; status: x; b); status: COMPLETED; exit: 0; error: -; workDir: /w/ab/cdef12cdef12cdef12cdef12cdef12 started: 1764000000000; exited: 2026-11-24T07:20:58.1Z; ]'),
    ).toEqual({
      event: 'task-end', jobId: '12_3', taskId: '8', name: 'P (a; status: x; b)', status: 'COMPLETED', exit: 0,
      workDir: '/w/ab/cdef12cdef12cdef12cdef12cdef12', fullHash: 'abcdef12cdef12cdef12cdef12cdef12', startedMs: 1_764_000_000_000, exitedMs: Date.UTC(2026, 10, 24, 7, 20, 58, 100),
    }) // prettier-ignore
  })

  test('aborts, publish failures, older words, colours', async () => {
    const events = await readText(
      line('Session aborted -- Cause: SIGTERM'),
      line(
        'Failed to publish file: /w/a b.txt; to: /r/a b.txt [copy] -- See log file for details',
        'nextflow.processor.PublishDir',
        'WARN',
      ),
      line('Session uuid: 207cb2fb-b460-405c-809e-ba7427cecda2'),
      line('\u001B[1mN E X T F L O W\u001B[0m  ~  version 19.01.0', 'nextflow.cli.CmdRun', 'INFO'),
      line('Module compilation error\n- file : x', 'nextflow.cli.Launcher', 'ERROR'),
      line("[ab/cdef12] Submitted process > P (it's [odd]\nand long)"),
    )
    expect(events.map(({ kind: _k, line: _l, at: _a, ...fact }) => fact)).toEqual([
      { event: 'aborted', cause: 'SIGTERM' },
      { event: 'publish-failed', from: '/w/a b.txt', target: '/r/a b.txt', mode: 'copy' },
      { event: 'session', sessionId: '207cb2fb-b460-405c-809e-ba7427cecda2' },
      { event: 'version', version: '19.01.0' },
      { event: 'error', text: 'Module compilation error\n- file : x' },
      { event: 'task', what: 'submitted', hash: 'ab/cdef12', name: "P (it's [odd]\nand long)" },
    ])
  })

  test('months in other languages, and the year that fits', async () => {
    expect([findMonth('Mär'), findMonth('Dez.'), findMonth('févr.'), findMonth('Nov'), findMonth('xyz')]).toEqual([
      2,
      11,
      1,
      10,
      undefined,
    ])
    const [event] = await readText(line('Run name: a_b').replace('Nov-24', 'Dez.-31'))
    expect(new Date(toLogTime(event?.at ?? 0, Date.UTC(2026, 0, 2))).toISOString()).toBe('2025-12-31T07:20:58.144Z')
    expect(new Date(toLogTime(event?.at ?? 0, Date.UTC(2026, 11, 1))).toISOString()).toBe('2026-12-31T07:20:58.144Z')
  })

  test('hashes', () => {
    expect(['ab/cdef12', 'ab/cdef1', 'xb/cdef12', 'AB/CDEF12'].map(isShortHash)).toEqual([true, false, false, false])
    expect(hashOfWorkDir(`/w/ab/${'c'.repeat(30)}`)).toBe(`ab${'c'.repeat(30)}`)
    expect(hashOfWorkDir(`/w/xab/${'c'.repeat(30)}`)).toBeUndefined()
    expect(shortHash(`ab${'c'.repeat(30)}`)).toBe('ab/cccccc')
  })

  test('damaged bytes never stop the reader', async () => {
    const whole = fixtureBytes('25.04.8/retry-ignore', '.nextflow.log')
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length), fc.uint8Array({ maxLength: 60 }), async (at, bytes) => {
        const events = await eventsOf(
          readLog(
            memorySource(
              { l: Buffer.concat([whole.subarray(0, at), bytes, whole.subarray(at + bytes.length)]) },
              1 << 14,
            ),
            'l',
          ),
        )
        expect(events.length).toBeGreaterThan(50)
      }),
      { numRuns: 60 },
    )
  })
})

test('a line without end is a gap, and what stands before and behind it is read', async () => {
  const long = line(`x${'y'.repeat(9_000_000)}`)
  const text = [line('Session UUID: s-1'), long, line('Run name: a_b')].join('\n')
  const found: string[] = []
  for await (const event of readLog(memorySource({ l: text }, 1 << 20), 'l')) {
    found.push(event.kind === 'gap' ? `${event.code} ${event.place}` : event.event)
  }
  expect(found.sort()).toEqual(['log.cut-line l:2', 'run-name', 'session'])
})
