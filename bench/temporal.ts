// What the plugin costs a worker that does some work: each activity reads a file of 256 KiB, sums it up, waits 50 ms as for a
// tool, and writes a file. Three workers on one real dev server, two of them without the plugin (A/A): rounds with the arms
// in rotating order, so that whatever else the machine does falls on all of them. A difference below the noise is none. A
// round ends when all that was recorded is on disk; it has enough activities for that to be a small part of it, as in a worker's life.
// The time of an attempt in the interceptor alone is measured beside it.
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, Connection } from '@temporalio/client'
import { bundleWorkflowCode, NativeConnection, Runtime, Worker } from '@temporalio/worker'
import { temporalPlugin } from '../adapters/temporal/index.ts'
import { activityInterceptor } from '../adapters/temporal/live/activity-interceptor.ts'
import { flushRecorder } from '../core/record/process-recorder.ts'
import { startTemporal, temporalProgram } from '../test/tools/temporal-server.ts'
import { median, report } from './measure.ts'

const FILES = 200
const FILE_BYTES = 256 * 1024
const TOOL_MS = 50
const WIDTH = 20
const ROUNDS = 12
const WARM_UPS = 1
const ATTEMPTS = 20_000
const workflowsPath = join(import.meta.dirname, '../fixtures/temporal/live/workflows.ts')
const ARMS = ['bare', 'bareAgain', 'plugin'] as const
type Arm = (typeof ARMS)[number]

const program = temporalProgram()
if (program === undefined) {
  process.stderr.write('bench temporal: no `temporal` program: run .ci/engines temporal\n')
  process.exit(process.env.CI === undefined ? 0 : 1)
}
const quiet = (): void => undefined
Runtime.install({ logger: { log: quiet, trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet } })
const folder = mkdtempSync(join(tmpdir(), 'bench-temporal-'))
const files = Array.from({ length: FILES }, (_, at) => join(folder, `reads-${at}.fq`))
for (const file of files) writeFileSync(file, randomBytes(FILE_BYTES))
const activities = {
  async checksum(path: string): Promise<string> {
    const sum = createHash('sha256').update(await readFile(path)).digest('hex') // prettier-ignore
    await sleep(TOOL_MS)
    await writeFile(`${path}.sum.txt`, sum)
    return `${path}.sum.txt`
  },
}
const server = await startTemporal(program)
const native = await NativeConnection.connect({ address: server.address })
const client = new Client({ connection: await Connection.connect({ address: server.address }) })
const plugin = temporalPlugin({ spool: join(folder, 'spool'), deliver: false })
const workers = await Promise.all(ARMS.map(async (arm) => {
  const plugins = arm === 'plugin' ? [plugin] : []
  const workflowBundle = await bundleWorkflowCode({ workflowsPath, plugins })
  return Worker.create({ connection: native, taskQueue: arm, workflowBundle, activities, plugins })
})) // prettier-ignore
const rounds: Record<Arm, { readonly ms: number; readonly cpuMs: number }[]> = { bare: [], bareAgain: [], plugin: [] }

let measuring: Promise<void> | undefined
/** Once for all workers, each of which runs until it is done. */
async function measureAll(): Promise<void> {
  measuring ??= (async () => {
    for (let round = -WARM_UPS; round < ROUNDS; round++) {
      for (let turn = 0; turn < ARMS.length; turn++) {
        const arm = ARMS[(round + WARM_UPS + turn) % ARMS.length] ?? 'bare'
        const took = await measure(arm, round)
        if (round >= 0) rounds[arm].push(took) // the first ones warm up
      }
    }
  })()
  return measuring
}

/** All files through one arm, until what was recorded is on disk. */
async function measure(arm: Arm, round: number): Promise<{ ms: number; cpuMs: number }> {
  const [began, cpu] = [performance.now(), process.cpuUsage()]
  await client.workflow.execute('checksums', { workflowId: `${arm}-${round}`, taskQueue: arm, args: [files, WIDTH] })
  await flushRecorder()
  const { user, system } = process.cpuUsage(cpu)
  return { ms: performance.now() - began, cpuMs: (user + system) / 1000 }
}
await Promise.all(workers.map(async (worker) => worker.runUntil(measureAll())))
await server.stop()

const middle = (arm: Arm, figure: 'ms' | 'cpuMs'): number => median(rounds[arm].map((round) => round[figure]))
const bareMs = middle('bare', 'ms')
const microseconds = await perAttempt()
report({
  bench: 'temporal.plugin',
  // Throughput with the plugin against without; both bare arms are one sample of the same thing.
  ratio: (bareMs + middle('bareAgain', 'ms')) / 2 / middle('plugin', 'ms'),
  target: 0.97,
  noise: Math.abs(middle('bareAgain', 'ms') / bareMs - 1),
  activitiesPerSecond: (FILES * 1000) / middle('plugin', 'ms'),
  barePerSecond: (FILES * 1000) / bareMs,
  rounds: ROUNDS,
  cpuRatio: (middle('bare', 'cpuMs') + middle('bareAgain', 'cpuMs')) / 2 / middle('plugin', 'cpuMs'),
  cpuNoise: Math.abs(middle('bareAgain', 'cpuMs') / middle('bare', 'cpuMs') - 1),
  cpuUsPerAttempt: microseconds,
})
rmSync(folder, { recursive: true })

async function perAttempt(): Promise<number> {
  const interceptor = activityInterceptor({ values: false, strict: false, identity: 'bench' })
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
