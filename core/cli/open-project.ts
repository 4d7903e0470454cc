import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { readProject } from '../config/config.ts'
import { PROJECT_FOLDER } from '../config/project-folder.ts'
import { absoluteUrl, chooseDatabase, EMBEDDED_DATABASE, type DatabaseChoice } from '../config/database-url.ts'
import { makeProject } from '../config/make-project.ts'
import type { Database, ImportTarget } from '../db/database.ts'
import { openDatabase } from '../db/open-database.ts'
import { parseDatabaseUrl } from '../db/url.ts'
import { isStemmaError, StemmaError } from '../errors.ts'
import { MadeForImport } from './made-for-import.ts'
import { parseOptions, SharedOptions } from './options.ts'
import type { Terminal } from './terminal.ts'
import { visibleLines } from './text-width.ts'
import type { Call, CliContext } from './verb.ts'

export interface OpenProject {
  readonly database: Database
  readonly choice: DatabaseChoice
}

/** Runs `work` with the database that the command line, the environment or the project names; closes it after. */
export async function withDatabase<T>(
  call: Call,
  context: CliContext,
  work: (project: OpenProject) => Promise<T>,
): Promise<T> {
  const choice = await findDatabase(call, context)
  if (choice === undefined) {
    throw new StemmaError('config.no-database', `no database is named here: "${context.terminal.workingFolder}"`)
  }
  const database = await openDatabase(choice.url)
  return workAndClose({ database, choice }, context, work)
}

/** What an import writes to. */
export interface ImportProject {
  readonly target: ImportTarget
  readonly choice: DatabaseChoice
  /** Whether a project was made for it, because there was none. */
  readonly made: () => boolean
}

/**
 * The same for an import. What is not there yet is made with the first rows, a file, a server's tables, and a project
 * where none is named: an import that fails leaves nothing behind.
 */
export async function withImportTarget<T>(
  call: Call,
  context: CliContext,
  work: (project: ImportProject) => Promise<T>,
): Promise<T> {
  const root = context.terminal.workingFolder
  const found = await findDatabase(call, context)
  const choice = found ?? { url: absoluteUrl(EMBEDDED_DATABASE, root), from: 'config' }
  const open = async (): Promise<Database> => {
    if (found === undefined) await makeProject(root, EMBEDDED_DATABASE)
    return openDatabase(choice.url, { create: 'with-first-write' })
  }
  if (isThere(choice) || existsSync(spoolFolder(choice, context.terminal))) {
    const database = await open()
    const project = { target: database, choice, made: () => found === undefined }
    return workAndClose({ database, choice }, context, () => work(project))
  }
  return workOnFresh(choice, open, context, work, found === undefined)
}

/** The database and the project are made with the first rows, and taken away when the import then fails. */
async function workOnFresh<T>(
  choice: DatabaseChoice,
  open: () => Promise<Database>,
  { terminal }: CliContext,
  work: (project: ImportProject) => Promise<T>,
  makesProject: boolean,
): Promise<T> {
  const fresh = madeFor(choice, terminal)
  let made: Promise<Database> | undefined
  const target: ImportTarget = {
    imports: { lastReading: async (...reading) => (await made)?.imports.lastReading(...reading) },
    write: async (writing) => (await (made ??= open())).write(writing),
  }
  const close = async (): Promise<void> => {
    await made?.then(
      (database) => database.close(),
      () => undefined,
    ) // why it could not be made was thrown already
  }
  try {
    const result = await work({ target, choice, made: () => makesProject && made !== undefined })
    await close()
    // Another import that made the project too, and failed, may have taken it away.
    if (makesProject && made !== undefined && (await readProject(terminal.workingFolder)) === undefined)
      await makeProject(terminal.workingFolder, EMBEDDED_DATABASE)
    return result
  } catch (error) {
    await close()
    if (made !== undefined) await fresh?.takeAway({ keepsHashes: terminal.signal.aborted })
    throw error
  }
}

/** What this import makes, if it is a file's: a server takes its tables back itself. */
function madeFor(choice: DatabaseChoice, { workingFolder }: Terminal): MadeForImport | undefined {
  const address = parseDatabaseUrl(choice.url)
  if (address.provider !== 'sqlite') return undefined
  return new MadeForImport(address.path, folderFor(choice, workingFolder), workingFolder)
}

/** Only of a file can be told without asking. */
function isThere({ url }: DatabaseChoice): boolean {
  const address = parseDatabaseUrl(url)
  return address.provider !== 'sqlite' || existsSync(address.path)
}

export function findDatabase(call: Call, { terminal }: CliContext): Promise<DatabaseChoice | undefined> {
  const { database } = parseOptions(SharedOptions, call)
  return chooseDatabase(terminal.workingFolder, database, terminal.environment.STEMMA_DATABASE)
}

/** The database that is named; where none is, a project is made in the working folder. */
export async function chooseOrMakeDatabase(call: Call, context: CliContext): Promise<DatabaseChoice> {
  const found = await findDatabase(call, context)
  if (found !== undefined) return found
  const root = context.terminal.workingFolder
  await makeProject(root, EMBEDDED_DATABASE)
  return { url: absoluteUrl(EMBEDDED_DATABASE, root), from: 'config' }
}

async function workAndClose<T>(
  project: OpenProject,
  context: CliContext,
  work: (project: OpenProject) => Promise<T>,
): Promise<T> {
  try {
    await takeInSpool(project, context)
    return await work(project)
  } finally {
    await project.database.close()
  }
}

/** What programs recorded while no database was at hand waits in a spool: it is taken in before anything is asked. */
async function takeInSpool({ database, choice }: OpenProject, { terminal }: CliContext): Promise<void> {
  const spool = spoolFolder(choice, terminal)
  if (!existsSync(spool)) return
  try {
    const { deliverSpool } = await import('../record/deliver.ts')
    await deliverSpool(database, spool)
  } catch (error) {
    if (!isStemmaError(error)) throw error
    terminal.warn(visibleLines(`what was recorded waits in ${spool}: ${error.message}`)) // the question can be answered all the same
  }
}

/** Where programs leave what they record. */
export function spoolFolder(choice: DatabaseChoice, { environment, workingFolder }: Terminal): string {
  return environment.STEMMA_SPOOL ?? join(folderFor(choice, workingFolder), 'spool')
}

/** Stemma's own folder for spools and caches: the project's, else beside the database file. */
export function folderFor({ project, url }: DatabaseChoice, workingFolder: string): string {
  if (project !== undefined) return join(project.root, PROJECT_FOLDER)
  if (!url.startsWith('file:')) return join(workingFolder, PROJECT_FOLDER)
  const beside = dirname(url.slice('file:'.length))
  return basename(beside) === PROJECT_FOLDER ? beside : join(beside, PROJECT_FOLDER)
}
