import type { Fact, RunFact, TransformFact } from '../fact/fact.ts'
import type { ArtifactUid, RunUid, TransformUid } from '../fact/uid.ts'
import { Redactor } from '../ingest/redact.ts'
import { StemmaError } from '../errors.ts'
import type { Scope } from './scope.ts'
import type { Spool } from './spool.ts'

/** What a run's end adds; `better` is the same with digests, where there is time to wait for them. */
export interface Ending {
  readonly facts: readonly Fact[]
  readonly better?: Promise<readonly Fact[]> | undefined
}

/** A run on its way to the spool. */
export interface OpenRun {
  /** As it stands now: running, then ended. */
  run: RunFact
  readonly transform: TransformFact
  readonly parent: Scope | undefined
  ending: Ending | undefined
  queued: boolean
}

export interface RecorderOptions {
  readonly spool: Spool
  /** Failures to record are thrown into the work; otherwise they are warned of once and counted. */
  readonly strict: boolean
}

/** Runs that may wait in memory; more are dropped and counted. */
const MOST_WAITING = 100_000
const FLUSH_AT = 2000
const FLUSH_AFTER_MS = 100
const BEAT_EVERY_MS = 5000

/**
 * Takes runs from the work and writes them to the spool, in batches and aside from it. A run that ends before its
 * batch is written costs one fact; one that goes on is written as running first, so that a crash leaves a trace.
 */
export class Recorder {
  readonly #options: RecorderOptions
  readonly #redactor = new Redactor()
  readonly #open = new Map<RunUid, OpenRun>()
  readonly #defined = new Set<RunUid | TransformUid | ArtifactUid>()
  #queue: OpenRun[] = []
  #writing: { readonly text: string } | undefined
  #flushing: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #heart: NodeJS.Timeout | undefined
  #warned = false
  #failure: Error | undefined
  dropped = 0

  constructor(options: RecorderOptions) {
    this.#options = options
  }

  /** Secrets among these values are hidden in whatever is written from now on: errors repeat arguments. */
  heed(value: unknown): void {
    this.#redactor.heed(value)
  }

