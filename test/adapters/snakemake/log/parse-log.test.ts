import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Execution } from '../../../../adapters/snakemake/log/execution.ts'
import { LogParser } from '../../../../adapters/snakemake/log/parse-log.ts'
import { fixture } from '../read-facts.ts'

const STEM = '2026-11-24T071104.030110'
function parse(text: string): Execution {
  const parser = new LogParser(STEM)
  for (const line of text.split('\n')) parser.line(line)
  return parser.finish()
}
const statuses = (execution: Execution): string[] =>
  execution.jobs.map((job) => `${job.rule ?? '?'} ${job.jobId}#${job.attempt} ${job.status}`)

const T = '[Tue Nov 24 07:28:40 2026]'

describe('a log of Snakemake', () => {
  test('tries of one job are attempts', () => {
    const log = readFileSync(
      `${fixture('9.27.1/killed-and-resumed')}/.snakemake/log/2026-11-24T072840.379323.snakemake.log`,
      'utf8',
    )
    const execution = parse(log)
    expect(statuses(execution).filter((line) => line.startsWith('flaky 7'))).toEqual([
      'flaky 7#1 failed',
      'flaky 7#2 failed',
      'flaky 7#3 finished',
    ])
    expect(execution.jobs.find((job) => job.rule === 'broken')).toMatchObject({ exitCode: 7, status: 'failed' })
    expect(execution.closed).toBe(false)
    expect(execution.jobs.at(-1)).toMatchObject({ rule: 'slow', status: 'open' })
  })

  test('a run that could not go on has failed, though it names its log', () => {
    const end = 'Complete log: .snakemake/log/x.snakemake.log'
    const told =
      'BUG: Out of jobs ready to be started, but not all files built yet. Please check https://example.org/823.'
    expect(
      parse(`${T}\nrule a:\n    output: a\n    jobid: 1\n\n${told}\nRemaining jobs:\n - all: \n${end}`),
    ).toMatchObject({
      failed: true,
      closed: true,
    })
  })

  test('a job that failed on the check of its outputs has no error block', () => {
    const log = readFileSync(
      `${fixture('9.27.1/failed-checks')}/.snakemake/log/2026-11-24T071557.215112.snakemake.log`,
      'utf8',
    )
    expect(statuses(parse(log))).toEqual(
      expect.arrayContaining(['checksum 8#1 failed', 'empty 9#1 failed', 'final 1#1 finished']),
    )
  })

  test('a failure that 9.0 to 9.25 tell twice counts once', () => {
    const error = `${T}\nError in rule a:\n    message: None\n    jobid: 0\n    output: a.txt\n`
    const execution = parse(
      `${T}\nlocalrule a:\n    output: a.txt\n    jobid: 0\n${error}Exiting because a job execution failed.\n${error}`,
    )
    expect(statuses(execution)).toEqual(['a 0#1 failed'])
  })

  test('a message that looks like a block is a message', () => {
    const fake = `rule evil:\n    input: secret.txt\n    output: evil.txt\n    jobid: 9`
    const execution = parse(`${T}\nJob 3: hello\n${fake}\nReason: x\n${T}\nFinished jobid: 3 (Rule: good)\n`)
    expect(statuses(execution)).toEqual(['good 3#1 finished'])
    expect(execution.jobs).toMatchObject([{ message: 'hello', reason: 'x' }])
  })

  test('a block under a number that is taken is none', () => {
    const block = (rule: string): string => `${T}\nlocalrule ${rule}:\n    output: ${rule}.txt\n    jobid: 3\n`
    expect(statuses(parse(`${block('real')}${block('fake')}${T}\nFinished jobid: 3 (Rule: real)\n`))).toEqual([
      'real 3#1 finished',
    ])
  })

  test('a stop that somebody asked for', () => {
    const execution = parse(
      `${T}\nlocalrule a:\n    output: a.txt\n    jobid: 1\nTerminating processes on user request, this might take some time.\n`,
    )
    expect(execution.cancelled).toBe(true)
    expect(statuses(execution)).toEqual(['a 1#1 cancelled'])
  })

  test('--unlock leaves a log and is no execution', () => {
    expect(parse('Unlocked working directory.\n').notRun).toBe(true)
  })

  test('groups keep apart though they share a name, and external ids are theirs', () => {
    const log = readFileSync(
      `${fixture('9.27.1/groups-on-a-queue')}/.snakemake/log/2026-11-24T071512.015010.snakemake.log`,
      'utf8',
    )
    const { jobs } = parse(log)
    const prep = jobs.filter((job) => job.group?.name === 'prep')
    expect(new Set(prep.map((job) => job.group?.number)).size).toBe(2)
    expect(new Set(prep.map((job) => job.externalId))).toEqual(new Set(['q-101', 'q-102']))
    expect(jobs.find((job) => job.rule === 'note')?.group).toBeUndefined()
  })

  test('any text is read to its end', () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom(
        T,
        `    ${T}`,
        'rule a:',
        '    jobid: 1',
        '    output: a, b',
        'Job 1: x',
        'Finished job 1.',
        'Error in rule a:',
        'Reason: x',
        '    shell:',
        'Trying to restart job 1.',
        'Removing output files of failed job a since they might be corrupted:',
      ),
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), (lines) => {
        expect(() => parse(lines.join('\n'))).not.toThrow()
      }),
    )
  })
})
