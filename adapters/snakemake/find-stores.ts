import { filePath } from '../../core/adapter.ts'
import type { FileSource } from '../../core/adapter.ts'
import { isDatabase } from './store/read-database.ts'

/** What a source holds of Snakemake's. */
export interface FoundStores {
  readonly source: FileSource
  /** Folders that hold a `.snakemake`, relative to the source: `''` is its root. */
  readonly folders: readonly string[]
  /** Databases outside of a `.snakemake` folder: one that serves several working directories. */
  readonly databases: readonly string[]
}

const DEEPEST = 3
/** Folders looked into at most: results can be many. */
const MOST_FOLDERS = 2000
const PASSED_OVER = new Set(['.git', 'node_modules', '.venv', 'conda', 'work', '.nextflow'])

/**
 * Finds stores: in the root, else some folders below it. A root that only holds logs may have been told to work in a
 * folder below (`workdir:`), so that is looked for then.
 */
export async function findStores(asked: FileSource): Promise<FoundStores> {
  if ((await asked.stat(''))?.type === 'file') {
    return { source: asked, folders: [], databases: (await isDatabase(asked, '')) ? [''] : [] }
  }
  const source = await parentOfStore(asked)
  const walk = new StoreWalk(source)
  await walk.visit('', 0)
  return { source, folders: walk.folders, databases: walk.databases }
}

/** The `.snakemake` folder itself may be named. */
async function parentOfStore(source: FileSource): Promise<FileSource> {
  const path = filePath(source.uri)
  if (path?.endsWith('/.snakemake') !== true) return source
  return (await source.reach(path.slice(0, -'/.snakemake'.length))) ?? source
}

class StoreWalk {
  readonly folders: string[] = []
  readonly databases: string[] = []
  readonly #source: FileSource
  #visited = 0

  constructor(source: FileSource) {
    this.#source = source
  }

  async visit(folder: string, depth: number): Promise<void> {
    this.#visited += 1
    const below: string[] = []
    const files: string[] = []
    let store = false
    for await (const entry of this.#source.list(folder)) {
      if (entry.name === '.snakemake') store ||= entry.type === 'folder' || entry.type === 'link'
      else if (entry.type === 'folder' && !PASSED_OVER.has(entry.name)) below.push(join(folder, entry.name))
      else if (entry.type === 'file' && /\.(db|sqlite3?)$/.test(entry.name)) files.push(join(folder, entry.name))
    }
    if (store) this.folders.push(folder)
    if (store && (await this.#holdsRecords(folder))) return
    for (const file of files) if (await isDatabase(this.#source, file)) this.databases.push(file)
    if (depth >= DEEPEST) return
    for (const next of below) if (this.#visited < MOST_FOLDERS) await this.visit(next, depth + 1)
  }

  async #holdsRecords(folder: string): Promise<boolean> {
    const store = join(folder, '.snakemake')
    if ((await this.#source.stat(`${store}/metadata.db`)) !== undefined) return true
    for await (const _ of this.#source.list(`${store}/metadata`)) return true
    return false
  }
}

export function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`
}
