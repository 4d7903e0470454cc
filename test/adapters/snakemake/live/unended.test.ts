import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import snakemake from '../../../../adapters/snakemake/index.ts'
import { readFacts } from '../read-facts.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'snakemake-unended-'))
  await mkdir(join(folder, '.snakemake', 'stemma'), { recursive: true })
  await mkdir(join(folder, '.snakemake', 'log'))
})
afterEach(async () => rm(folder, { recursive: true, force: true }))

const NOW = Date.now()
const stemOf = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19).replaceAll(':', '')}.000001`
const gonePid = (): number => spawnSync(process.execPath, ['-e', '']).pid

/** Events of a run that has begun one job and said no more. */
async function spool(
  writer: { pid: number; host: string },
  more: readonly object[] = [],
  openedMs = NOW,
): Promise<void> {
  const events = [
    { event: 'opened', argv: ['snakemake', '--config', 'depth=9'], ...writer },
    { event: 'job_info', jobid: 1, rule_name: 'slow', input: ['in.txt'], output: ['out.txt'] },
    ...more,
  ]
  const lines = events.map((event, at) =>
    JSON.stringify({ v: 1, seq: at + 1, ts: openedMs / 1000, run: 'r', ...event }),
  )
  await writeFile(join(folder, '.snakemake', 'stemma', `${stemOf(openedMs)}.jsonl`), `${lines.join('\n')}\n`)
}

async function outcomes(): Promise<string[]> {
  const facts = await readFacts(snakemake, folder)
  return facts.flatMap((fact) => (fact.kind === 'run' ? `${fact.name} ${fact.outcome}` : []))
}

const LOG = (jobId: number): string => `[Tue Nov 24 07:28:40 2026]
rule slow:
    input: in.txt
    output: out.txt
    jobid: ${jobId}

`

describe('a run that has not said how it ended', () => {
  test('was killed when its process is gone', async () => {
    await spool({ pid: gonePid(), host: hostname() })
    expect(await outcomes()).toEqual(['Snakefile aborted', 'slow aborted'])
  })

  test('goes on while its process is there', async () => {
    await spool({ pid: process.pid, host: hostname() })
    expect(await outcomes()).toEqual(['Snakefile running', 'slow running'])
  })

  test('was killed when another process has its number now', async () => {
    await spool({ pid: process.pid, host: hostname() }, [], NOW - 24 * 3600_000)
    expect(await outcomes()).toEqual(['Snakefile aborted', 'slow aborted'])
  })

  test('is unknown when it ran on another machine', async () => {
    await spool({ pid: gonePid(), host: 'node99.cluster' })
    expect(await outcomes()).toEqual(['Snakefile unknown', 'slow unknown'])
  })

  test('is unknown when nothing but its log is there, whatever looked in afterwards', async () => {
    const logs = join(folder, '.snakemake', 'log')
    await writeFile(join(logs, '2026-11-24T072840.000001.snakemake.log'), LOG(1))
    await writeFile(join(logs, '2026-11-24T072850.000001.snakemake.log'), 'IncompleteFilesException:\nsee below\n')
    expect(await outcomes()).toEqual(['Snakefile unknown', 'slow unknown', 'Snakefile failed'])
  })

  test('is over when a later one ran jobs in the folder', async () => {
    const logs = join(folder, '.snakemake', 'log')
    await writeFile(join(logs, '2026-11-24T072840.000001.snakemake.log'), LOG(1))
    await writeFile(join(logs, '2026-11-24T072850.000001.snakemake.log'), LOG(1))
    expect(await outcomes()).toEqual(['Snakefile aborted', 'slow aborted', 'Snakefile unknown', 'slow unknown'])
  })
})

test('parameters without a name stand beside those that have one', async () => {
  const slots = { event: 'job_slots', jobid: 2, params: { name: 'n' }, unnamed_params: ['first', 2] }
  const info = { event: 'job_info', jobid: 2, rule_name: 'scr', output: ['scr.txt'] }
  await spool({ pid: gonePid(), host: hostname() }, [slots, info])
  const runs = (await readFacts(snakemake, folder)).filter((fact) => fact.kind === 'run')
  expect(runs.at(-1)).toMatchObject({ params: { name: 'n', params: ['first', 2] } })
})

test('before 9.22 only the live events tell the command line', async () => {
  await spool({ pid: gonePid(), host: hostname() }, [{ event: 'job_finished', job_id: 1 }, { event: 'closed' }])
  const [run] = (await readFacts(snakemake, folder)).filter((fact) => fact.kind === 'run')
  expect(run).toMatchObject({ params: { depth: '9' }, command: 'snakemake --config depth=9' })
})
