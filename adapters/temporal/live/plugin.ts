import { fileURLToPath } from 'node:url'
import type { ClientInterceptors, ClientOptions, ClientPlugin } from '@temporalio/client'
import type {
  BundleOptions,
  BundlerPlugin,
  ReplayWorkerOptions,
  Worker,
  WorkerOptions,
  WorkerPlugin,
} from '@temporalio/worker'
import { configureRecorder, flushRecorder } from '../../../core/adapter.ts'
import type { RecordOptions } from '../../../core/adapter.ts'
import { activityInterceptor } from './activity-interceptor.ts'
import { checkBundle } from './check-bundle.ts'
import { clientInterceptor } from './client-interceptor.ts'
import { activityClientInterceptor } from './parent-header.ts'
import { nexusInterceptor } from './nexus-interceptor.ts'
import { warnOnce } from './quietly.ts'
import { workflowSinks } from './workflow-sinks.ts'

export interface TemporalPluginOptions extends RecordOptions {
  /** Keep values of arguments and results (redacted); default: digest and size. */
  readonly values?: boolean
}

/** One object for worker, client, connections and bundler. */
export interface TemporalPlugin extends ClientPlugin, WorkerPlugin, BundlerPlugin {
  readonly name: string
  configureClient(options: ClientOptions): ClientOptions
  configureWorker(options: WorkerOptions): WorkerOptions
  configureReplayWorker(options: ReplayWorkerOptions): ReplayWorkerOptions
  configureBundler(options: BundleOptions): BundleOptions
  runWorker(worker: Worker, next: (worker: Worker) => Promise<void>): Promise<void>
}

/**
 * Records workflows and every attempt of every activity while they run. Interceptors of your own stay as they are; this
 * one comes after them and only observes.
 *
 * @example
 * const worker = await Worker.create({ workflowsPath, activities, taskQueue, plugins: [temporalPlugin()] })
 */
export function temporalPlugin(options: TemporalPluginOptions = {}): TemporalPlugin {
  const { values = false, ...recording } = options
  configureRecorder(recording)
  return {
    name: 'stemma',
    configureClient: (client) => withClient(client, values),
    configureWorker: (worker) => withWorker(worker, values, recording.strict ?? false),
    configureReplayWorker: (replay) => ({
      ...replay,
      interceptors: { ...replay.interceptors, workflowModules: modules(replay.interceptors?.workflowModules) },
      sinks: { ...replay.sinks, ...workflowSinks() },
    }),
    configureBundler: (bundle) => ({
      ...bundle,
      workflowInterceptorModules: modules(bundle.workflowInterceptorModules),
    }),
    async runWorker(worker, next) {
      try {
        await next(worker)
      } finally {
        await flushRecorder().catch((error: unknown) => {
          warnOnce(String(error))
        })
      }
    },
  }
}

/** Interceptors of ours: a plugin is handed over twice when connection and worker or client both name it. */
const ours = new WeakSet<object>()

/** The interceptors with ours behind them, unless it is among them already. */
function withOurs<T extends object>(before: readonly T[] | undefined, make: () => T): T[] {
  const list = before ?? []
  if (list.some((one) => ours.has(one))) return [...list]
  const own = make()
  ours.add(own)
  return [...list, own]
}

function withClient(client: ClientOptions, values: boolean): ClientOptions {
  return { ...client, interceptors: clientInterceptors(client.interceptors, client.namespace ?? 'default', values) }
}

function clientInterceptors(before: ClientInterceptors = {}, namespace: string, values: boolean): ClientInterceptors {
  const { workflow, activity } = before
  return {
    ...before,
    activity: withOurs(activity, activityClientInterceptor),
    // The deprecated form is an object of factories: it is left as it is, and starts are then not recorded.
    ...(workflow === undefined || Array.isArray(workflow)
      ? { workflow: withOurs(workflow, () => clientInterceptor(namespace, values)) }
      : {}),
  }
}

function withWorker(worker: WorkerOptions, values: boolean, strict: boolean): WorkerOptions {
  const before = worker.interceptors ?? {}
  checkBundle(worker.workflowBundle)
  const live = { values, strict, identity: worker.identity }
  const namespace = worker.namespace ?? 'default'
  return {
    ...worker,
    sinks: { ...worker.sinks, ...workflowSinks() },
    interceptors: {
      ...before,
      // The client that the worker hands to activities and nexus handlers.
      client: clientInterceptors(before.client, namespace, values),
      activity: withOurs(before.activity, () => activityInterceptor(live)),
      nexus: withOurs(before.nexus, () => nexusInterceptor(namespace)),
      // A bundle made beforehand holds its interceptors; naming them here as well is warned of by the SDK.
      ...(worker.workflowBundle === undefined ? { workflowModules: modules(before.workflowModules) } : {}),
    },
  }
}

/** By path: the bundler loads it with `require`, and TypeScript is compiled only when it is not in node_modules. */
function modules(before: readonly string[] | undefined): string[] {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const own = fileURLToPath(new URL(`../workflow-interceptors.${extension}`, import.meta.url))
  return [...new Set([...(before ?? []), own])]
}
