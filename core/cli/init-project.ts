import { readProject } from '../config/config.ts'
import { absoluteUrl, chooseDatabase, EMBEDDED_DATABASE, type DatabaseChoice } from '../config/database-url.ts'
import { makeProject } from '../config/make-project.ts'
import { parseOptions, SharedOptions } from './options.ts'
import type { Call, CliContext } from './verb.ts'

/** Makes the tables of the named database; where none is named, a project in the working folder (not in one above). */
export async function initProject(
  call: Call,
  { terminal }: CliContext,
): Promise<{ readonly choice: DatabaseChoice; readonly made: boolean }> {
  const root = terminal.workingFolder
  const { database } = parseOptions(SharedOptions, call)
  const said = terminal.environment.STEMMA_DATABASE
  const named = database !== undefined || (said !== undefined && said !== '')
  const made = !named && (await readProject(root)) === undefined
  if (made) await makeProject(root, EMBEDDED_DATABASE)
  const choice = (await chooseDatabase(root, database, said)) ?? {
    url: absoluteUrl(EMBEDDED_DATABASE, root),
    from: 'config',
  }
  await makeTables(choice.url)
  return { choice, made }
}

/** Makes or updates the tables behind a url. */
export async function makeTables(url: string): Promise<void> {
  const { openDatabase } = await import('../db/open-database.ts')
  const database = await openDatabase(url, { create: true })
  await database.close()
}
