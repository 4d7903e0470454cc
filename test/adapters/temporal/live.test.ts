import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openDatabase } from '../../../core/db/open-database.ts'
import { deliverSpool } from '../../../core/record/deliver.ts'
import type { Fact, RunFact } from '../../../core/fact/fact.ts'
import { lastRuns, spooled } from '../../core/record/record-script.ts'
import { startTemporal, requireTemporal } from '../../tools/temporal-server.ts'
import type { TemporalServer } from '../../tools/temporal-server.ts'

const root = join(import.meta.dirname, '../../..')
const tsx = join(root, 'node_modules/.bin/tsx')
const program = requireTemporal()
let server: TemporalServer | undefined
let folder = ''
let output = ''
let facts: Fact[] = []

function stemma(args: readonly string[], database: string): string {
  const env = { ...process.env, STEMMA_DATABASE: database, NO_COLOR: '1' }
  return execFileSync(tsx, [join(root, 'bin.ts'), ...args], { cwd: folder, env, encoding: 'utf8' })
}
const runs = (): RunFact[] => lastRuns(facts)
const named = (name: string): RunFact[] => runs().filter((run) => run.name === name)

const describeLive = program === undefined ? describe.skip : describe
describeLive('on a real server', () => {
  beforeAll(async () => {
    server = await startTemporal(program ?? '')
    folder = mkdtempSync(join(tmpdir(), 'temporal-live-'))
    mkdirSync(join(folder, '.stemma'))
    const env = { ...process.env, TEMPORAL_ADDRESS: server.address }
    const endpoint = ['--name', 'lab-endpoint', '--target-namespace', 'other', '--target-task-queue', 'lab']
    const nexus = ['operator', 'nexus', 'endpoint', 'create', ...endpoint, '--address', server.address]
    execFileSync(server.program, nexus, { stdio: 'ignore' })
    const script = join(import.meta.dirname, 'live-scenario.ts')
    const done = spawnSync(tsx, [script], { cwd: folder, env, encoding: 'utf8', timeout: 200_000 })
    if (done.status !== 0) throw new Error(`the scenario failed: ${done.stderr.slice(-4000)}`)
    output = done.stdout
    // Out of the way of the command line, which would take it into the first database that it opens.
    renameSync(join(folder, '.stemma/spool'), join(folder, 'recorded'))
    facts = spooled({ folder, spool: join(folder, 'recorded') })
    saveHistories(server, join(folder, 'histories'))
  }, 300_000)
  afterAll(async () => server?.stop())

  test('every attempt is a run of its own, with its outcome', () => {
    expect(named('flaky (3)').map(({ attempt, outcome }) => [attempt, outcome])).toEqual([
      [1, 'failed'],
      [2, 'failed'],
      [3, 'succeeded'],
    ])
    expect(named('broken (4)').map(({ error }) => error?.message)).toEqual(['never', 'never', 'never'])
  })

  test('what a recorded step starts belongs to it, and so on down to calls inside activities', () => {
    const [submit] = named('submit')
    const [pipeline] = named('pipeline')
    const [stat] = named('stat (2)')
    const [measure] = named('measure')
    // The client says who started it, the worker how it ended: the database puts both together.
    const parents = facts.flatMap((fact) => (fact.kind === 'run' && fact.uid === pipeline?.uid ? [fact.parent] : []))
    expect(parents).toContain(submit?.uid)
    expect([stat?.parent, measure?.parent]).toEqual([pipeline?.uid, stat?.uid])
    expect(stat).toMatchObject({ labels: { local: true }, host: 'worker-live' })
    expect(named('rolling').map(({ parent }) => parent)).toEqual([pipeline?.uid, pipeline?.uid])
  })

  test('a nexus operation belongs to the workflow that calls it, and what it starts belongs to it', () => {
    const [caller] = named('outsourced')
    const operations = ['lab.price', 'lab.assemble', 'lab.deny'].map((name) => named(name)[0])
    expect(operations.map((run) => run?.parent)).toEqual([caller?.uid, caller?.uid, caller?.uid])
    expect(operations.map((run) => run?.outcome)).toEqual(['succeeded', 'succeeded', 'failed'])
    const parents = facts.flatMap((fact) => (fact.kind === 'run' && fact.name === 'assembling' ? [fact.parent] : []))
    expect(parents).toContain(operations[1]?.uid)
    expect(named('assembling')[0]?.key).toMatch(/^other\//)
  })

  test('every attempt of an activity without a workflow belongs to the step that started it', () => {
    const [submit] = named('submit alone')
    const attempts = named('flaky (live-alone)')
    expect(attempts.map(({ attempt, outcome, parent }) => [attempt, outcome, parent])).toEqual([
      [1, 'failed', submit?.uid],
      [2, 'failed', submit?.uid],
      [3, 'succeeded', submit?.uid],
    ])
  })

  test('errors do not repeat the secrets of arguments that are kept by digest only', () => {
    expect(named('leaky')[0]?.error?.message).toBe('refused with [redacted]')
    expect(named('secretive (live-secret)')[0]?.error?.message).toBe('401 for [redacted]')
    expect(JSON.stringify(facts)).not.toMatch(/SENTINEL/)
  })

  test('workflows end as they did', () => {
    const outcomes = ['pipeline', 'doomed', 'waiting'].map((name) => named(name)[0]?.outcome)
    expect(outcomes).toEqual(['succeeded', 'failed', 'cancelled'])
  })

  test('files in arguments and results, and declared ones, are there with their digests', () => {
    const made = facts.filter((fact) => fact.kind === 'artifact' && fact.digests !== undefined)
    const names = made.map((fact) => (fact.kind === 'artifact' ? fact.uri.split('/').at(-1) : ''))
    expect(names).toEqual(expect.arrayContaining(['s1.t.fq', 's1.t.fq.flag']))
  })

  test("the user's interceptors go on working; a bundle without the plugin is told", () => {
    expect(output).toMatch(/SEEN \["trim 1","stat 1","flaky 1","flaky 2","flaky 3"/)
    expect(output.match(/WARNED the workflow bundle was made without/g)).toHaveLength(1)
    expect(runs().some(({ key }) => key.includes('/bundle-with/'))).toBe(true)
  })

  test('live then import, and import then live, are the same graph', async () => {
    const exports: string[] = []
    for (const order of ['live first', 'import first']) {
      const url = `file:${join(folder, `${order.replace(' ', '-')}.db`)}`
      const spool = join(folder, `spool ${order}`)
      cpSync(join(folder, 'recorded'), spool, { recursive: true })
      const deliver = async (): Promise<void> => {
        const database = await openDatabase(url, { create: true })
        await deliverSpool(database, spool)
        await database.close()
      }
      if (order === 'live first') await deliver()
      stemma(['import', 'temporal', 'histories', '--hash', 'none'], url)
      if (order === 'import first') await deliver()
      exports.push(stemma(['export', '--format', 'ndjson'], url))
    }
    expect(exports[0]).toBe(exports[1])
    expect(exports[0]?.length).toBeGreaterThan(1000)
  }, 120_000)

  test('a server is imported execution by execution, and not again what is known', () => {
    const url = `file:${join(folder, 'server.db')}`
    const place = `temporal://${server?.address ?? ''}`
    expect(stemma(['import', 'temporal', place, '--query', 'WorkflowType = "doomed"'], url)).toMatch(/3 executions/)
    expect(stemma(['import', 'temporal', place], url)).toMatch(/4 executions/) // those that nobody started
    expect(stemma(['import', 'temporal', place], url)).toMatch(/nothing changed/i)
    expect(stemma(['runs', '--json'], url)).toMatch(/flaky \(3\)/)
  }, 120_000)

  test('an import that was killed in the middle of an execution goes on where it was, to the same graph', () => {
    const [killed, whole] = ['killed', 'whole'].map((name) => `file:${join(folder, `${name}.db`)}`)
    const place = `temporal://${server?.address ?? ''}`
    const script = join(import.meta.dirname, 'killed-import.ts')
    const done = spawnSync(tsx, [script, killed ?? '', place], { cwd: folder, encoding: 'utf8' })
    expect(['SIGKILL', 128 + 9]).toContain(done.signal ?? done.status) // tsx gives the signal as a status
    const counted = (text: string): number => Number(/(\d+) executions/.exec(text)?.[1])
    const all = counted(stemma(['import', 'temporal', place], whole ?? ''))
    expect(counted(stemma(['import', 'temporal', place], killed ?? ''))).toBe(all - 3)
    const exported = (url = ''): string => stemma(['export', '--format', 'ndjson'], url)
    expect(exported(killed)).toBe(exported(whole))
  }, 120_000)
})

/** As a user would: every execution by `temporal workflow show`. */
function saveHistories({ address, program }: TemporalServer, to: string): void {
  mkdirSync(to)
  const call = (args: readonly string[]): string =>
    execFileSync(program, [...args, '--address', address, '--output', 'json'], { encoding: 'utf8', maxBuffer: 1 << 28 })
  const listed: unknown = JSON.parse(call(['workflow', 'list']))
  if (!Array.isArray(listed)) throw new Error('the list is no list')
  for (const { execution } of listed as { execution: { workflowId: string; runId: string } }[]) {
    const { workflowId, runId } = execution
    const history = call(['workflow', 'show', '--workflow-id', workflowId, '--run-id', runId])
    writeFileSync(join(to, `${runId}.json`), history)
  }
  if (readdirSync(to).length === 0) throw new Error('no histories')
}
