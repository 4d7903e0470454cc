import { spawn, spawnSync } from 'node:child_process'
import { constants } from 'node:os'
import { delimiter, resolve } from 'node:path'
import { StemmaError } from '../../../core/adapter.ts'
import type { AdapterCommand, CommandCall, CommandContext } from '../../../core/adapter.ts'
import { directoryOf, isDryRun, recordingArguments, withRecording } from './arguments.ts'
import { logHandlerScript, pluginFolder } from './plugin-place.ts'
import { deliver } from './watch.ts'

const PROGRAM = 'snakemake'
/** Asking a slow disk's Snakemake for its version. */
const MOST_MS = 120_000

/** `stemma snakemake -- <arguments>`: Snakemake as it is, recorded. Its output and exit code are its own. */
export const launch: AdapterCommand = {
  name: 'snakemake',
  summary: 'run Snakemake and record it: stemma snakemake -- <arguments>',
  arguments: '[arguments...]',
  passThrough: true,
  examples: ['stemma snakemake -- --cores 4', 'stemma snakemake -- --cores 4 --directory work results/all.txt'],
  run: runLaunch,
}

async function runLaunch(call: CommandCall, context: CommandContext): Promise<number> {
  const args = call.args[0] === '--' ? call.args.slice(1) : call.args
  const option = recordingArguments(majorVersion(), logHandlerScript())
  if (option === undefined)
    context.warn('Snakemake before 5.9 cannot be recorded while it runs; its leftovers are read\n')
  const code = await runSnakemake(option === undefined ? args : withRecording(args, option), context)
  if (!isDryRun(args)) await deliverQuietly(resolve(context.workingFolder, directoryOf(args) ?? '.'), context)
  return code
}

function majorVersion(): number {
  const asked = spawnSync(PROGRAM, ['--version'], { encoding: 'utf8', timeout: MOST_MS })
  if (asked.error !== undefined) {
    throw new StemmaError('dependency.missing', `cannot start "${PROGRAM}": ${asked.error.message}`, {
      advice: 'Install Snakemake, or activate the environment that it is installed in.',
      cause: asked.error,
    })
  }
  return Number.parseInt(/(\d+)\.\d+/.exec(asked.stdout)?.[1] ?? '9', 10)
}

async function runSnakemake(args: readonly string[], context: CommandContext): Promise<number> {
  const path = [pluginFolder(), process.env.PYTHONPATH ?? ''].filter((part) => part !== '').join(delimiter)
  const env = { ...process.env, PYTHONPATH: path, STEMMA_SNAKEMAKE_SLOTS: '1' }
  const child = spawn(PROGRAM, args, { cwd: context.workingFolder, env, stdio: 'inherit' })
  // The terminal sends Ctrl-C to both; a scheduler's signal comes here alone and is handed on.
  const handOn = (): void => void child.kill('SIGTERM')
  const wait = (): void => undefined
  process.on('SIGTERM', handOn).on('SIGINT', wait)
  try {
    return await new Promise((settle, fail) => {
      child.on('error', fail)
      child.on('exit', (code, signal) => {
        settle(code ?? 128 + (signal === null ? 0 : constants.signals[signal]))
      })
    })
  } finally {
    process.off('SIGTERM', handOn).off('SIGINT', wait)
  }
}

/** Recording is second to the run: what went wrong is said, and the events stay where they are for `stemma import`. */
async function deliverQuietly(workdir: string, context: CommandContext): Promise<void> {
  try {
    await deliver(await context.open(workdir), context, undefined)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    context.warn(`the run is not recorded yet: ${why}. Repeat with \`stemma import snakemake ${workdir}\`.\n`)
  }
}
