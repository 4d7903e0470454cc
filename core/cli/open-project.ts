import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { PROJECT_FOLDER } from '../config/project-folder.ts'
import { absoluteUrl, chooseDatabase, EMBEDDED_DATABASE, type DatabaseChoice } from '../config/database-url.ts'
import { makeProject } from '../config/make-project.ts'
import { openDatabase, type Database } from '../db/database.ts'
import { isStemmaError, StemmaError } from '../errors.ts'
import { parseOptions, SharedOptions } from './options.ts'
import type { Terminal } from './terminal.ts'
import type { Call, CliContext } from './verb.ts'

export interface OpenProject {
  readonly database: Database
  readonly choice: DatabaseChoice
  /** Whether the project was made just now, because there was none. */
  readonly made: boolean
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
  return workAndClose({ database, choice, made: false }, context, work)
}

/** The same, but makes the database where it is not there yet: the embedded one in the working folder where none is named. */
export async function withDatabaseOrNew<T>(
  call: Call,
  context: CliContext,
  work: (project: OpenProject) => Promise<T>,
): Promise<T> {
  const { choice, made } = await chooseOrMakeDatabase(call, context)
  const database = await openDatabase(choice.url, { create: true })
  return workAndClose({ database, choice, made }, context, work)
}

export function findDatabase(call: Call, { terminal }: CliContext): Promise<DatabaseChoice | undefined> {
  const { database } = parseOptions(SharedOptions, call)
  return chooseDatabase(terminal.workingFolder, database, terminal.environment.STEMMA_DATABASE)
}

/** The database that is named; where none is, a project is made in the working folder. */
export async function chooseOrMakeDatabase(
  call: Call,
  context: CliContext,
): Promise<{ readonly choice: DatabaseChoice; readonly made: boolean }> {
  const found = await findDatabase(call, context)
  if (found !== undefined) return { choice: found, made: false }
  const root = context.terminal.workingFolder
  await makeProject(root, EMBEDDED_DATABASE)
  return { choice: { url: absoluteUrl(EMBEDDED_DATABASE, root), from: 'config' }, made: true }
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
    terminal.warn(`what was recorded waits in ${spool}: ${error.message}\n`) // the question can be answered all the same
  }
}

/** Where programs leave what they record. */
export function spoolFolder(choice: DatabaseChoice, { environment, workingFolder }: Terminal): string {
  return environment.STEMMA_SPOOL ?? join(folderFor(choice, workingFolder), 'spool')
}

/** Stemma's own folder for spools and caches: the project's, else beside the database file. Made on the first call. */
export async function stemmaFolder(choice: DatabaseChoice, workingFolder: string): Promise<string> {
  const folder = folderFor(choice, workingFolder)
  await mkdir(folder, { recursive: true })
  return folder
}

function folderFor({ project, url }: DatabaseChoice, workingFolder: string): string {
  if (project !== undefined) return join(project.root, PROJECT_FOLDER)
  if (!url.startsWith('file:')) return join(workingFolder, PROJECT_FOLDER)
  const beside = dirname(url.slice('file:'.length))
  return basename(beside) === PROJECT_FOLDER ? beside : join(beside, PROJECT_FOLDER)
}
