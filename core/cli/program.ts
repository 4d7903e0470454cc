import { Command, CommanderError } from 'commander'
import { StemmaError } from '../errors.ts'
import { didYouMean, suggest } from './suggest.ts'
import { sharedFlags, type Call, type Verb } from './verb.ts'

/** What to run, as commander understood the command line; `text` is help to print instead. */
export type Parsed =
  { readonly kind: 'verb'; readonly verb: Verb; readonly call: Call } | { readonly kind: 'text'; readonly text: string }

/** What the parser needs to know about the world. */
export interface Wording {
  readonly version: string
  readonly width: number
  readonly color: boolean
}

/** Parses a command line. Throws `usage.*`. */
export function parseCommandLine(argv: readonly string[], verbs: readonly Verb[], wording: Wording): Parsed {
  let parsed: Parsed | undefined
  let help = ''
  const program = buildProgram(verbs, wording, {
    chosen: (verb, call) => (parsed = { kind: 'verb', verb, call }),
    printed: (text) => (help += text),
  })
  try {
    program.parse(argv, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode !== 0 && error.code !== 'commander.help') throw usageError(error, argv, verbs)
  }
  return parsed ?? { kind: 'text', text: help }
}

interface Listener {
  chosen(verb: Verb, call: Call): void
  printed(text: string): void
}

function buildProgram(verbs: readonly Verb[], wording: Wording, listener: Listener): Command {
  const program = new Command('stemma')
    .description('One lineage graph for every pipeline: which run, code and inputs made this file.')
    .version(wording.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [verb]', 'print help on a verb')
    .usage('<verb> [options]')
    .commandsGroup('Verbs:')
    .enablePositionalOptions()
    .exitOverride()
    .configureHelp({ commandUsage: ownUsage, subcommandTerm: (command) => command.name() })
    .configureOutput({
      writeOut: (text) => { listener.printed(text) }, // prettier-ignore
      writeErr: (text) => { listener.printed(text) }, // prettier-ignore
      outputError: () => undefined,
      getOutHelpWidth: () => Math.min(wording.width, 110),
      getErrHelpWidth: () => Math.min(wording.width, 110),
      getOutHasColors: () => wording.color,
      getErrHasColors: () => wording.color,
    })
  for (const { flags, summary } of sharedFlags) program.option(flags, summary)
  program.addHelpText('after', START)
  for (const verb of verbs) addVerb(program, verb, listener)
  return program
}

const START = `
Start in the folder of a finished pipeline:
  stemma import .
  stemma lineage results/report.html

stemma <verb> --help shows a verb's options and examples.
`

function ownUsage(command: Command): string {
  const parents: string[] = []
  for (let at: Command | null = command; at !== null; at = at.parent) parents.unshift(at.name())
  return `${parents.join(' ')} ${command.usage()}`
}

function addVerb(program: Command, verb: Verb, listener: Listener): void {
  const words = verb.name.split(' ')
  const name = words.pop() ?? verb.name
  const command = groupFor(program, words).command(name).summary(verb.summary)
  command.description(verb.description === undefined ? verb.summary : `${verb.summary}\n\n${verb.description}`)
  if (verb.usage !== undefined) command.usage(verb.usage)
  if (verb.arguments !== undefined) command.arguments(verb.arguments)
  for (const { flags, summary } of [...(verb.flags ?? []), ...sharedFlags]) command.option(flags, summary)
  if (verb.passThrough === true) command.allowUnknownOption().passThroughOptions()
  command.addHelpText('after', `\nExamples:\n${verb.examples.map((line) => `  ${line}\n`).join('')}`)
  command.action(() => {
    listener.chosen(verb, { args: command.args, options: { ...program.opts(), ...command.opts() } })
  })
}

/** The command that groups verbs of two words: `listen` of `listen nextflow`. */
function groupFor(program: Command, words: readonly string[]): Command {
  let group = program
  for (const word of words) {
    const found = group.commands.find((command) => command.name() === word)
    group = found ?? group.command(word).summary(`record while it runs: see stemma ${word} --help`)
  }
  return group
}

function usageError(error: CommanderError, argv: readonly string[], verbs: readonly Verb[]): StemmaError {
  const [first = error.message] = error.message.replace(/^error: /, '').split('\n')
  if (error.code === 'commander.unknownCommand') {
    const typed = /'(.*)'/su.exec(first)?.[1] ?? first
    const meant = didYouMean(suggest(typed, new Set(verbs.flatMap(({ name }) => [name, ...name.split(' ')]))))
    return new StemmaError('usage.unknown-verb', `unknown verb: "${typed}"`, {
      detail: { verb: typed },
      ...(meant === undefined ? {} : { advice: `${meant} See \`stemma --help\`.` }),
    })
  }
  const hint = /\(Did you mean .*\)/su.exec(error.message)?.[0].slice(1, -1)
  const verb = argv.find((word) => verbs.some(({ name }) => name.split(' ')[0] === word))
  const see = `See \`stemma ${verb === undefined ? '' : `${verb} `}--help\`.`
  return new StemmaError('usage.invalid-option', first.replace(/ '([^']*)'/gu, ': "$1"').replace(/::/gu, ':'), {
    advice: hint === undefined ? see : `${hint} ${see}`,
  })
}
