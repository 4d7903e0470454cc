import type { FileSource } from '../../../core/adapter.ts'
import { join, type Place } from '../find/places.ts'
import { parseStaging, type StagedInput } from './staging.ts'
import { parseTaskScript, type TaskScript } from './task-script.ts'

/** More than any wrapper: one of 10,000 inputs is about 2 MiB. */
const MAX_SCRIPT_BYTES = 64 * 1024 * 1024
const MAX_COMMAND_BYTES = 1_000_000
const MAX_ERROR_BYTES = 8192

/** What lies in a task's folder beside its outputs. */
export interface TaskFolder {
  readonly place: Place
  /** Absent when the engine wrote none: a native task, or no task at all. */
  readonly script?: TaskScript
  readonly inputs: readonly StagedInput[]
  readonly exit?: number
  /** `.command.begin` and `.exitcode` are written when the task starts and ends. */
  readonly startedMs?: number
  readonly endedMs?: number
  /** Said when something is there that cannot be read. */
  readonly damage?: string
}

/** Reads the control files of a task's folder; `undefined` when the folder is not there. */
export async function readTaskFolder(place: Place): Promise<TaskFolder | undefined> {
  const { source, path } = place
  const folder = await source.lstat(path)
  if (folder?.type !== 'folder') return undefined
  const read = await readScript(source, path)
  if (read.script === undefined) return { place, ...read }
  const exit = await readExit(source, path)
  const begin = await source.lstat(join(path, '.command.begin'))
  return {
    place,
    ...read,
    ...exit,
    ...(begin === undefined ? {} : { startedMs: begin.modifiedMs }),
  }
}

async function readScript(
  source: FileSource,
  path: string,
): Promise<{ script?: TaskScript; inputs: readonly StagedInput[]; damage?: string }> {
  const text = await readSmall(source, join(path, '.command.run'), MAX_SCRIPT_BYTES)
  if (text === undefined) return { inputs: [] }
  if (!text.includes('nxf_stage')) return { inputs: [], damage: '.command.run is cut short or no wrapper of Nextflow' }
  const script = parseTaskScript(text)
  if (script.stageFile === undefined) return { script, inputs: script.inputs }
  const staging = await readSmall(source, join(path, '.command.stage'), MAX_SCRIPT_BYTES)
  if (staging === undefined) return { script, inputs: script.inputs, damage: '.command.stage is missing' }
  return { script, inputs: [...script.inputs, ...parseStaging(staging, script.workDir).inputs] }
}

async function readExit(source: FileSource, path: string): Promise<{ exit?: number; endedMs?: number }> {
  const file = join(path, '.exitcode')
  const text = await readSmall(source, file, 64)
  const stat = await source.lstat(file)
  if (text === undefined || stat === undefined || !/^\d{1,9}\s*$/.test(text)) return {}
  return { exit: Number.parseInt(text, 10), endedMs: stat.modifiedMs }
}

/** The script as it ran, without its first line. */
export async function readCommand({ source, path }: Place): Promise<string | undefined> {
  return readSmall(source, join(path, '.command.sh'), MAX_COMMAND_BYTES)
}

/** The end of what the task wrote to its error stream. */
export async function readErrorTail({ source, path }: Place): Promise<string | undefined> {
  const file = join(path, '.command.err')
  const stat = await source.lstat(file)
  if (stat?.type !== 'file' || stat.sizeBytes === 0) return undefined
  const start = Math.max(0, stat.sizeBytes - MAX_ERROR_BYTES)
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of source.open(file, { start })) text += decoder.decode(chunk, { stream: true })
  return text.trim() === '' ? undefined : text.trim()
}

/** A file's text; `undefined` when it is not there, too large or unreadable: the caller says what that means. */
async function readSmall(source: FileSource, path: string, maxBytes: number): Promise<string | undefined> {
  return source.readText(path, maxBytes).catch(() => undefined)
}
