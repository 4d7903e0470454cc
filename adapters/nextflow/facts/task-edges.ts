import { normalizePath } from '../../../core/adapter.ts'
import { taskOfPath, type Places } from '../find/places.ts'
import type { TaskView } from '../join/task.ts'
import type { TaskFolder } from '../work/task-folder.ts'
import type { StagedInput } from '../work/staging.ts'
import { wasReplaced } from '../work/replaced-input.ts'
import { findOutputs, type TaskOutput } from '../work/task-outputs.ts'

/** A file that a task read. */
export interface Input {
  /** Absolute path or uri of the real file. */
  readonly path: string
  /** The process's own name for it. */
  readonly role?: string | undefined
}

/** A file that a task made. */
export interface Output {
  readonly path: string
  readonly evidence: 'recorded' | 'observed'
  readonly found?: TaskOutput
  /** The same file came in under this path: the task passed it on. */
  readonly passedOn?: { readonly from: string; readonly how: 'link' | 'symlink' | 'copy' | 'transfer' }
  /** Its place outlives the task (`storeDir`): it may be written again. */
  readonly isStored: boolean
}

/** A folder at the top of a task's own, where the engine did not write down what was declared: it, or files in it. */
export function isOpenFolder({ found, passedOn }: Output): boolean {
  return found?.stat.type === 'folder' && found.pattern === undefined && passedOn === undefined
}

/** What a task made, as far as its folder and its record tell. */
export interface MadeFiles {
  readonly outputs: readonly Output[]
  /** Declared by an exact name and not there: moved away, or optional and never made. */
  readonly gone: readonly string[]
  /** The outputs were looked for where they should be; else others' use of a file may prove more. */
  readonly isListed: boolean
}

/**
 * What came in: the staging lines of the wrapper, which are complete and name the real files; without a wrapper the
 * lineage record, then the cached context. They are not mixed: one file may have two names in two sources.
 */
export function inputsOf(view: TaskView, folder: TaskFolder | undefined): readonly Input[] {
  const named = namedInputs(view)
  if (folder?.script !== undefined) {
    return unique(folder.inputs.map((input) => withRole(input.from, named)))
  }
  if (view.lineage !== undefined) return unique(view.lineage.inputs.map(({ path, name }) => toInput(path, name)))
  return unique(cachedInputs(view))
}

function cachedInputs(view: TaskView): Input[] {
  return (view.entry?.variables ?? []).flatMap(({ name, files }) =>
    files.filter((file) => file.staged).map((file) => toInput(file.path, name)),
  )
}

/** Names of the process's own for paths, from the sources that have them. */
function namedInputs(view: TaskView): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  for (const { path, role } of cachedInputs(view)) if (role !== undefined) names.set(path, role)
  for (const { path, name } of view.lineage?.inputs ?? []) if (name !== undefined) names.set(cleaned(path), name)
  return names
}

function withRole(path: string, names: ReadonlyMap<string, string>): Input {
  return toInput(path, names.get(cleaned(path)))
}

function toInput(path: string, role: string | undefined): Input {
  return { path: cleaned(path), role: role === '' ? undefined : role }
}

function unique(inputs: readonly Input[]): readonly Input[] {
  if (inputs.length < 2) return inputs
  return [...new Map(inputs.map((input) => [input.path, input])).values()]
}

/** `file:///a/b` and `/a/b` are one place. */
function cleaned(path: string): string {
  if (path.startsWith('file:')) return normalizePath(decoded(path.replace(/^file:(\/\/)?/, '')))
  return path.startsWith('/') ? normalizePath(path) : path
}

function decoded(path: string): string {
  try {
    return decodeURI(path)
  } catch {
    return path // Nextflow writes such uris unencoded: a lone % is part of the name
  }
}

/** What a task that ended well made. */
export async function outputsOf(
  view: TaskView,
  folder: TaskFolder | undefined,
  workDir: string | undefined,
  places: Places,
): Promise<MadeFiles> {
  const outputs = new Map<string, Output>()
  const gone: string[] = []
  const staged = new Map(folder?.inputs.map((input) => [cleaned(`${workDir ?? ''}/${input.name}`), input]) ?? [])
  if (folder?.script !== undefined && workDir !== undefined) {
    const found = await findOutputs(folder, workDir, places)
    for (const output of found.outputs) {
      const named = staged.get(output.path)
      const input = named !== undefined && (await wasReplaced(output.place, named, places)) ? undefined : named
      outputs.set(output.path, {
        path: output.path,
        evidence: 'observed',
        found: input === undefined ? output : await behindLink(output, input, places),
        isStored: !isInside(output.path, workDir),
        ...(input === undefined ? {} : { passedOn: { from: input.from, how: input.how } }),
      })
    }
    for (const { path, pattern } of found.missing) {
      const input = staged.get(path)
      if (input === undefined) gone.push(path)
      else outputs.set(path, await lostLink(path, input, pattern, places))
    }
  }
  for (const { path } of view.lineage?.outputs ?? []) {
    const clean = cleaned(path)
    const task = taskOfPath(clean)
    // a file in another task's folder was passed on, not made
    if (outputs.has(clean) || (task !== undefined && task.hash !== view.fullHash)) continue
    outputs.set(clean, { path: clean, evidence: 'recorded', isStored: task === undefined })
  }
  const isListed = folder?.script !== undefined || (view.lineage?.outputs.length ?? 0) > 0
  return { outputs: [...outputs.values()], gone: gone.filter((path) => !outputs.has(path)), isListed }
}

/** A link to an input leads nowhere in a project that was moved since: what it led to is known. */
async function behindLink(output: TaskOutput, { from }: StagedInput, places: Places): Promise<TaskOutput> {
  if (output.stat.type !== 'link') return output
  const target = await places.find(from)
  if (target === undefined) return output
  const { source, path, stat } = target
  return { ...output, place: { source, path }, stat }
}

/** An input passed on under its own name, of which a copy of the folder without its links has nothing. */
async function lostLink(path: string, input: StagedInput, pattern: string, places: Places): Promise<Output> {
  const target = await places.find(input.from)
  const found = target === undefined ? {} : { found: { path, place: target, stat: target.stat, pattern } }
  return { path, evidence: 'recorded', isStored: false, passedOn: { from: input.from, how: input.how }, ...found }
}

function isInside(path: string, folder: string): boolean {
  return path.startsWith(`${normalizePath(folder)}/`)
}
