import type { FileSource } from '../../../core/adapter.ts'
import { classify, type LeftoverKind } from './classify.ts'
import { join, type Place } from './places.ts'

/** A session's folder below `.nextflow/cache`. */
export interface CacheFolder {
  readonly session: string
  readonly db: Place
  readonly indexes: readonly { readonly runName: string; readonly place: Place }[]
}

/** Everything that was found, each list in the order of its paths. */
export interface Survey {
  readonly histories: Place[]
  readonly caches: CacheFolder[]
  readonly lineageStores: Place[]
  readonly workFolders: Place[]
  readonly files: Record<LeftoverKind, Place[]>
}

/** Folders deeper than this are not visited: links back to a parent must end. */
const MAX_DEPTH = 32
/** Folders that are never a pipeline's own. */
const SKIPPED = new Set(['.git', '.stemma', 'node_modules', '.venv', '.conda', 'lost+found'])

/** Looks through each source once. `seen` is called for every other file, so that nothing piles up here. */
export async function surveyLeftovers(sources: readonly FileSource[], seen: (file: Place) => void): Promise<Survey> {
  const survey = emptySurvey()
  for (const source of sources) await surveySource(source, survey, seen)
  return survey
}

function emptySurvey(): Survey {
  return {
    histories: [],
    caches: [],
    lineageStores: [],
    workFolders: [],
    files: { trace: [], report: [], timeline: [], dag: [], log: [], weblog: [], params: [], history: [] },
  }
}

async function surveySource(source: FileSource, survey: Survey, seen: (file: Place) => void): Promise<void> {
  const root = await source.stat('')
  if (root?.type === 'file') {
    const kind = await classify({ source, path: '' }, fileName(source.uri))
    if (kind === 'history') survey.histories.push({ source, path: '' })
    else if (kind !== undefined) survey.files[kind].push({ source, path: '' })
    return
  }
  await visitFolder({ source, path: '' }, 0, survey, seen)
}

async function visitFolder(folder: Place, depth: number, survey: Survey, seen: (file: Place) => void): Promise<void> {
  const { source, path } = folder
  const folders: string[] = []
  const files: string[] = []
  for await (const entry of source.list(path)) {
    if (entry.type === 'folder') folders.push(entry.name)
    else files.push(entry.name)
  }
  if (await visitSpecial(folder, folders, files, survey)) return
  for (const name of files) {
    const place = { source, path: join(path, name) }
    const kind = await classify(place, name)
    if (kind === 'history') continue // counted with its folder
    if (kind === undefined) seen(place)
    else survey.files[kind].push(place)
  }
  if (depth >= MAX_DEPTH) return
  for (const name of folders) {
    if (!SKIPPED.has(name)) await visitFolder({ source, path: join(path, name) }, depth + 1, survey, seen)
  }
}

/** Folders of the engine's own: they are noted, and nothing below them is a published file. */
async function visitSpecial(
  folder: Place,
  folders: readonly string[],
  files: readonly string[],
  survey: Survey,
): Promise<boolean> {
  const { source, path } = folder
  if (folders.includes('cache') && files.includes('history') && isNamed(folder, '.nextflow')) {
    survey.histories.push({ source, path: join(path, 'history') })
    await visitCache({ source, path: join(path, 'cache') }, survey)
    return true
  }
  if (isNamed(folder, '.nextflow')) {
    if (files.includes('history')) survey.histories.push({ source, path: join(path, 'history') })
    if (folders.includes('cache')) await visitCache({ source, path: join(path, 'cache') }, survey)
    return true
  }
  if (isNamed(folder, '.lineage') || (await isLineageStore(folder, folders))) {
    survey.lineageStores.push(folder)
    return true
  }
  if (await isWorkFolder(folder, folders)) {
    survey.workFolders.push(folder)
    return true
  }
  return false
}

async function visitCache(cache: Place, survey: Survey): Promise<void> {
  for await (const session of cache.source.list(cache.path)) {
    if (session.type !== 'folder') continue
    const under = join(cache.path, session.name)
    const indexes: { runName: string; place: Place }[] = []
    for await (const entry of cache.source.list(under)) {
      if (!entry.name.startsWith('index.')) continue
      const place = { source: cache.source, path: join(under, entry.name) }
      indexes.push({ runName: entry.name.slice('index.'.length), place })
    }
    survey.caches.push({ session: session.name, db: { source: cache.source, path: join(under, 'db') }, indexes })
  }
}

/** Two hex digits, and below them thirty: nothing else looks so. */
async function isWorkFolder(folder: Place, folders: readonly string[]): Promise<boolean> {
  for (const name of folders.filter((each) => /^[0-9a-f]{2}$/.test(each)).slice(0, 4)) {
    for await (const entry of folder.source.list(join(folder.path, name))) {
      if (/^[0-9a-f]{30}$/.test(entry.name)) return true
    }
  }
  return false
}

/** A store at a place of the user's choice: folders named by 32 hex digits with records in them. */
async function isLineageStore(folder: Place, folders: readonly string[]): Promise<boolean> {
  for (const name of folders.filter((each) => /^[0-9a-f]{32}(#output)?$/.test(each)).slice(0, 4)) {
    if ((await folder.source.lstat(join(folder.path, `${name}/.data.json`))) !== undefined) return true
  }
  return false
}

function isNamed(folder: Place, name: string): boolean {
  const path = folder.path === '' ? folder.source.uri : folder.path
  return path === name || path.endsWith(`/${name}`)
}

function fileName(uri: string): string {
  return decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1))
}
