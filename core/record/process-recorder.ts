import { randomBytes } from 'node:crypto'
import { threadId } from 'node:worker_threads'
import type { Json } from './canonical.ts'
import { takeOver } from './carry.ts'
import { describeEnvironment } from './code-identity.ts'
import { watchProcessEnd } from './process-end.ts'
import type { RecordHash } from './hash-artifacts.ts'
import { Recorder } from './recorder.ts'
import { Spool, spoolFolder } from './spool.ts'

export interface RecordOptions {
  /** Where facts wait for a database; default: `STEMMA_SPOOL`, else `.stemma/spool` here or upward. */
  readonly spool?: string
  /** `small` (default) hashes files up to 64 MiB, aside from the work. */
  readonly hash?: RecordHash
  /** Paths in arguments and results become inputs and outputs where files are there. Default `true`. */
  readonly detect?: boolean
  /** A failure to record fails the work. Default `false`. */
  readonly strict?: boolean
  /** When the process ends by itself, hand what was recorded to the configured database, if there is one. Default `true`. */
  readonly deliver?: boolean
}

/** The recorder of this process (of this worker thread), made when something is first recorded. */
export interface ProcessRecorder {
  readonly recorder: Recorder
  readonly spool: Spool
  /** Names this process among all: the first part of its runs' keys. */
  readonly processUid: string
  readonly options: Required<Omit<RecordOptions, 'spool'>>
  readonly environment: Readonly<Record<string, Json>>
  calls: number
}

let current: ProcessRecorder | undefined
let chosen: RecordOptions = {}

/** Sets how this process records; before the first call that is recorded, or after `closeRecorder()`. */
export function configureRecorder(options: RecordOptions): void {
  chosen = { ...chosen, ...options }
  if (current !== undefined) current = { ...current, options: withDefaults(chosen) }
}

export function processRecorder(): ProcessRecorder {
  current ??= open()
  return current
}

/** Secrets among these values, of which no more than digests may be kept, are hidden in errors that repeat them. */
export function heedSecrets(value: unknown): void {
  processRecorder().recorder.heed(value)
}

/** What has been recorded so far is on disk afterwards. Throws when it cannot be written. */
export async function flushRecorder(): Promise<void> {
  await current?.recorder.flush()
}

/** Flushes, closes the segment and forgets the recorder; the next recorded call opens another. */
export async function closeRecorder(): Promise<void> {
  const closing = current
  if (closing === undefined) return
  current = undefined
  await closing.recorder.rotate()
  closing.recorder.stop()
  closing.spool.end()
}

function open(): ProcessRecorder {
  const processUid = `${randomBytes(9).toString('hex')}${threadId === 0 ? '' : `t${threadId}`}`
  const folder = spoolFolder(process.cwd(), chosen.spool ?? process.env.STEMMA_SPOOL)
  const options = withDefaults(chosen)
  const spool = new Spool(folder, processUid)
  const made: ProcessRecorder = {
    recorder: new Recorder({ spool, strict: options.strict }),
    spool,
    processUid,
    options,
    environment: describeEnvironment(process.cwd()),
    calls: 0,
  }
  watchProcessEnd(() => current)
  takeOver(process.env)
  return made
}

function withDefaults(options: RecordOptions): ProcessRecorder['options'] {
  return {
    hash: options.hash ?? 'small',
    detect: options.detect ?? true,
    strict: options.strict ?? false,
    deliver: options.deliver ?? true,
  }
}
