import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { StemmaError } from '../errors.ts'
import { configFile } from './config.ts'
import { systemErrorCode } from '../system-error.ts'
import { keepPassword, withoutPassword } from './kept-password.ts'
import { PROJECT_FOLDER } from './project-folder.ts'

/** What of `.stemma` is this machine's own; the configuration is worth sharing. */
const IGNORED = '# Made by stemma: all but the configuration belongs to this machine.\n*\n!.gitignore\n!config.yaml\n'

/**
 * Writes `.stemma/config.yaml` that names `database`, without its password, which is kept beside it for this user alone.
 * Overwrites an older one.
 * @throws StemmaError `database.full` or `storage.not-written`; then a folder that was made is gone again
 */
export async function makeProject(root: string, database: string): Promise<void> {
  const folder = join(root, PROJECT_FOLDER)
  const part = `${configFile(root)}.${String(process.pid)}.part`
  let made: string | undefined
  try {
    made = await mkdir(folder, { recursive: true })
    await writeFile(join(folder, '.gitignore'), IGNORED)
    await writeFile(part, stringify({ database: withoutPassword(database) }))
    await keepPassword(root, database)
    await rename(part, configFile(root)) // whole or not at all: an older one stays until then
  } catch (cause) {
    await rm(part, { force: true })
    if (made !== undefined) await rm(made, { recursive: true, force: true })
    throw notMade(folder, cause)
  }
}

function notMade(folder: string, cause: unknown): StemmaError {
  const system = systemErrorCode(cause) ?? 'unknown'
  const isFull = system === 'ENOSPC' || system === 'EDQUOT'
  return new StemmaError(
    isFull ? 'database.full' : 'storage.not-written',
    `cannot make the project: "${folder}": ${isFull ? 'no space left' : system}`,
    {
      cause,
      detail: { path: folder, systemCode: system },
      ...(isFull
        ? {}
        : { advice: 'Check that you may write to this folder, or name a database elsewhere with --database.' }),
    },
  )
}
