import { normalizePath, type FileSource, type Stat } from '../../../core/adapter.ts'
import { join, type Place, type Places } from '../find/places.ts'

/** A file outside of work folders that may be a published one. */
export interface OpenFile {
  readonly place: Place
  readonly stat: Stat
  /** Absolute path that a link leads to, as the engine wrote it. */
  readonly target?: string
  /** Written as a relative link. */
  readonly isRelative?: boolean
}

/** A file outside and the path that the engine knew it by. */
export interface NamedFile {
  readonly file: OpenFile
  readonly path: string
}

/** Looks at all of them; in the order of their paths. */
export async function readOpenFiles(open: readonly Place[], places: Places): Promise<readonly NamedFile[]> {
  const files: NamedFile[] = []
  for (const place of open) {
    const file = await readOpenFile(place, places)
    const path = places.original(place)
    if (file !== undefined && path !== undefined) files.push({ file, path })
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** Links copied by programs that cannot make links (git without symlinks, some archives) are small files with the target as text. */
const FLAT_LINK_BYTES = { least: 36, most: 2048 }
/** A path in a task's folder, or in one of staged or collected files. */
export const LEADS_TO_TASK = /\/[0-9a-f]{2}\/[0-9a-f]{30}(\/|$)/

/** Looks at one file. `undefined` when it is gone or neither file nor link. */
async function readOpenFile(place: Place, places: Places): Promise<OpenFile | undefined> {
  const stat = await place.source.lstat(place.path).catch(() => undefined)
  if (stat === undefined || stat.type === 'other' || stat.type === 'folder') return undefined
  const text = stat.type === 'link' ? await place.source.readLink(place.path) : await flatLink(place, stat)
  if (text === undefined) return { place, stat }
  const target = absoluteTarget(text, place, places)
  return { place, stat, isRelative: !text.startsWith('/'), ...(target === undefined ? {} : { target }) }
}

async function flatLink({ source, path }: Place, stat: Stat): Promise<string | undefined> {
  if (stat.sizeBytes < FLAT_LINK_BYTES.least || stat.sizeBytes > FLAT_LINK_BYTES.most) return undefined
  const text = await source.readText(path, FLAT_LINK_BYTES.most).catch(() => undefined)
  if (text === undefined || /[\n\r\0\uFFFD]/.test(text) || !LEADS_TO_TASK.test(text)) return undefined
  return /^(\/|\.\.?\/)/.test(text) ? text : undefined
}

/** A relative link counts from its folder's place at the time. */
function absoluteTarget(text: string, place: Place, places: Places): string | undefined {
  if (text.startsWith('/')) return normalizePath(text)
  const folder = place.path.includes('/') ? place.path.slice(0, place.path.lastIndexOf('/')) : ''
  const was = places.original({ source: place.source, path: folder })
  return was === undefined ? undefined : normalizePath(`${was}/${text}`)
}

/** All files below a folder, as names relative to it; at most `most`. */
export async function listBelow(source: FileSource, folder: string, most: number): Promise<string[]> {
  const found: string[] = []
  const queue = ['']
  for (let next = queue.shift(); next !== undefined && found.length < most; next = queue.shift()) {
    for await (const entry of source.list(join(folder, next))) {
      const name = join(next, entry.name)
      if (entry.type === 'folder') queue.push(name)
      else if (entry.type === 'file') found.push(name)
      if (found.length >= most) break
    }
  }
  return found
}
