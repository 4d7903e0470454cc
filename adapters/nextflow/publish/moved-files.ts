import type { Stat } from '../../../core/adapter.ts'
import { join, type Place, type Places } from '../find/places.ts'
import { parseGlob } from '../work/glob.ts'
import { readTaskFolder, type TaskFolder } from '../work/task-folder.ts'
import { nameOf, type Maker, type MissingOutput } from './output-book.ts'

/** A task from whose folder a file may have been moved away. */
export interface MovedCandidate extends MissingOutput {
  /** The folder that was moved as a whole. */
  readonly folder?: string
  /** Its script has the name as a word. */
  readonly isNamed: boolean
  /** Declared by this very name. */
  readonly isExact: boolean
  /** It had no inputs there: nothing says that its folder was not cleaned as a whole, and the file not copied before. */
  readonly mayBeCleaned: boolean
}

export interface MovedContext {
  readonly places: Places
  /** Who executed the task of a hash, by its first eight digits. */
  makerOf(hash: string): Maker | undefined
}

/** So many tasks at one time say nothing. */
const MOST_TASKS = 256
/** Folders between a published file and its publishing folder that are still tried. */
const MOST_DEPTH = 6
/** Inputs that are looked for: a folder is cleaned of all of them. */
const MOST_INPUTS = 8
/** File times are cut to the millisecond. */
const CUT_MS = 2

interface ReadTask {
  readonly workDir: string
  readonly place: Place
  readonly folder: TaskFolder
  readonly startedMs: number
  readonly maker: Maker
}

/**
 * Outputs that were published by `mode: 'move'`: nothing is left of them in the task's folder, but a moved file keeps
 * its time, which lies between the start and the end of the task that wrote it. Four numbers a task are kept.
 */
export class MovedFiles {
  readonly #context: MovedContext
  readonly #workFolders: string[] = []
  readonly #tasks: number[] = []
  readonly #read = new Map<string, Promise<ReadTask | undefined>>()

  constructor(context: MovedContext) {
    this.#context = context
  }

  /** A task that ended well, and what its folder was called. */
  note(workDir: string, { writtenMs, endedMs }: TaskFolder): void {
    const hash = /^(.*)\/([0-9a-f]{2})\/([0-9a-f]{6})[0-9a-f]{24}$/s.exec(workDir)
    if (hash === null || writtenMs === undefined || endedMs === undefined) return
    const [, above = '', two = '', six = ''] = hash
    let work = this.#workFolders.lastIndexOf(above)
    if (work < 0) work = this.#workFolders.push(above) - 1
    this.#tasks.push(Number.parseInt(two + six, 16), work, writtenMs, endedMs)
  }

  /** Tasks that ran when the file was written, declared something of its name and have it no longer. */
  async candidates(path: string, { modifiedMs }: Stat): Promise<readonly MovedCandidate[]> {
    const found = new Map<string, MovedCandidate>()
    for (const [hash, work] of this.#at(modifiedMs)) {
      const task = await this.#task(hash, work)
      if (task === undefined || modifiedMs < task.startedMs - CUT_MS) continue
      const candidate = await this.#moved(task, path)
      if (candidate !== undefined) found.set(candidate.path, candidate)
    }
    return [...found.values()]
  }

