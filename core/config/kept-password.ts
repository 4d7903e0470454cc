import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StemmaError } from '../errors.ts'
import { systemErrorCode } from '../system-error.ts'
import { PROJECT_FOLDER } from './project-folder.ts'

/** Beside the configuration, which is shared: this file is the user's alone, and no version control takes it. */
const FILE = 'database-url'

/** The url as it may stand in a configuration that is shared. */
export function withoutPassword(url: string): string {
  return url
    .replace(/^(postgres(?:ql)?:\/\/[^/?#:@]*):[^?#]*@/, '$1@')
    .replace(/([?&])(?:password|sslpassword)=[^&#]*(&?)/gi, (_, before: string, after: string) =>
      after === '' ? '' : before,
    )
}

/** Keeps a url that holds a password where only this user reads it; one without takes back what was kept. */
export async function keepPassword(root: string, url: string): Promise<void> {
  const file = join(root, PROJECT_FOLDER, FILE)
  await rm(file, { force: true }) // a file that is there keeps its mode
  if (withoutPassword(url) === url) return
  await writeFile(file, `${url}\n`, { mode: 0o600, flag: 'wx' })
}

/** The configured url with the password that was kept for it, if one was. */
export async function withKeptPassword(root: string, configured: string): Promise<string> {
  const file = join(root, PROJECT_FOLDER, FILE)
  const kept = await readFile(file, 'utf8').catch((cause: unknown) => {
    if (systemErrorCode(cause) === 'ENOENT') return ''
    throw new StemmaError('config.invalid', `configuration cannot be read: "${file}"`, {
      cause,
      detail: { path: file },
    })
  })
  const url = kept.trim()
  return withoutPassword(url) === configured ? url : configured
}
