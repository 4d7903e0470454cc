import type { FileSource } from '../../../core/adapter.ts'
import type { ValueStore } from '../values/contents.ts'
import { parseIniSection } from './ini.ts'

/** The folder that redun was run in, and what its configuration says. */
export interface Project {
  /** Absolute local path. */
  readonly folder: string
  readonly source: FileSource
  readonly backend: ReadonlyMap<string, string>
}

const CONFIG = '.redun/redun.ini'
const LARGEST_INI = 1024 * 1024
/** A database that lies outside `.redun` belongs to the nearest folder above it that has a configuration. */
const MOST_LEVELS = 6

/** Finds the project around a local file or folder by going up from it. */
export async function findProject(source: FileSource, start: string): Promise<Project | undefined> {
  let folder = start.endsWith('/.redun') ? start.slice(0, -'/.redun'.length) || '/' : start
  for (let level = 0; level < MOST_LEVELS; level++) {
    const here = await source.reach(folder)
    const text = await here?.readText(CONFIG, LARGEST_INI)
    if (here !== undefined && text !== undefined)
      return { folder, source: here, backend: parseIniSection(text, 'backend') }
    if (folder === '/') break
    folder = folder.slice(0, folder.lastIndexOf('/')) || '/'
  }
  return undefined
}

/** The local path of a SQLite `db_uri`; relative ones start at the configuration folder. */
export function sqlitePath(project: Project): string | undefined {
  const path = /^sqlite:\/\/\/(.+)$/.exec(project.backend.get('db_uri') ?? '')?.[1]
  if (path === undefined) return undefined
  return path.startsWith('/') ? path : `${project.folder}/.redun/${path}`
}

const HASH = /^[0-9a-f]{40}$/

/** Values that lie in files beside the database: `<store>/ab/cdef…`. */
export function valueStoreOf(project: Project | undefined): ValueStore {
  const root = project?.backend.get('value_store_path')
  if (project === undefined || root === undefined || root === '' || /^[a-z0-9]+:\/\//.test(root)) return nowhere
  const path = root.startsWith('/') ? root : `${project.folder}/.redun/${root}`
  let store: Promise<FileSource | undefined> | undefined
  return async (hash, maxBytes) => {
    if (!HASH.test(hash)) return undefined
    store ??= project.source.reach(path)
    const folder = await store
    const file = `${hash.slice(0, 2)}/${hash.slice(2)}`
    const stat = await folder?.stat(file)
    return stat === undefined || stat.sizeBytes > maxBytes ? undefined : folder?.readBytes(file, maxBytes)
  }
}

const nowhere: ValueStore = () => Promise.resolve(undefined)
