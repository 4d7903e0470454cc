// Run by live.test.ts in a process of its own: a worker and a client with the plugin, against the server at TEMPORAL_ADDRESS.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ApplicationFailure, Context } from '@temporalio/activity'
import { Client, Connection } from '@temporalio/client'
import * as temporalNexus from '@temporalio/nexus'
import { NativeConnection, Runtime, Worker, bundleWorkflowCode } from '@temporalio/worker'
import type { ActivityInterceptorsFactory } from '@temporalio/worker'
import * as nexus from 'nexus-rpc'
import { temporalPlugin } from '../../../adapters/temporal/index.ts'
import { output } from '../../../core/record/declare.ts'
import { run } from '../../../core/record/script.ts'
import { tracked } from '../../../core/record/tracked.ts'
import { assembling, lab } from '../../../fixtures/temporal/live/workflows.ts'

const address = process.env.TEMPORAL_ADDRESS ?? ''
const folder = process.cwd()
const workflowsPath = join(import.meta.dirname, '../../../fixtures/temporal/live/workflows.ts')

const measure = tracked(function measure(path: string): number {
  return readFileSync(path).length
})
const activities = {
  async trim(path: string): Promise<string> {
    const trimmed = path.replace(/\.fq$/, '.t.fq')
    writeFileSync(trimmed, `${readFileSync(path, 'utf8')}!`)
    return Promise.resolve(trimmed)
  },
  async stat(path: string): Promise<{ path: string; bytes: number }> {
    return Promise.resolve({ path, bytes: measure(path) })
  },
  async flaky(path: string): Promise<string> {
    if (Context.current().info.attempt < 3) throw new Error('not yet')
    writeFileSync(output(`${path}.flag`), 'done')
    return Promise.resolve('flagged')
  },
  async secretive(order: { apiToken: string }): Promise<void> {
    await Promise.resolve()
    throw ApplicationFailure.nonRetryable(`401 for ${order.apiToken}`)
  },
  async broken(): Promise<void> {
    await Promise.resolve()
    throw new RangeError('never')
  },
}

/** An interceptor of the user's own, which must go on working beside the plugin's. */
const seen: string[] = []
const own: ActivityInterceptorsFactory = ({ info }) => ({
  inbound: {
    async execute(input, next) {
      seen.push(`${info.activityType} ${info.attempt}`)
      return next(input)
    },
  },
})

const quiet = (): void => undefined
const logger = { log: quiet, trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet }
Runtime.install({ logger })
const plugin = temporalPlugin({ deliver: false })
const native = await NativeConnection.connect({ address, plugins: [plugin] })
const client = new Client({ connection: await Connection.connect({ address, plugins: [plugin] }) })
const taskQueue = 'live'
// Named twice, by the connection and here: an attempt is still recorded once.
const worker = await Worker.create({
  connection: native,
  plugins: [plugin],
  taskQueue,
  workflowsPath,
  activities,
  identity: 'worker-live',
  interceptors: { activity: [own] },
})
const assemble = new temporalNexus.WorkflowRunOperationHandler<{ reads: string }, string>(async (context, order) =>
  temporalNexus.startWorkflow(context, assembling, { workflowId: `lab-${context.requestId}`, args: [order] }),
)
const handler = nexus.serviceHandler(lab, {
  price: async (_context, { reads }) => Promise.resolve(reads.length),
  assemble,
  deny: async () => Promise.reject(new nexus.OperationError('failed', 'denied')),
})
const labWorker = await Worker.create({
  connection: native,
  namespace: 'other',
  taskQueue: 'lab',
  workflowsPath,
  activities,
  nexusServices: [handler],
})
writeFileSync(join(folder, 's1.fq'), 'reads')
writeFileSync(join(folder, 's2.fq'), 'reads')
await worker.runUntil(async () => {
  await run('submit', async (): Promise<unknown> =>
    client.workflow.execute('pipeline', { taskQueue, workflowId: 'live-pipeline', args: [join(folder, 's1.fq')] }),
  )
  await client.workflow.execute('doomed', { taskQueue, workflowId: 'live-doomed' }).catch(() => undefined)
  const secret = { apiToken: 'SENTINEL_SECRET_LIVE' }
  await client.workflow.execute('leaky', { taskQueue, workflowId: 'live-leaky', args: [secret] }).catch(() => undefined)
  const alone = {
    taskQueue,
    startToCloseTimeout: '10s',
    retry: { initialInterval: '100ms', maximumAttempts: 3 },
  } as const
  await run('submit alone', async (): Promise<unknown> =>
    client.activity.execute('flaky', { ...alone, id: 'live-alone', args: [join(folder, 's2.fq')] }),
  )
  await client.activity.execute('secretive', { ...alone, id: 'live-secret', args: [secret] }).catch(() => undefined)
  await labWorker.runUntil(async (): Promise<unknown> =>
    client.workflow.execute('outsourced', { taskQueue, workflowId: 'live-nexus', args: [join(folder, 's2.fq')] }),
  )
  const waiting = await client.workflow.start('waiting', { taskQueue, workflowId: 'live-waiting' })
  await waiting.cancel()
  await waiting.result().catch(() => undefined)
})

// A bundle that was made without the plugin, then one with it: only the first is warned of.
process.on('warning', ({ message }) => { process.stdout.write(`WARNED ${message}\n`) }) // prettier-ignore
for (const [name, plugins] of Object.entries({ without: [], with: [plugin] })) {
  const workflowBundle = await bundleWorkflowCode({ workflowsPath, plugins })
  const bundled = await Worker.create({ connection: native, taskQueue: `bundle-${name}`, workflowBundle, activities })
  await bundled.runUntil(async (): Promise<unknown> => client.workflow.execute('doomed', { taskQueue: `bundle-${name}`, workflowId: `bundle-${name}` }).catch(() => undefined))
} // prettier-ignore
process.stdout.write(`SEEN ${JSON.stringify(seen)}\n`)
await native.close()
