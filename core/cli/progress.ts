import type { Terminal } from './terminal.ts'
import { cutEnd } from './text-width.ts'

/** Nothing is shown of what ends sooner. */
const QUIET_MS = 1000
const EVERY_MS = 100

/** One line on a terminal with counts and rate, written over again and removed at the end. */
export class Progress {
  readonly #terminal: Terminal
  readonly #began = performance.now()
  #shown = false
  #last = 0

  constructor(terminal: Terminal) {
    this.#terminal = terminal
  }

  /** Facts so far by kind. Cheap: may be called for every one. */
  show(counts: Readonly<Record<string, number>>): void {
    if (!this.#terminal.isErrorTerminal) return
    const now = performance.now()
    if (now - this.#began < QUIET_MS || now - this.#last < EVERY_MS) return
    this.#last = now
    this.#shown = true
    const facts = Object.values(counts).reduce((sum, many) => sum + many, 0)
    const rate = Math.round(facts / ((now - this.#began) / 1000))
    const parts = [
      `${number(counts.run)} runs`,
      `${number(counts.artifact)} files`,
      `${number(facts)} facts`,
      `${number(rate)}/s`,
    ]
    this.#terminal.warn(`\r\u001B[2K${cutEnd(parts.join(' · '), this.#terminal.width - 1)}`)
  }

  clear(): void {
    if (this.#shown) this.#terminal.warn('\r\u001B[2K')
    this.#shown = false
  }
}

function number(value = 0): string {
  return value.toLocaleString('en-US')
}
