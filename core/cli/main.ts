import { ADVICE, exitCodeOf, isStemmaError, StemmaError } from '../errors.ts'
import { loadEngineVerbs, withEngineFlags } from './engine-verbs.ts'
import { describeError } from './print-error.ts'
import { parseCommandLine } from './program.ts'
import { styleFor } from './style.ts'
import type { Terminal } from './terminal.ts'
import { ownVerbs } from './verbs.ts'
import type { CliContext, Engine } from './verb.ts'

export interface Parts {
  readonly engines: readonly Engine[]
  readonly version: string
  readonly terminal: Terminal
}

/** Runs one command line. Never throws. @returns the exit code */
export async function main(argv: readonly string[], parts: Parts): Promise<number> {
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length
  const asked = (flag: string): boolean => argv.slice(0, end).includes(flag)
  try {
    return await run(argv, parts)
  } catch (error) {
    const shown = parts.terminal.signal.aborted
      ? new StemmaError('interrupted', 'interrupted', { cause: error })
      : error
    parts.terminal.warn(describeError(shown, { json: asked('--json'), debug: asked('--debug') }))
    return exitCodeOf(shown)
  }
}

async function run(argv: readonly string[], { engines, version, terminal }: Parts): Promise<number> {
  const verbs = [...(await withEngineFlags(argv, engines, ownVerbs)), ...(await loadEngineVerbs(argv, engines))]
  const style = styleFor(terminal.color)
  const context: CliContext = { terminal, style, engines, version, verbs }
  if (argv.length === 0) {
    const { welcome } = await import('./welcome.ts')
    return welcome(context)
  }
  const parsed = parseCommandLine(argv, verbs, { version, width: terminal.width, color: terminal.color })
  if (parsed.kind === 'text') {
    await terminal.write(parsed.text)
    return 0
  }
  try {
    return (await parsed.verb.run(parsed.call, context)) ?? 0
  } catch (error) {
    throw withVerb(error, parsed.verb.name)
  }
}

/** Wrong usage that only the verb itself could see: the advice names the verb. */
function withVerb(error: unknown, verb: string): unknown {
  if (!isStemmaError(error) || error.advice !== ADVICE['usage.invalid-option']) return error
  const { code, message, detail, cause } = error
  return new StemmaError(code, message, { detail, cause, advice: `See \`stemma ${verb} --help\`.` })
}
