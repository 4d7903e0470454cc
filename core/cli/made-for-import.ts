import { existsSync, rmdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { configFile } from '../config/config.ts'
import { PROJECT_FOLDER } from '../config/project-folder.ts'
import { removeIfEmpty } from '../db/remove-empty.ts'
import { systemErrorCode } from '../system-error.ts'

/** What an import leaves in its own folder beside the database. */
const BESIDE = ['hashes', 'reads'] as const

/** What was not there before an import, so that one that fails can take it away again. */
export class MadeForImport {
  readonly #database: string
  readonly #files: readonly string[]
  readonly #folders: readonly string[]
  readonly #hashes: string

  /** `database`: the path of the SQLite file; `folder`: Stemma's own one; `root`: where a project would be made. */
  constructor(database: string, folder: string, root: string) {
    const project = join(root, PROJECT_FOLDER)
    this.#database = database
    this.#hashes = join(folder, 'hashes')
    const files = [configFile(root), join(project, '.gitignore'), ...BESIDE.map((name) => join(folder, name))]
    this.#files = files.filter((file) => !existsSync(file))
    const folders = [...missing(dirname(database)), ...missing(folder), ...missing(project)]
    this.#folders = [...new Set(folders)].toSorted((a, b) => b.length - a.length)
  }

  /**
   * Nothing is taken away while another process uses the database, or after it wrote to it. What was hashed stays
   * after an interrupt: the next import goes on from there.
   */
  async takeAway({ keepsHashes }: { readonly keepsHashes: boolean }): Promise<void> {
    if (!(await removeIfEmpty(this.#database))) return
    for (const file of this.#files) {
      if (!keepsHashes || file !== this.#hashes) rmSync(file, { recursive: true, force: true })
    }
    for (const folder of this.#folders) removeEmptyFolder(folder)
  }
}

/** The folder and those above it that are not there, the deepest first. */
function missing(folder: string): string[] {
  return existsSync(folder) || dirname(folder) === folder ? [] : [folder, ...missing(dirname(folder))]
}

function removeEmptyFolder(folder: string): void {
  try {
    rmdirSync(folder)
  } catch (cause) {
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(systemErrorCode(cause) ?? '')) throw cause
  }
}
