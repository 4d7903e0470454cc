import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { StemmaError } from '../errors.ts'
import { configFile } from './config.ts'
import { PROJECT_FOLDER } from './project-folder.ts'

/** What of `.stemma` is this machine's own; the configuration is worth sharing. */
const IGNORED = '# Made by stemma: all but the configuration belongs to this machine.\n*\n!.gitignore\n!config.yaml\n'

/** Writes `.stemma/config.yaml` that names `database`. Overwrites an older one. */
export async function makeProject(root: string, database: string): Promise<void> {
  const folder = join(root, PROJECT_FOLDER)
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, '.gitignore'), IGNORED)
    await writeFile(configFile(root), stringify({ database }))
  } catch (cause) {
    throw new StemmaError('config.invalid', `cannot make the project: "${folder}"`, {
      cause,
      detail: { path: folder },
      advice: 'Check that you may write to this folder, or name a database elsewhere with --database.',
    })
  }
}
