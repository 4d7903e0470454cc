import type { Found } from '../../../core/adapter.ts'
import { join, type Place } from '../find/places.ts'
import { parseStaging, type StagedInput } from './staging.ts'
import { parseTaskScript, type TaskScript } from './task-script.ts'

/** More than any wrapper: one of 10,000 inputs is about 2 MiB. */
const MAX_SCRIPT_BYTES = 64 * 1024 * 1024
const MAX_COMMAND_BYTES = 1_000_000
const MAX_EXIT_BYTES = 64
const MAX_ERROR_BYTES = 8192

/** What lies in a task's folder beside its outputs. */
export interface TaskFolder {
  readonly place: Place
  /** Absent when the engine wrote none: a native task, or no task at all. */
  readonly script?: TaskScript
  readonly inputs: readonly StagedInput[]
  /** The script as it ran: `.command.sh`. */
  readonly command?: string | undefined
  readonly exit?: number
  /** When the engine wrote the script, and when the task ended: file times, wrong in a folder that was copied without them. */
  readonly writtenMs?: number | undefined
  readonly endedMs?: number | undefined
  /** Said when something is there that cannot be read. */
  readonly damage?: string
}

/** Reads the control files of a task's folder, all at once; `undefined` when the folder is not there. */
export async function readTaskFolder(place: Place): Promise<TaskFolder | undefined> {
  const { source, path } = place
  const [folder, script, command, exit] = await source.look([
    { path },
    { path: join(path, '.command.run'), maxBytes: MAX_SCRIPT_BYTES },
    { path: join(path, '.command.sh'), maxBytes: MAX_COMMAND_BYTES },
    { path: join(path, '.exitcode'), maxBytes: MAX_EXIT_BYTES },
  ])
  if (there(folder)?.stat.type !== 'folder') return undefined
  const read = await readScript(place, textOf(script))
  if (read.script === undefined) return { place, command: textOf(command), ...read }
  const times = { writtenMs: there(command)?.stat.modifiedMs, endedMs: there(exit)?.stat.modifiedMs }
  return { place, command: textOf(command), ...read, ...readExit(textOf(exit)), ...times }
}

/** What cannot be read is not there: the caller says what that means. */
function there(found: Found | Error | undefined): Found | undefined {
  return found !== undefined && 'stat' in found ? found : undefined
}

/** A file's text; `undefined` when it is not there, too large or unreadable. */
function textOf(found: Found | Error | undefined): string | undefined {
  const bytes = there(found)?.bytes
  return bytes === undefined ? undefined : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')
}

type Script = Pick<TaskFolder, 'script' | 'inputs' | 'damage'>

async function readScript({ source, path }: Place, text: string | undefined): Promise<Script> {
  if (text === undefined) return { inputs: [] }
  if (!text.includes('nxf_stage')) return { inputs: [], damage: '.command.run is cut short or no wrapper of Nextflow' }
  const script = parseTaskScript(text)
  if (script.stageFile === undefined) return { script, inputs: script.inputs }
  const [found] = await source.look([{ path: join(path, '.command.stage'), maxBytes: MAX_SCRIPT_BYTES }])
  const staging = textOf(found)
  if (staging === undefined) return { script, inputs: script.inputs, damage: '.command.stage is missing' }
  return { script, inputs: [...script.inputs, ...parseStaging(staging, script.workDir).inputs] }
}

function readExit(text: string | undefined): { exit?: number } {
  return text !== undefined && /^\d{1,9}\s*$/.test(text) ? { exit: Number.parseInt(text, 10) } : {}
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
