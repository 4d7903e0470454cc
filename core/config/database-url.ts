import { isAbsolute, resolve } from 'node:path'
import { StemmaError } from '../errors.ts'
import { findProject, type Project } from './config.ts'
import { withKeptPassword } from './kept-password.ts'
import { PROJECT_FOLDER } from './project-folder.ts'

/** Where the database is, and who said so. */
export interface DatabaseChoice {
  /** Absolute: `file:/…` or `postgres://…`. May hold a password: never printed as it is. */
  readonly url: string
  readonly from: 'option' | 'environment' | 'config'
  readonly project?: Project
}

/** `--database` over `STEMMA_DATABASE` over the nearest project; `undefined` when none of them says anything. */
export async function chooseDatabase(
  workingFolder: string,
  option: string | undefined,
  environment: string | undefined,
): Promise<DatabaseChoice | undefined> {
  const said = option ?? (environment === '' ? undefined : environment)
  if (said !== undefined) {
    return { url: absoluteUrl(said, workingFolder), from: option === undefined ? 'environment' : 'option' }
  }
  const project = await findProject(workingFolder)
  if (project === undefined) return undefined
  const url = await withKeptPassword(project.root, project.config.database)
  return { url: absoluteUrl(url, project.root), from: 'config', project }
}

/** A `file:` url's path made absolute; a Postgres url is left alone; all else is refused. */
export function absoluteUrl(url: string, base: string): string {
  if (/^postgres(ql)?:\/\//.test(url)) return url
  if (!url.startsWith('file:')) {
    throw new StemmaError('usage.invalid-option', `not a database url: "${hidePassword(url)}"`, {
      advice: 'Write file:path/to/stemma.db or postgres://user@host/database?schema=name.',
    })
  }
  const path = url.slice('file:'.length).replace(/^\/\/(?=\/)/, '')
  if (path === '') throw new StemmaError('usage.invalid-option', `the database url names no file: "${url}"`)
  return `file:${isAbsolute(path) ? path : resolve(base, path)}`
}

/** The url as people may see it. */
export function hidePassword(url: string): string {
  return url
    .replace(/^([A-Za-z][A-Za-z0-9+.-]*:\/\/[^/?#:@]*):[^?#]*@/, '$1@')
    .replace(/([?&](?:password|sslpassword|sslkey|options)=)[^&#]*/gi, '$1…')
}

/** The database that `init` makes in a project without being told another. */
export const EMBEDDED_DATABASE = `file:${PROJECT_FOLDER}/stemma.db`
