import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Adapter, AdapterCommand, CommandContext } from '../adapter.ts'
import type { Database } from '../db/database.ts'
import { openDatabase } from '../db/open-database.ts'
import { hashOnDisk } from '../ingest/hash-on-disk.ts'
import { ingest } from '../ingest/ingest.ts'
import { DigestLog } from '../source/digest-log.ts'
import { fileHasher } from '../source/hasher.ts'
import { openFiles } from '../source/open-source.ts'
import { chooseOrMakeDatabase, folderFor } from './open-project.ts'
import { visibleLines } from './text-width.ts'
import type { Call, CliContext } from './verb.ts'

/**
 * Runs a verb that an adapter brought along. The database is opened when the first facts arrive: a verb that starts an
 * engine starts it also while the database is away. Facts are taken in as `import` takes them.
 */
export async function runAdapterCommand(
  adapter: Adapter,
  command: AdapterCommand,
  call: Call,
  context: CliContext,
): Promise<number> {
  context.terminal.holdInterrupts()
  const choice = await chooseOrMakeDatabase(call, context)
  const folder = folderFor(choice, context.terminal.workingFolder)
  await mkdir(folder, { recursive: true })
  const log = new DigestLog(join(folder, 'hashes'))
  const database = new LateDatabase(choice.url)
  try {
    return await command.run(call, toCommandContext(adapter, database, log, folder, context))
  } finally {
    log.flush()
    await database.close()
  }
}

function toCommandContext(
  adapter: Adapter,
  database: LateDatabase,
  log: DigestLog,
  folder: string,
  { terminal }: CliContext,
): CommandContext {
  const hasher = fileHasher('small', { memory: log })
  return {
    workingFolder: terminal.workingFolder,
    stemmaFolder: folder,
    signal: terminal.signal,
    write: (text) => void terminal.write(text),
    warn: (text) => { terminal.warn(visibleLines(text)) }, // prettier-ignore
    open: (place) => openFiles(place, terminal.workingFolder, { hash: 'small', hasher }),
    async ingest(facts, place) {
      const meta = { adapter: adapter.engine, adapterVersion: adapter.version, place }
      const summary = await ingest(await database.open(), hashOnDisk(facts, hasher), meta)
      log.flush()
      return { added: summary.added, gaps: summary.gaps.reduce((sum, gap) => sum + gap.count, 0) }
    },
  }
}

/** A database that is opened when it is needed, and again when it could not be reached before. */
class LateDatabase {
  readonly #url: string
  #database: Database | undefined

  constructor(url: string) {
    this.#url = url
  }

  async open(): Promise<Database> {
    this.#database ??= await openDatabase(this.#url, { create: true })
    return this.#database
  }

  async close(): Promise<void> {
    await this.#database?.close()
  }
}
