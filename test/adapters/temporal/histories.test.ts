import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { isStemmaError } from '../../../core/errors.ts'
import { filesOf, fixtures, readFixture, runNamed, runsOf } from './read-facts.ts'

const lines = async (path: string): Promise<string> => JSON.stringify(await readFixture(path))

describe('encodings', () => {
  test('every form of a history gives the same facts', async () => {
    const names = await readdir(join(fixtures, 'encodings/source'))
    const wanted = await lines('encodings/source/cli-show.json')
    const histories = names.filter((name) => !['cli-show.txt', 'cli-describe.json'].includes(name))
    expect(histories.length).toBe(21)
    for (const name of histories) expect([name, await lines(`encodings/source/${name}`)]).toEqual([name, wanted])
  })

  test.each(['cli-show.txt', 'cli-describe.json'])('%s holds no events and is refused', async (name) => {
    const refusal = await readFixture(`encodings/source/${name}`).catch((error: unknown) => error)
    if (!isStemmaError(refusal)) throw new Error('not refused')
    expect(refusal.code).toBe('source.not-recognised')
    expect(refusal.advice).toMatch(/workflow show/)
  })

  test('in a folder, other files are told and passed over', async () => {
    const facts = await readFixture('encodings/source')
    expect(facts.filter((fact) => fact.kind === 'gap').map(({ code, place }) => [code, place])).toEqual([
      ['temporal.not-a-history', 'cli-describe.json'],
    ])
    // 21 files hold one history: it is read once.
    expect(runsOf(facts).filter(({ parent }) => parent === undefined)).toHaveLength(1)
  })

  test('a long history in gzip is read whole', async () => {
    const facts = await readFixture('long/source')
    expect(runsOf(facts)).toHaveLength(3501)
  })
})

describe('activities', () => {
  test('the closing attempt is the run; what the attempt before died of stands with it', async () => {
    const facts = await readFixture('encodings/source/cli-show.json')
    const run = runNamed(facts, 'downloadReference (1)')
    expect(run).toMatchObject({ attempt: 3, outcome: 'succeeded', host: 'worker-a@node-1' })
    expect(run.key).toMatch(/^default\/retries-1\/[^/]+\/activity\/1\/3$/)
    expect(run.labels?.lastFailure).toEqual({ type: 'Error', message: 'checksum mismatch' })
    expect(runNamed(facts, 'alwaysBroken (2)').error).toMatchObject({ type: 'CorruptFile' })
  })

  test('a place to write to is written, not read', async () => {
    const facts = await readFixture('encodings/source/cli-show.json')
    const run = runNamed(facts, 'downloadReference (1)')
    expect(filesOf(facts, run, 'consumed')).toEqual(['genome.fa.gz'])
    expect(filesOf(facts, run, 'produced')).toEqual(['genome.fa'])
  })

  test('a reference handed on unchanged is read only; one with another digest was written in place', async () => {
    const facts = await readFixture('chain/source')
    expect(filesOf(facts, runNamed(facts, 'validateRef (3)'), 'produced')).toEqual([])
    const sorted = runNamed(facts, 'sortInPlace (4)')
    expect(filesOf(facts, sorted, 'consumed')).toEqual(filesOf(facts, sorted, 'produced'))
  })

  test('an activity that nobody took is no run, and its workflow says so', async () => {
    const facts = await readFixture('timeouts/source')
    expect(runsOf(facts).map(({ name }) => name)).not.toContain('trimReads (3)')
    expect(runNamed(facts, 'stalls').labels?.neverStarted).toEqual([
      { activityId: '3', activityType: 'trimReads', why: 'schedule_to_start' },
    ])
  })

  test('one that still ran when the workflow was closed has no outcome', async () => {
    const facts = await readFixture('terminate/source')
    expect(runNamed(facts, 'hang (2)').outcome).toBe('unknown')
    expect(runNamed(facts, 'endless')).toMatchObject({ outcome: 'aborted', error: { type: 'TERMINATED' } })
    expect(runNamed(facts, 'tooLong')).toMatchObject({ outcome: 'failed', error: { type: 'TIMEOUT_RUN' } })
  })

  test('local activities: retries by timer are attempts with ids of their own', async () => {
    const facts = await readFixture('local-activities/source')
    const tries = runsOf(facts).filter(({ labels }) => labels?.scheduledAt === '2026-11-24T07:36:28.619Z')
    expect(tries.map(({ name, attempt, outcome }) => [name, attempt, outcome])).toEqual([
      ['lockTouch (4)', 1, 'failed'],
      ['lockTouch (5)', 2, 'failed'],
      ['lockTouch (6)', 3, 'succeeded'],
    ])
    // A result that only repeats what the workflow knew already wrote nothing.
    expect(filesOf(facts, runNamed(facts, 'quickStat (1)'), 'produced')).toEqual([])
  })

  test('Go numbers local activities apart: equal ids are different runs', async () => {
    const facts = await readFixture('other-sdks/source')
    expect(runNamed(facts, 'Stat (1)').key).toMatch(/\/activity\/1\/1\/local$/)
    expect(new Set(runsOf(facts).map(({ uid }) => uid)).size).toBe(runsOf(facts).length)
  })

  test('standalone activities come from their descriptions', async () => {
    const facts = await readFixture('standalone/source')
    const run = runNamed(facts, 'downloadReference (sa-flaky-1)')
    expect(run).toMatchObject({ attempt: 3, outcome: 'succeeded', labels: { standalone: true } })
    expect(run.parent).toBeUndefined()
    expect(filesOf(facts, run, 'produced')).toEqual(['dl.fa'])
  })
})

