import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { openDatabase } from '../../../core/db/open-database.ts'
import { deliverSpool } from '../../../core/record/deliver.ts'
import { ended, lastRuns, makeScratch, runScript, spooled, startScript } from './record-script.ts'

const HEAD = `
import { tracked } from 'RECORD/tracked.ts'
import { run, step } from 'RECORD/script.ts'
const wait = tracked(async function wait() { await new Promise((r) => setTimeout(r, 60_000)) })
`
const outcomes = (runs: ReturnType<typeof lastRuns>): Record<string, string> =>
  Object.fromEntries(runs.map(({ name, outcome }) => [name, outcome]))

describe('every run has an outcome', () => {
  test('when the process ends by itself, what it recorded is delivered', async () => {
    const scratch = makeScratch(`${HEAD}
      await run('whole', () => step('part', async () => 1))`)
    const done = runScript(scratch, { STEMMA_DATABASE: `file:${join(scratch.folder, 'stemma.db')}` })
    expect([done.status, done.stderr]).toEqual([0, ''])
    expect(spooled(scratch)).toEqual([])
    const database = await openDatabase(`file:${join(scratch.folder, 'stemma.db')}`, { create: false })
    const rows = await database.sql.all('SELECT name, outcome FROM run ORDER BY name', [])
    await database.close()
    expect(rows.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['part', 'succeeded'],
      ['whole', 'succeeded'],
    ])
  }, 60_000)

  test('without a database it stays in the spool', () => {
    const scratch = makeScratch(`${HEAD} await step('alone', async () => 1)`)
    expect(runScript(scratch).status).toBe(0)
    expect(outcomes(lastRuns(spooled(scratch)))).toEqual({ alone: 'succeeded' })
  })

  test('process.exit in the middle', () => {
    const scratch = makeScratch(`${HEAD} void wait(); process.exit(3)`)
    expect(runScript(scratch).status).toBe(3)
    const [run] = lastRuns(spooled(scratch))
    expect(run).toMatchObject({ outcome: 'aborted', error: { message: expect.stringMatching(/code 3/) } })
  })

  test('an error that nobody caught', () => {
    const scratch = makeScratch(`${HEAD} void wait(); setTimeout(() => { throw new TypeError('lost') }, 10)`)
    expect(runScript(scratch).status).not.toBe(0)
    const [run] = lastRuns(spooled(scratch))
    expect(run).toMatchObject({ outcome: 'aborted', error: { type: 'TypeError', message: 'lost' } })
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('%s, and the process still dies of it', async (signal) => {
    const scratch = makeScratch(`${HEAD} void wait(); console.log('ready')`)
    const child = await startScript(scratch)
    child.kill(signal)
    expect(await ended(child)).toEqual({ code: null, signal })
    expect(outcomes(lastRuns(spooled(scratch)))).toEqual({ wait: 'cancelled' })
  })

  test('kill -9: the sweep finds what was running', async () => {
    const scratch = makeScratch(`${HEAD} void wait(); setTimeout(() => console.log('ready'), 400)`)
    const child = await startScript(scratch)
    child.kill('SIGKILL')
    await ended(child)
    expect(outcomes(lastRuns(spooled(scratch)))).toEqual({ wait: 'running' })
    const url = `file:${join(scratch.folder, 'stemma.db')}`
    const database = await openDatabase(url, { create: true })
    const first = await deliverSpool(database, scratch.spool)
    const rows = await database.sql.all('SELECT outcome FROM run', [])
    const again = await deliverSpool(database, scratch.spool)
    await database.close()
    expect(first.segments).toBe(1)
    expect(rows.map(({ outcome }) => outcome)).toEqual(['aborted'])
    expect(again.segments).toBe(0)
    expect(existsSync(scratch.spool) ? readdirSync(scratch.spool) : []).toEqual([])
    rmSync(scratch.folder, { recursive: true })
  })

  test('a child process and a worker thread record under the step that started them', () => {
    const scratch = makeScratch(`${HEAD}
      import { spawnSync } from 'node:child_process'
      import { Worker, isMainThread, workerData } from 'node:worker_threads'
      import { carry, carryEnv, continueIn } from 'RECORD/carry.ts'
      const far = tracked(function far(_where: string) {})
      if (process.env.CHILD) far('process')
      else if (!isMainThread) continueIn(workerData.carried, () => far('thread'))
      else await run('top', async () => {
        spawnSync(process.execPath, [...process.execArgv, process.argv[1]], { env: { ...process.env, ...carryEnv(), CHILD: '1' }, stdio: 'inherit' })
        await new Promise((done) => new Worker("import('TSX').then(({ register }) => { register(); return import(require('node:worker_threads').workerData.script) })", { eval: true, workerData: { script: process.argv[1], carried: carry() } }).once('exit', done))
      })`)
    const done = runScript(scratch)
    expect(done.stderr).toBe('')
    const runs = lastRuns(spooled(scratch))
    const top = runs.find(({ name }) => name === 'top')
    const far = runs.filter(({ name }) => name === 'far')
    expect(far.map(({ params }) => params?._where).sort()).toEqual(['process', 'thread'])
    expect(far.map(({ parent }) => parent)).toEqual([top?.uid, top?.uid])
  })
})