  #at(ms: number): readonly (readonly [hash: string, work: string])[] {
    const found: (readonly [string, string])[] = []
    const tasks = this.#tasks
    for (let at = 0; at < tasks.length; at += 4) {
      if (ms < (tasks[at + 2] ?? 0) - CUT_MS || ms > (tasks[at + 3] ?? 0) + CUT_MS) continue
      if (found.length >= MOST_TASKS) return []
      found.push([(tasks[at] ?? 0).toString(16).padStart(8, '0'), this.#workFolders[tasks[at + 1] ?? 0] ?? ''])
    }
    return found
  }

  #task(hash: string, work: string): Promise<ReadTask | undefined> {
    const key = `${work} ${hash}`
    let read = this.#read.get(key)
    if (read === undefined) {
      if (this.#read.size > MOST_TASKS) this.#read.clear()
      this.#read.set(key, (read = this.#readTask(hash, work)))
    }
    return read
  }

  async #readTask(hash: string, work: string): Promise<ReadTask | undefined> {
    const maker = this.#context.makerOf(hash)
    const full = maker === undefined ? undefined : /[0-9a-f]{2}\/[0-9a-f]{30}$/.exec(maker.key)?.[0]
    if (maker === undefined || full === undefined) return undefined
    const workDir = `${work}/${full}`
    const place = await this.#context.places.find(workDir)
    const folder = place === undefined ? undefined : await readTaskFolder(place)
    if (place === undefined || folder?.script === undefined) return undefined
    const begin = await place.source.lstat(join(place.path, '.command.begin'))
    // A task begins after its script was written; in a copy that lost the times, files come in the order of their names.
    if (begin === undefined || begin.modifiedMs <= (folder.writtenMs ?? Infinity)) return undefined
    // cleaned: what is gone was not moved, and a file of its form may be a copy from any task
    if (await lacksInputs(place, folder)) return undefined
    return { workDir, place, folder, startedMs: begin.modifiedMs, maker }
  }

  async #moved(task: ReadTask, path: string): Promise<MovedCandidate | undefined> {
    const parts = path.split('/')
    for (let depth = 1; depth <= Math.min(MOST_DEPTH, parts.length - 1); depth++) {
      const rest = parts.slice(-depth).join('/')
      const declared = declaredPart(task.folder.script?.outputs, rest)
      if (declared === undefined) continue
      if (await isThere(task, declared.part)) return undefined
      const { part, isExact } = declared
      const { maker, workDir, folder } = task
      const isNamed = names(folder.command ?? '', nameOf(part))
      if (folder.script?.outputs === undefined && !isNamed) return undefined
      return {
        path: `${workDir}/${rest}`,
        maker,
        runs: new Set([maker.order]),
        isNamed,
        isExact,
        mayBeCleaned: !keepsInputs(folder),
        ...(part === rest ? {} : { folder: `${workDir}/${part}` }),
      }
    }
    return undefined
  }
}

/** The engine brought inputs into the folder, and none of them is there. */
async function lacksInputs({ source, path }: Place, folder: TaskFolder): Promise<boolean> {
  if (!keepsInputs(folder)) return false
  const { inputs } = folder
  for (const { name } of inputs.slice(0, MOST_INPUTS)) {
    if ((await source.lstat(join(path, name))) !== undefined) return false
  }
  return true
}

/** Inputs lie in the folder after the task too: there are some, and they were not brought into a scratch folder. */
function keepsInputs({ inputs, script }: TaskFolder): boolean {
  return inputs.length > 0 && script?.unstaging === undefined
}

async function isThere({ place }: ReadTask, name: string): Promise<boolean> {
  return (await place.source.lstat(join(place.path, name))) !== undefined
}

/**
 * What of `a/b/c` was declared: itself, or the first folders of it as one output. Engines before 24.04 did not write
 * down what was; there any name may have been.
 */
function declaredPart(
  patterns: readonly string[] | undefined,
  rest: string,
): { readonly part: string; readonly isExact: boolean } | undefined {
  if (patterns === undefined) return { part: rest, isExact: false }
  const globs = patterns.map(parseGlob)
  for (let part = rest; part !== ''; part = part.slice(0, Math.max(0, part.lastIndexOf('/')))) {
    const matching = globs.filter((glob) => glob.matches(part))
    if (matching.length > 0) return { part, isExact: matching.some((glob) => glob.exact) }
  }
  return undefined
}

/** The script has the name as a word of its own, or as the end of a path. */
function names(command: string, name: string): boolean {
  for (let at = command.indexOf(name); at >= 0; at = command.indexOf(name, at + 1)) {
    const before = command.charAt(at - 1)
    const after = command.charAt(at + name.length)
    if (!/[\w.-]/.test(before) && !/[\w.-]/.test(after)) return true
  }
  return false
}
