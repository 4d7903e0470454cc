import { isMainThread } from 'node:worker_threads'
import type { RunFact } from '../fact/fact.ts'
import type { Recorder } from './recorder.ts'
import type { Spool } from './spool.ts'

interface Ending {
  readonly recorder: Recorder
  readonly spool: Spool
  readonly options: { readonly deliver: boolean }
}

let watching = false
let lastError: RunFact['error']

/**
 * Sees to it that every run gets its outcome, however the process ends: by itself (then what was recorded is delivered),
 * by `process.exit`, by an error that nobody caught, or by a signal. Only SIGKILL and a power cut are left to the sweep.
 */
export function watchProcessEnd(current: () => Ending | undefined): void {
  if (watching) return
  watching = true
  process.on('exit', (code) => {
    finish(current(), 'aborted', lastError ?? { message: `the process ended with code ${code} before the run did` })
  })
  process.on('uncaughtExceptionMonitor', (error) => {
    lastError = { type: error.name, message: error.message }
  })
  process.on('beforeExit', () => {
    const ending = current()
    if (ending !== undefined) void deliver(ending)
  })
  // Signals reach the main thread only.
  if (isMainThread) for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) watchSignal(signal, current)
}

function watchSignal(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP', current: () => Ending | undefined): void {
  const onSignal = (): void => {
    // Somebody else decides what the signal means: runs end as they do, or `exit` finds them open.
    if (process.listenerCount(signal) > 1) return
    finish(current(), 'cancelled', { type: signal, message: `the process was stopped by ${signal}` })
    process.off(signal, onSignal)
    process.kill(process.pid, signal)
  }
  process.on(signal, onSignal)
}

function finish(ending: Ending | undefined, outcome: RunFact['outcome'], error: RunFact['error']): void {
  if (ending === undefined) return
  try {
    ending.recorder.flushNow(outcome, error)
    ending.spool.end()
  } catch (cause) {
    // The process is ending: nothing can be done but to say so. The sweep finds what is in the spool.
    process.emitWarning(`lineage of the last runs is lost: ${String(cause)}`, 'StemmaWarning')
  }
}

let delivered = false

/** Once: delivering is work, after which the process would end a second time. */
async function deliver(ending: Ending): Promise<void> {
  if (delivered) return
  delivered = true
  try {
    await ending.recorder.rotate()
    if (!ending.options.deliver) return
    const { deliverToProject } = await import('./deliver.ts')
    await deliverToProject(ending.spool.folder, process.cwd(), process.env.STEMMA_DATABASE)
  } catch (cause) {
    process.emitWarning(`lineage stays in the spool "${ending.spool.folder}": ${String(cause)}`, 'StemmaWarning')
  }
}