describe('workflows', () => {
  test('children, also those that continued as new, are below their parent', async () => {
    const facts = await readFixture('children/source')
    const parent = runNamed(facts, 'flowcell')
    const rolling = runsOf(facts).filter(({ name, evidence }) => name === 'rollingChild' && evidence === undefined)
    expect(rolling.map(({ parent }) => parent)).toEqual([parent.uid, parent.uid, parent.uid])
    expect(rolling.map(({ labels }) => labels?.initiator ?? null).sort()).toEqual(['WORKFLOW', 'WORKFLOW', null])
  })

  test('what a reset run repeats of its base is not told twice', async () => {
    const facts = await readFixture('reset/source')
    const names = runsOf(facts).map(({ name }) => name)
    expect(names.filter((name) => name === 'trimReads (1)')).toHaveLength(1)
    expect(names.filter((name) => name === 'alignReads (2)')).toHaveLength(2)
    const reset = runsOf(facts).find(({ labels }) => labels?.resetOf !== undefined)
    expect(reset?.labels).toMatchObject({ resetAtEvent: 10, signals: [{ name: 'approve' }] })
  })

  test('a nexus handler gives its own namespace away', async () => {
    const facts = await readFixture('nexus/source')
    expect(runNamed(facts, 'alignService').key).toMatch(/^other\/align-service-695dfcae\//)
    const operations = runNamed(facts, 'outsourced').labels?.nexusOperations
    expect(operations).toMatchObject([
      { name: 'aligner.quote', outcome: 'succeeded' },
      { name: 'aligner.align', outcome: 'succeeded', to: expect.stringMatching(/^aligner-endpoint: other\/align-/) },
      { name: 'aligner.refuse', outcome: 'failed' },
    ])
  })

  test('signals and updates are kept with the run, not made into runs', async () => {
    const facts = await readFixture('messages/source')
    const run = runsOf(facts).find(({ key }) => key.includes('messages-1'))
    const names = [run?.labels?.signals, run?.labels?.updates].map((list) => JSON.stringify(list))
    expect(names[0]).toMatch(/nobodyListens/)
    expect(names[1]).toMatch(/recall recall-1/)
  })

  test('causes of a failure are told in order', async () => {
    const facts = await readFixture('failure/source')
    expect(runNamed(facts, 'doomed').error?.message).toMatch(/^no usable reads.*caused by: .*bad magic$/)
  })
})

describe('payloads', () => {
  test('values are kept by digest and size, unless they are asked for', async () => {
    const plain = runNamed(await readFixture('chain/source'), 'callVariants (5)')
    expect(JSON.stringify(plain.params)).not.toMatch(/minQual/)
    expect(plain.params).toMatchObject({ args: [{ sizeBytes: expect.any(Number) }, { sha256: expect.any(String) }] })
    const asked = runNamed(await readFixture('chain/source', { values: true }), 'callVariants (5)')
    expect(asked.params).toMatchObject({ args: [expect.anything(), { minQual: 20 }] })
  })

  test('secrets are in no fact: argument, repeated in a failure, signed link, memo', async () => {
    expect(JSON.stringify(await readFixture('secrets/source'))).not.toMatch(/SENTINEL/)
  })

  test('a sealed payload stays opaque, and the structure is there', async () => {
    const facts = await readFixture('encrypted/source')
    expect(runsOf(facts)).toHaveLength(7)
    expect(facts.some(({ kind }) => kind === 'artifact')).toBe(false)
    expect(runNamed(facts, 'trimReads (1)').params).toMatchObject({ args: [{ encoding: 'binary/encrypted' }] })
  })
})
