import { once } from 'node:events'
import type { Writable } from 'node:stream'

/** All that the command line may see of the outside; tests hand in their own. */
export interface Terminal {
  readonly workingFolder: string
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Columns that output may take; a pipe has no limit. */
  readonly width: number
  /** Whether a person reads what is written. */
  readonly isTerminal: boolean
  /** Whether a person reads the messages beside the output: then progress is shown. */
  readonly isErrorTerminal: boolean
  readonly color: boolean
  /** Ends at the first interrupt. */
  readonly signal: AbortSignal
  /** Waits while the reader is slow. */
  write(text: string): Promise<void>
  warn(text: string): void
  /** From now on an interrupt only ends `signal`: the verb ends by itself, however long it takes. */
  holdInterrupts(): void
}

/** What a table or a tree may take when nobody says how wide the reader is. */
const UNLIMITED = 100_000

/** The terminal of this process. */
export function processTerminal(signal: AbortSignal, holdInterrupts: () => void): Terminal {
  const { stdout, stderr, env } = process
  return {
    workingFolder: process.cwd(),
    environment: env,
    width: stdout.isTTY ? columnsOf(stdout.columns, env.COLUMNS) : columnsOf(undefined, env.COLUMNS, UNLIMITED),
    isTerminal: stdout.isTTY,
    isErrorTerminal: stderr.isTTY,
    color: wantsColor(env, stdout.isTTY),
    signal,
    write: (text) => writeSlowly(stdout, text),
    warn: (text) => void stderr.write(text),
    holdInterrupts,
  }
}

/** Colour only for a person, and not against https://no-color.org; `FORCE_COLOR` and `CLICOLOR_FORCE` insist. */
export function wantsColor(environment: Terminal['environment'], isTerminal: boolean): boolean {
  if ((environment.NO_COLOR ?? '') !== '') return false
  if (isSet(environment.FORCE_COLOR) || isSet(environment.CLICOLOR_FORCE)) return true
  return isTerminal && environment.TERM !== 'dumb'
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0'
}

function columnsOf(columns: number | undefined, told: string | undefined, otherwise = 80): number {
  const width = Number(told)
  if (columns !== undefined && columns > 0) return columns
  return Number.isInteger(width) && width >= 20 ? width : otherwise
}

async function writeSlowly(stream: Writable, text: string): Promise<void> {
  if (stream.destroyed || stream.write(text)) return
  await once(stream, 'drain')
}
