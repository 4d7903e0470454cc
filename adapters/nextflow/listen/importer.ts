import type { CommandContext } from '../../../core/adapter.ts'
import { readNextflow } from '../read-nextflow.ts'
import type { Spool } from './spool.ts'

/** How long events are gathered before they are imported: each import reads a run's events from the beginning. */
const QUIET_MS = 2000
const LONGEST_MS = 15_000

/**
 * Imports spooled runs, one after another, a little after their last event. What cannot be imported now (the database
 * is locked, or gone) stays in the spool and is tried again.
 */
export class Importer {
  readonly #spool: Spool
  readonly #context: CommandContext
  readonly #timezone: string | undefined
  #timer: NodeJS.Timeout | undefined
  #waitingSince = 0
  #work: Promise<void> = Promise.resolve()
  #isFinishing = false

  constructor(spool: Spool, context: CommandContext, timezone: string | undefined) {
    this.#spool = spool
    this.#context = context
    this.#timezone = timezone
  }

  /** Notes that there is something to import, at once or after a pause. */
  schedule(when: 'soon' | 'now'): void {
    if (this.#isFinishing) return
    const now = Date.now()
    if (this.#timer === undefined) this.#waitingSince = now
    clearTimeout(this.#timer)
    const pause = when === 'now' ? 0 : Math.max(0, Math.min(QUIET_MS, this.#waitingSince + LONGEST_MS - now))
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#work = this.#work.then(() => this.#importQuietly())
    }, pause)
  }

  /** Imports all that waits, and throws when it cannot. */
  async finish(): Promise<void> {
    this.#isFinishing = true
    clearTimeout(this.#timer)
    this.#timer = undefined
    await this.#work
    await this.#importAll()
  }

  async #importQuietly(): Promise<void> {
    try {
      await this.#importAll()
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause)
      this.#context.warn(`events stay in the spool and are tried again: ${why}`)
      this.schedule('soon')
    }
  }

  async #importAll(): Promise<void> {
    for (const run of await this.#spool.waiting()) {
      const source = await this.#context.open(run.folder)
      const zone = this.#timezone === undefined ? {} : { timezone: this.#timezone }
      const { added } = await this.#context.ingest(readNextflow([source], { own: {}, ...zone }), run.folder)
      await this.#spool.markImported(run)
      this.#context.write(`${run.runName}: ${added} added\n`)
    }
  }
}
