// What the plugin costs a worker: activities a second with it and without, in turns, on a real dev server. Two arms without
// it (A/A) show the noise: a difference below that is none. The cost of an attempt is measured by itself as well.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { NativeConnection, Runtime, Worker } from '@temporalio/worker'
import { temporalPlugin } from '../adapters/temporal/index.ts'
import { activityInterceptor } from '../adapters/temporal/live/activity-interceptor.ts'
import { flushRecorder } from '../core/record/process-recorder.ts'
import { startTemporal, temporalProgram } from '../test/tools/temporal-server.ts'
import { median, report } from './measure.ts'

const ACTIVITIES = 300
const ROUNDS = 5
const ATTEMPTS = 20_000
const workflowsPath = join(import.meta.dirname, '../fixtures/temporal/live/workflows.ts')

const program = temporalProgram()
if (program === undefined) {
  process.stderr.write('bench temporal: no `temporal` program: run .ci/engines temporal\n')
  process.exit(process.env.CI === undefined ? 0 : 1)
}
const quiet = (): void => undefined
Runtime.install({ logger: { log: quiet, trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet } })
const spool = mkdtempSync(join(tmpdir(), 'bench-temporal-'))
const server = await startTemporal(program)
const native = await NativeConnection.connect({ address: server.address })
const client = new Client({ connection: await Connection.connect({ address: server.address }) })
const plugin = temporalPlugin({ spool, deliver: false })
const arms = { bare: [], bareAgain: [], plugin: [plugin] }
const rates: Record<string, number[]> = {}

for (let round = 0; round <= ROUNDS; round++) {
  for (const [name, plugins] of Object.entries(arms)) {
    const taskQueue = `${name}-${round}`
    const activities = { nothing: async (at: number) => Promise.resolve(at) }
    const worker = await Worker.create({ connection: native, taskQueue, workflowsPath, activities, plugins })
    const took = await worker.runUntil(async () => {
      const began = performance.now()
      await client.workflow.execute('busy', { workflowId: taskQueue, taskQueue, args: [ACTIVITIES, 50] })
      return performance.now() - began
    })
    if (round > 0) (rates[name] ??= []).push((ACTIVITIES * 1000) / took) // the first round warms up
  }
}
const [bare, again, ours] = ['bare', 'bareAgain', 'plugin'].map((name) => median(rates[name] ?? []))
await flushRecorder()
await server.stop()

const interceptor = activityInterceptor({ values: false, strict: false, identity: 'bench' })
const microseconds = await perAttempt()
report({
  bench: 'temporal.plugin',
  ratio: (ours ?? 0) / (bare ?? 1),
  target: 0.97,
  noise: Math.abs((again ?? 0) / (bare ?? 1) - 1),
  activitiesPerSecond: ours,
  barePerSecond: bare,
  cpuUsPerAttempt: microseconds,
  // Of the time that one activity takes on this worker, the part that is ours.
  share: (microseconds / 1e6) * (bare ?? 0),
})
rmSync(spool, { recursive: true })

async function perAttempt(): Promise<number> {
  const info = {
    activityType: 'nothing',
    attempt: 1,
    isLocal: false,
    taskQueue: 'q',
    workflowType: 'busy',
    namespace: 'default',
  }
  const next = async (): Promise<unknown> => Promise.resolve('/data/out.bam')
  const began = process.cpuUsage()
  for (let at = 0; at < ATTEMPTS; at++) {
    const workflowExecution = { workflowId: 'w', runId: 'r' }
    const context = { info: { ...info, activityId: String(at), workflowExecution } }
    await interceptor(context as never).inbound?.execute?.({ args: ['/data/in.fq', at], headers: {} }, next)
    if (at % 500 === 499) await new Promise((resolve) => setImmediate(resolve))
  }
  await flushRecorder()
  const { user, system } = process.cpuUsage(began) // other processes do not count
  return (user + system) / ATTEMPTS
}
