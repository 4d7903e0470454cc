import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Adapter } from '../adapter.ts'
import { StemmaError } from '../errors.ts'
import { detectEngines } from '../ingest/detect-engines.ts'
import { openFiles, openSource, type Hashing } from '../source/open-source.ts'
import type { FileSource, Source } from '../source/source.ts'
import { optionName } from './options.ts'
import { didYouMean, suggest } from './suggest.ts'
import type { Call, CliContext, Engine } from './verb.ts'

/** The first argument of `import` for a fact stream. */
const FACTS = 'facts'

/** Sources that one adapter reads together, or a saved fact stream. */
export type Group =
  | {
      readonly kind: 'leftovers'
      readonly adapter: Adapter
      readonly own: unknown
      readonly sources: readonly Source[]
      /** What was recognised. */
      readonly because?: string
    }
  | { readonly kind: 'facts'; readonly source: FileSource }

/** What the arguments of `import` mean: `[engine] <source…>`. */
export async function chooseAdapters(
  call: Call,
  { terminal, engines }: CliContext,
  hashing: Hashing,
): Promise<Group[]> {
  const [first = '', ...named] = call.args
  const engine = engines.find(({ name }) => name === first)
  const isWord = first === FACTS || engine !== undefined
  const isNamed = isWord && (named.length > 0 || !existsSync(resolve(terminal.workingFolder, first)))
  if (!isNamed) {
    refuseMisspelt(call.args, engines, terminal.workingFolder)
    return detectGroups(call.args, engines, terminal.workingFolder, hashing)
  }
  const rest = named.length > 0 ? named : addressOf(first, call)
  if (engine !== undefined) {
    const adapter = await engine.load()
    const sources = await openAll(rest, terminal.workingFolder, hashing)
    return [{ kind: 'leftovers', adapter, own: ownOptions(adapter, call), sources }]
  }
  const groups: Group[] = []
  for (const place of rest) {
    groups.push({ kind: 'facts', source: await openFiles(place, terminal.workingFolder, hashing) })
  }
  return groups
}

/** `import nexflow .`: where nothing is of that name, the engine was meant. Throws `usage.unknown-engine`. */
function refuseMisspelt([first = '', ...sources]: readonly string[], engines: readonly Engine[], folder: string): void {
  if (sources.length === 0 || existsSync(resolve(folder, first))) return
  const meant = didYouMean(suggest(first, [FACTS, ...engines.map(({ name }) => name)]))
  if (meant === undefined) return
  throw new StemmaError('usage.unknown-engine', `unknown engine: ${JSON.stringify(first)}`, {
    detail: { engine: first },
    advice: `${meant} See \`stemma import --help\`.`,
  })
}

/** `import temporal --address host:7233` names its source by an option. */
function addressOf(engine: string, { options }: Call): string[] {
  if (typeof options.address === 'string') return [`${engine}://${options.address}`]
  throw new StemmaError('usage.invalid-option', `no source is named: "stemma import ${engine}"`)
}

async function detectGroups(
  places: readonly string[],
  engines: readonly Engine[],
  workingFolder: string,
  hashing: Hashing,
): Promise<Group[]> {
  const sources = await openAll(places, workingFolder, hashing)
  const adapters = await Promise.all(engines.map((engine) => engine.load()))
  const groups = new Map<Adapter, { sources: Source[]; because: string[] }>()
  for (const source of sources) {
    for (const { adapter, detection } of await detectEngines(source, adapters)) {
      const group = groups.get(adapter) ?? { sources: [], because: [] }
      group.sources.push(source)
      group.because.push(detection.because)
      groups.set(adapter, group)
    }
  }
  return [...groups].map(([adapter, { sources, because }]) => ({
    kind: 'leftovers',
    adapter,
    own: adapter.options.parse({}),
    sources,
    because: because.join('; '),
  }))
}

async function openAll(places: readonly string[], workingFolder: string, hashing: Hashing): Promise<Source[]> {
  const sources: Source[] = []
  for (const place of places) sources.push(await openSource(place, workingFolder, hashing))
  return sources
}

/** The adapter's own options among those typed. */
function ownOptions(adapter: Adapter, call: Call): unknown {
  const names = (adapter.flags ?? []).map(({ flags }) => optionName(flags))
  const typed = Object.fromEntries(
    names.filter((name) => name in call.options).map((name) => [name, call.options[name]]),
  )
  const parsed = adapter.options.safeParse(typed)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new StemmaError('usage.invalid-option', `option --${String(issue?.path[0])}: ${issue?.message ?? 'is wrong'}`)
}
