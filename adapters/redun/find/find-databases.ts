import type { FileSource } from '../../../core/adapter.ts'
import { filePath } from '../../../core/adapter.ts'
import { findProject, sqlitePath } from './project.ts'

/** Something of redun's in a source, by its path there; `''` = the source itself. */
export interface Found {
  readonly source: FileSource
  readonly path: string
  readonly form: 'sqlite' | 'export'
}

const SQLITE_MAGIC = 'SQLite format 3\0'
const USUAL_PLACES = ['.redun/redun.db', 'redun.db']

/** The databases and exports in a folder, or the file that a source is. */
export async function findDatabases(source: FileSource): Promise<readonly Found[]> {
  const root = await source.stat('')
  if (root?.type === 'file') {
    const form = await formOf(source, '')
    return form === undefined ? [] : [{ source, path: '', form }]
  }
  const found: Found[] = []
  const add = async (place: FileSource, path: string): Promise<void> => {
    const form = await formOf(place, path)
    const local = place.localPath(path)
    const known = found.some((other) => local !== undefined && other.source.localPath(other.path) === local)
    if (form !== undefined && !known) found.push({ source: place, path, form })
  }
  for (const path of USUAL_PLACES) await add(source, path)
  const configured = await configuredDatabase(source)
  if (configured !== undefined) await add(configured.source, configured.path)
  if (found.length > 0) return found
  for await (const entry of source.list('')) {
    if (entry.type === 'file' && /\.(jsonl|ndjson|json)$/.test(entry.name)) await add(source, entry.name)
  }
  return found
}

/** Where `.redun/redun.ini` says the database is; in a project that was moved, the end of that path below it. */
async function configuredDatabase(source: FileSource): Promise<{ source: FileSource; path: string } | undefined> {
  const folder = filePath(source.uri)
  const project = folder === undefined ? undefined : await findProject(source, folder)
  const path = project === undefined || project.folder !== folder ? undefined : sqlitePath(project)
  if (project === undefined || path === undefined) return undefined
  const parts = path.split('/').filter((part) => part !== '')
  const name = parts.at(-1) ?? ''
  const there = await source.reach(path.slice(0, path.lastIndexOf('/')) || '/')
  if ((await there?.stat(name))?.type === 'file' && there !== undefined) return { source: there, path: name }
  for (let from = 1; from < parts.length; from++) {
    const tail = parts.slice(from).join('/')
    if ((await project.source.stat(tail))?.type === 'file') return { source: project.source, path: tail }
  }
  return undefined
}

async function formOf(source: FileSource, path: string): Promise<Found['form'] | undefined> {
  const stat = await source.stat(path)
  if (stat?.type !== 'file' || stat.sizeBytes === 0) return undefined
  const parts: Uint8Array[] = []
  for await (const chunk of source.open(path, { start: 0, end: 4096 })) parts.push(chunk)
  const head = Buffer.concat(parts).toString('latin1')
  if (head.startsWith(SQLITE_MAGIC)) return 'sqlite'
  return /^\s*\{"_version": ?\d+, ?"_type": ?"\w+"/.test(head) ? 'export' : undefined
}
