import { readFileSync } from 'node:fs'
import { StemmaError } from '../errors.ts'
import { main } from './main.ts'
import { describeError } from './print-error.ts'
import { processTerminal } from './terminal.ts'
import type { Engine } from './verb.ts'
import { systemErrorCode } from '../system-error.ts'

/** What a shell says of a program that an interrupt ended. */
const INTERRUPTED = 130
/** The exit code of `storage.not-written`. */
const NOT_WRITTEN = 6
/** After an interrupt, this long to end in order. */
const PATIENCE_MS = 3000

/** Runs this process's command line and sets its exit code. `binUrl`: the module that was started. */
export async function runProcess(engines: readonly Engine[], binUrl: string): Promise<void> {
  const abort = new AbortController()
  let held = false
  const stop = (): void => {
    const again = abort.signal.aborted
    abort.abort()
    if (held) return
    if (again) process.exit(INTERRUPTED)
    setTimeout(() => process.exit(INTERRUPTED), PATIENCE_MS).unref()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  // The reader of a pipe has seen enough (`stemma runs | head`): that is no error, and there is nobody to tell.
  process.stdout.on('error', outputFailed)
  process.stderr.on('error', () => process.exit(NOT_WRITTEN))
  process.exitCode = await main(process.argv.slice(2), {
    engines,
    version: packageVersion(binUrl),
    terminal: processTerminal(abort.signal, () => {
      held = true
    }),
  })
  process.off('SIGINT', stop)
  process.off('SIGTERM', stop)
}

function outputFailed(cause: Error): void {
  if (systemErrorCode(cause) === 'EPIPE') process.exit(0)
  const error = new StemmaError('storage.not-written', `cannot write the output: ${cause.message}`, { cause })
  const json = process.argv.includes('--json')
  process.stderr.write(describeError(error, { json, debug: process.argv.includes('--debug') }))
  process.exit(NOT_WRITTEN)
}

/** Beside the source, or one folder up from what was built. */
function packageVersion(binUrl: string): string {
  for (const place of ['./package.json', '../package.json']) {
    const text = readQuietly(new URL(place, binUrl))
    const version = /"version":\s*"([^"]+)"/.exec(text)?.[1]
    if (version !== undefined) return version
  }
  return 'unknown'
}

function readQuietly(file: URL): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    if (systemErrorCode(cause) === 'ENOENT') return ''
    throw cause
  }
}