  /** Throws only in strict mode, what kept earlier runs from being written. */
  begin(run: RunFact, transform: TransformFact, parent: Scope | undefined): OpenRun {
    if (this.#failure !== undefined && this.#options.strict) throw this.#failure
    const open: OpenRun = { run, transform, parent, ending: undefined, queued: false }
    this.#open.set(run.uid, open)
    this.#enqueue(open)
    this.#startHeart()
    return open
  }

  end(open: OpenRun, run: RunFact, ending: Ending): void {
    open.run = run
    open.ending = ending
    this.#open.delete(run.uid)
    if (!open.queued) this.#enqueue(open)
  }

  /** Everything handed over so far is in the spool afterwards. */
  async flush(): Promise<void> {
    while (this.#flushing !== undefined || this.#queue.length > 0) {
      this.#flushing ??= this.#writeQueue().finally(() => {
        this.#flushing = undefined
      })
      await this.#flushing
    }
  }

  /** Flushes and closes the segment, so that it can be delivered. Runs still open are told again in the next one. */
  async rotate(): Promise<void> {
    await this.flush()
    this.#rotate()
  }

  /** Writes what waits without waiting for anything, for the end of the process; open runs get `outcome`. */
  flushNow(outcome: RunFact['outcome'], error: RunFact['error']): void {
    const endedAt = new Date().toISOString()
    for (const open of this.#open.values()) {
      open.run = endedRun(open.run, outcome, endedAt, error)
      open.ending = { facts: [] }
      if (!open.queued) this.#enqueue(open)
    }
    this.#open.clear()
    const entries = this.#queue
    this.#queue = []
    const text = entries.map((entry) => this.#lines(entry, entry.ending?.facts ?? [])).join('')
    // A write that is under way may never finish: its facts are written again, which changes nothing.
    const all = (this.#writing?.text ?? '') + text
    if (all !== '') this.#options.spool.appendNow(all)
    this.stop()
  }

  /** No timers any more; recording again starts them again. */
  stop(): void {
    clearTimeout(this.#timer)
    clearInterval(this.#heart)
    this.#timer = undefined
    this.#heart = undefined
  }

  #enqueue(open: OpenRun): void {
    if (this.#queue.length >= MOST_WAITING) {
      this.dropped++
      this.#open.delete(open.run.uid)
      return
    }
    open.queued = true
    this.#queue.push(open)
    if (this.#queue.length === FLUSH_AT) void this.#flushAside()
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      void this.#flushAside()
    }, FLUSH_AFTER_MS).unref()
  }

  async #flushAside(): Promise<void> {
    await this.flush().catch((error: unknown) => {
      this.#warn(error) // aside from the work there is nobody to throw at; `flush()` by hand throws
    })
  }

  async #writeQueue(): Promise<void> {
    const entries = this.#queue
    this.#queue = []
    let text = ''
    for (const entry of entries) {
      entry.queued = false
      const facts = (await entry.ending?.better) ?? entry.ending?.facts ?? []
      text += this.#lines(entry, facts)
    }
    this.#writing = { text }
    try {
      await this.#options.spool.append(text)
    } catch (error) {
      this.#failed(entries, error)
      return
    } finally {
      this.#writing = undefined
    }
    this.#failure = undefined
    if (this.#options.spool.isFull) this.#rotate()
  }

  /** They are tried again with the next batch, as long as there is room. */
  #failed(entries: readonly OpenRun[], error: unknown): void {
    this.#defined.clear()
    const room = Math.max(0, MOST_WAITING - this.#queue.length)
    this.dropped += Math.max(0, entries.length - room)
    this.#queue = [...entries.slice(0, room), ...this.#queue]
    for (const entry of this.#queue) entry.queued = true
    throw new StemmaError('storage.unavailable', `cannot write the spool: "${this.#options.spool.folder}"`, {
      cause: error,
      advice: 'Check the folder and the free space, or name another with STEMMA_SPOOL.',
    })
  }

  #rotate(): void {
    this.#options.spool.rotate()
    this.#defined.clear()
    for (const open of this.#open.values()) if (!open.queued) this.#enqueue(open)
  }

  #lines(entry: OpenRun, facts: readonly Fact[]): string {
    let lines = this.#ancestors(entry.parent)
    for (const fact of [entry.transform, entry.run, ...facts]) lines += this.#line(fact)
    return lines
  }

  /** The run around this one, in short, when this segment has not told of it yet. */
  #ancestors(parent: Scope | undefined): string {
    if (parent === undefined || this.#defined.has(parent.uid)) return ''
    const { uid, key, name, transform, engine } = parent
    const told = this.#line({ kind: 'transform', ...transform, engine })
    const run = { kind: 'run', uid, evidence: 'inferred', transform: transform.uid, engine, key, name } as const
    return told + this.#line({ ...run, outcome: 'unknown' })
  }

  #line(fact: Fact): string {
    if (fact.kind === 'transform' && this.#defined.has(fact.uid)) return ''
    if (fact.kind === 'transform' || fact.kind === 'run') this.#defined.add(fact.uid)
    return `${JSON.stringify(this.#redactor.fact(fact))}\n`
  }

  #startHeart(): void {
    if (this.#heart !== undefined) return
    const beat = (): void => {
      try {
        this.#options.spool.beat()
      } catch (error) {
        this.#warn(error)
      }
    }
    beat()
    this.#heart = setInterval(beat, BEAT_EVERY_MS).unref()
  }

  #warn(error: unknown): void {
    this.#failure = error instanceof Error ? error : new Error(String(error))
    if (this.#warned) return
    this.#warned = true
    process.emitWarning(
      `lineage is not being recorded: ${error instanceof Error ? error.message : String(error)}`,
      'StemmaWarning',
    )
  }
}

/** A run that an engine also records may well go on elsewhere: all that ends here is our watching. */
function endedRun(run: RunFact, outcome: RunFact['outcome'], endedAt: string, error: RunFact['error']): RunFact {
  if (run.evidence === 'observed') return { ...run, outcome: 'unknown' }
  return { ...run, outcome, endedAt, ...(error === undefined ? {} : { error }) }
}
