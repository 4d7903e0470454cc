import type { Adapter, AdapterCommand } from '../adapter.ts'
import type { Engine, Verb } from './verb.ts'

/**
 * The verbs that engines bring along. Only the engine whose verb stands on the command line is loaded; of the others
 * help knows name and summary.
 */
export async function loadEngineVerbs(argv: readonly string[], engines: readonly Engine[]): Promise<Verb[]> {
  const verbs: Verb[] = []
  for (const engine of engines) {
    const wanted = engine.verbs.some(({ name }) => stands(name, argv))
    const adapter = wanted ? await engine.load() : undefined
    for (const { name, summary } of engine.verbs) {
      const command = adapter?.commands?.find((command) => command.name === name)
      verbs.push(adapter === undefined || command === undefined ? unloaded(name, summary) : toVerb(adapter, command))
    }
  }
  return verbs
}

/** `import <engine>` also takes the options of that engine's adapter. */
export async function withEngineFlags(
  argv: readonly string[],
  engines: readonly Engine[],
  verbs: readonly Verb[],
): Promise<Verb[]> {
  const engine = engines.find(({ name }) => stands(`import ${name}`, argv))
  if (engine === undefined) return [...verbs]
  const { flags = [] } = await engine.load()
  return verbs.map((verb) => (verb.name === 'import' ? { ...verb, flags: [...(verb.flags ?? []), ...flags] } : verb))
}

/** Whether these words follow each other on the command line, options aside. */
function stands(words: string, argv: readonly string[]): boolean {
  const typed = argv.filter((word) => !word.startsWith('-')).join(' ')
  return ` ${typed} `.includes(` ${words} `)
}

function toVerb(adapter: Adapter, command: AdapterCommand): Verb {
  return {
    ...command,
    async run(call, context) {
      const { runAdapterCommand } = await import('./run-adapter-command.ts')
      return runAdapterCommand(adapter, command, call, context)
    },
  }
}

function unloaded(name: string, summary: string): Verb {
  return {
    name,
    summary,
    examples: [],
    run() {
      throw new TypeError(`the adapter has no verb of this name: ${name}`)
    },
  }
}
