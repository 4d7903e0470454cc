import { normalizePath, type FileSource, type Stat } from '../../../core/adapter.ts'
import { join, type Place, type Places } from '../find/places.ts'
import { parseGlob, type Glob } from './glob.ts'
import { wasReplaced } from './replaced-input.ts'
import type { StagedInput } from './staging.ts'
import type { TaskFolder } from './task-folder.ts'

/** A file or folder that a task left. */
export interface TaskOutput {
  /** Absolute path (or uri) as the engine knew it. */
  readonly path: string
  readonly place: Place
  readonly stat: Stat
  /** The declared pattern that it matches; absent when none was declared (engines before 24.04). */
  readonly pattern?: string
}

/** What `findOutputs` saw. `missing`: declared exact names that are not there (optional, moved away, or cleaned). */
export interface FoundOutputs {
  readonly outputs: readonly TaskOutput[]
  readonly missing: readonly { readonly path: string; readonly pattern: string }[]
}

/** A task that leaves more than this leaves a database of its own; its folders are listed, not all files. */
const MAX_FILES = 200_000

/** Outputs by the declared patterns, as Nextflow reads them, and as they lie on disk now. */
export async function findOutputs(folder: TaskFolder, workDir: string, places: Places): Promise<FoundOutputs> {
  const { script } = folder
  const staged = new Set(folder.inputs.map(stagedName))
  const stored = script?.unstaging
  const elsewhere = stored !== undefined && normalizePath(stored.target) !== normalizePath(workDir)
  const patterns = script?.outputs ?? stored?.patterns
  if (patterns === undefined) {
    return { outputs: await listLeft(folder, workDir, places), missing: [] }
  }
  if (!elsewhere) return matchAll(patterns, folder.place, workDir, staged)
  const target = stored.target.startsWith('/') ? await places.findFolder(stored.target) : undefined
  if (target === undefined) return { outputs: [], missing: [] }
  return matchAll(patterns, target, normalizePath(stored.target), new Set())
}

function stagedName({ name }: StagedInput): string {
  return normalizePath(`/${name}`).slice(1)
}

async function matchAll(
  patterns: readonly string[],
  place: Place,
  was: string,
  staged: ReadonlySet<string>,
): Promise<FoundOutputs> {
  const outputs = new Map<string, TaskOutput>()
  const missing: { path: string; pattern: string }[] = []
  for (const pattern of patterns) {
    const glob = parseGlob(pattern)
    const names = glob.exact ? [exactName(pattern)] : await matchGlob(glob, pattern, place, staged)
    for (const name of names) {
      const at = { source: place.source, path: join(place.path, name) }
      const stat = await statOutput(at)
      const path = normalizePath(`${was}/${name}`)
      if (stat === undefined) missing.push({ path, pattern })
      else if (!outputs.has(name)) outputs.set(name, { path, place: at, stat, pattern })
    }
  }
  return { outputs: [...outputs.values()], missing }
}

/** Through a link when it leads somewhere inside, else the link itself. */
async function statOutput({ source, path }: Place): Promise<Stat | undefined> {
  return (await source.stat(path).catch(() => undefined)) ?? (await source.lstat(path))
}

function exactName(pattern: string): string {
  return normalizePath(`/${pattern.replace(/\\(.)/gs, '$1')}`).slice(1)
}

/** Nextflow's rules: hidden names only by a pattern that begins so, staged inputs never, `**` means files. */
async function matchGlob(glob: Glob, pattern: string, place: Place, staged: ReadonlySet<string>): Promise<string[]> {
  const wantsHidden = /(^|\/)\./.test(pattern)
  const found: string[] = []
  for await (const { name, isFolder } of walk(
    place.source,
    place.path,
    glob.folder,
    glob.deep || slashes(pattern) > 0,
  )) {
    const last = name.slice(name.lastIndexOf('/') + 1)
    if (last.startsWith('.') && !wantsHidden) continue
    if ((glob.deep && isFolder) || staged.has(name) || !glob.matches(name)) continue
    found.push(name)
  }
  return found
}

function slashes(pattern: string): number {
  return pattern.split('/').length - 1
}

/** Names below `folder`, relative to the task's folder, in order. */
async function* walk(
  source: FileSource,
  root: string,
  folder: string,
  deep: boolean,
): AsyncIterable<{ name: string; isFolder: boolean }> {
  const queue = [folder]
  let count = 0
  for (let next = queue.shift(); next !== undefined && count < MAX_FILES; next = queue.shift()) {
    for await (const entry of source.list(join(root, next))) {
      count++
      const name = join(next, entry.name)
      yield { name, isFolder: entry.type === 'folder' }
      if (deep && entry.type === 'folder') queue.push(name)
    }
  }
}

/**
 * Where the engine did not write down the patterns: what lies at the top of the folder, is not the engine's own and was
 * not brought in, or no longer what was. Certainly made by the task, though perhaps no declared output.
 */
async function listLeft({ place, inputs }: TaskFolder, workDir: string, places: Places): Promise<TaskOutput[]> {
  const tops = new Map(inputs.map((input) => [stagedName(input).split('/')[0], input]))
  const outputs: TaskOutput[] = []
  for await (const entry of place.source.list(place.path)) {
    if (entry.name.startsWith('.') || entry.type === 'other') continue
    const at = { source: place.source, path: join(place.path, entry.name) }
    const input = tops.get(entry.name)
    const isOwn = input === undefined || (stagedName(input) === entry.name && (await wasReplaced(at, input, places)))
    if (!isOwn) continue
    const stat = await statOutput(at)
    if (stat !== undefined) outputs.push({ path: normalizePath(`${workDir}/${entry.name}`), place: at, stat })
  }
  return outputs
}
