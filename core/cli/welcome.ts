import { chooseDatabase } from '../config/database-url.ts'
import type { CliContext } from './verb.ts'

/** What `stemma` alone says: what to do first, or next. */
export async function welcome({ terminal, style, version }: CliContext): Promise<number> {
  const choice = await chooseDatabase(terminal.workingFolder, undefined, terminal.environment.STEMMA_DATABASE)
  const steps = choice === undefined ? FIRST : NEXT
  const width = Math.max(...steps.map(([command]) => command.length))
  const lines = steps.map(([command, what]) => `  ${style.bold(command.padEnd(width))}  ${what}`)
  const where =
    choice === undefined ? 'There is no Stemma project here yet. Start with one of these:' : 'Try one of these:'
  await terminal.write(`stemma ${version}: one lineage graph for every pipeline\n\n${where}\n${lines.join('\n')}\n`)
  return 0
}

const FIRST: readonly (readonly [string, string])[] = [
  ['stemma import .', 'read the pipeline that ran in this folder; makes .stemma/stemma.db here'],
  ['stemma init', 'only make the project'],
  ['stemma connect <url>', 'use a database that is there already'],
  ['stemma --help', 'all verbs'],
]

const NEXT: readonly (readonly [string, string])[] = [
  ['stemma import <folder>', 'read a pipeline that ran'],
  ['stemma runs', 'what ran'],
  ['stemma lineage <file>', 'what made this file'],
  ['stemma find <words>', 'search names, paths, parameters'],
  ['stemma --help', 'all verbs'],
]
