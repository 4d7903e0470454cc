import type { AdapterCommand, CommandContext, Fact } from '../adapter.ts'
import { fileHasher } from '../source/hasher.ts'
import { openFiles } from '../source/open-source.ts'
import { stemmaFolder, withDatabaseOrNew, type OpenProject } from './open-project.ts'
import type { Call, CliContext } from './verb.ts'

/** Facts that a command brings itself are taken in as they are: the adapter checks its own version. */
const ADAPTER_VERSION = 1

/** Runs a verb that an adapter brought along, with the database open. */
export function runAdapterCommand(command: AdapterCommand, call: Call, context: CliContext): Promise<number> {
  return withDatabaseOrNew(call, context, async (project) => {
    const folder = await stemmaFolder(project.choice, context.terminal.workingFolder)
    return command.run(call, toCommandContext(command, project, folder, context))
  })
}

function toCommandContext(
  command: AdapterCommand,
  { database }: OpenProject,
  folder: string,
  { terminal }: CliContext,
): CommandContext {
  return {
    workingFolder: terminal.workingFolder,
    stemmaFolder: folder,
    signal: terminal.signal,
    write: (text) => void terminal.write(text),
    warn: (text) => { terminal.warn(text) }, // prettier-ignore
    open: (place) => openFiles(place, terminal.workingFolder, { hash: 'small', hasher: fileHasher('small') }),
    async ingest(facts: AsyncIterable<Fact>, place: string) {
      const { ingest } = await import('../ingest/ingest.ts')
      const meta = { adapter: command.name, adapterVersion: ADAPTER_VERSION, place }
      const summary = await ingest(database, facts, meta, { untrusted: true })
      return { added: summary.added, gaps: summary.gaps.reduce((sum, gap) => sum + gap.count, 0) }
    },
  }
}
