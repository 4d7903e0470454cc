import { normalizePath } from '../../../core/adapter.ts'
import { shellCommands, shellWords } from './shell-words.ts'

/** One input that the engine brought into a task's folder. */
export interface StagedInput {
  /** Name inside the task's folder. */
  readonly name: string
  /** Absolute path or uri of the real file: the engine resolves links before it stages. */
  readonly from: string
  readonly how: 'symlink' | 'link' | 'copy' | 'transfer'
}

export interface Staging {
  readonly inputs: readonly StagedInput[]
  readonly stageFile?: string
}

/** Functions of the wrapper that fetch from object stores: `nxf_s3_download s3://bucket/key name`. */
const DOWNLOAD = /^nxf_\w+_download$/

/** Reads the lines of `nxf_stage` (or of `.command.stage`); `workDir` is needed for relative links. */
export function parseStaging(body: string, workDir: string | undefined): Staging {
  const inputs: StagedInput[] = []
  let stageFile: string | undefined
  for (const line of body.split('\n')) {
    const trimmed = line.trim()
    if (trimmed === '' || trimmed === 'true' || trimmed.startsWith('#') || trimmed.startsWith('rm ')) continue
    for (const command of shellCommands(unwrapDownload(trimmed))) {
      const file = stageFileOf(command)
      if (file !== undefined) stageFile = file
      const input = inputOf(command, workDir)
      if (input !== undefined) inputs.push(input)
    }
  }
  return { inputs, ...(stageFile === undefined ? {} : { stageFile }) }
}

/** `downloads+=("nxf_s3_download s3://b/k name")` holds a command in a string. */
function unwrapDownload(line: string): string {
  if (!line.startsWith('downloads+=(')) return line
  const inner = /^downloads\+=\((.*)\)$/.exec(line)?.[1]
  return inner === undefined ? line : shellWords(inner).join(' ; ')
}

function stageFileOf(command: readonly string[]): string | undefined {
  const [program = '', file = ''] = command
  return /^(bash|sh|source|\.)$/.test(program) && file.endsWith('/.command.stage') ? file : undefined
}

function inputOf(command: readonly string[], workDir: string | undefined): StagedInput | undefined {
  let at = command[0] === 'nxf_cp_retry' ? 1 : 0
  const program = command[at++] ?? ''
  const first = at
  // Options stand before the operands; a file name may start with a dash only inside a folder.
  while (command[at]?.startsWith('-') === true) at++
  const [from, name] = [command[at], command[at + 1]]
  if (from === undefined || name === undefined || command.length !== at + 2) return undefined
  if (DOWNLOAD.test(program)) return { name, from, how: 'transfer' }
  if (program === 'cp') return { name, from: absolute(from, name, workDir), how: 'copy' }
  if (program !== 'ln') return undefined
  const isSoft = command.slice(first, at).some((option) => /^-[a-z]*s/.test(option))
  return { name, from: absolute(from, name, workDir), how: isSoft ? 'symlink' : 'link' }
}

/** A relative link counts from the folder of the link. Mounted buckets get their address back. */
function absolute(from: string, name: string, workDir: string | undefined): string {
  if (from.startsWith('/') && !from.startsWith('/fusion/')) return normalizePath(from)
  const fusion = /^\/fusion\/(s3|gs|az)\/(.*)$/s.exec(from)
  if (fusion !== null) return `${fusion[1] ?? ''}://${fusion[2] ?? ''}`
  if (from.startsWith('/')) return normalizePath(from)
  if (/^[a-z][a-z0-9+.-]+:\/\//.test(from) || workDir === undefined) return from
  const folder = name.includes('/') ? name.slice(0, name.lastIndexOf('/')) : ''
  return normalizePath(`${workDir}/${folder}/${from}`)
}
