import type { Adapter } from '../adapter.ts'
import type { Style } from './style.ts'
import type { Terminal } from './terminal.ts'

export interface Flag {
  /** As commander reads it: `--limit <n>`, `--up`. */
  readonly flags: string
  readonly summary: string
  /** The values that it takes, for completion. */
  readonly choices?: readonly string[]
}

/** A verb of the command line. It parses, calls core once and renders; all that is heavy is loaded inside `run`. */
export interface Verb {
  readonly name: string
  /** As commander reads it: `<thing>`, `[things...]`. */
  readonly arguments?: string
  /** The arguments as help shows them, where commander cannot say it. */
  readonly usage?: string
  readonly summary: string
  /** A paragraph of help, where the summary is not enough. */
  readonly description?: string
  readonly flags?: readonly Flag[]
  /** What completion offers for its arguments: these words, or uids of the database; files in any case. */
  readonly completes?: 'uids' | readonly string[]
  readonly examples: readonly string[]
  /** Everything unknown goes to `run` unparsed. */
  readonly passThrough?: boolean
  /** @returns the exit code; nothing means 0 */
  run(call: Call, context: CliContext): Promise<number | undefined>
}

export interface Call {
  readonly args: readonly string[]
  /** As commander parsed them: parsed again by zod where they are used. */
  readonly options: Readonly<Record<string, unknown>>
}

/** An engine as the command line knows it before its adapter is loaded. */
export interface Engine {
  readonly name: string
  load(): Promise<Adapter>
  /** Its verbs' names and summaries, so that help need not load it. */
  readonly verbs: readonly { readonly name: string; readonly summary: string }[]
}

export interface CliContext {
  readonly terminal: Terminal
  readonly style: Style
  readonly engines: readonly Engine[]
  readonly version: string
  /** Names of all verbs, for completion. */
  readonly verbs: readonly Verb[]
}

/** Options that every verb takes. */
export const sharedFlags: readonly Flag[] = [
  { flags: '--database <url>', summary: 'file:path/to/stemma.db or postgres://user@host/db?schema=name' },
  { flags: '--json', summary: 'print JSON' },
  { flags: '--debug', summary: 'print a stack trace with an error' },
]
