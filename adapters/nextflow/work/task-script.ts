import { readContainerCommand } from './container-command.ts'
import { parseStaging, type StagedInput } from './staging.ts'
import { parseUnstaging, type Unstaging } from './unstaging.ts'

/** What a task's `.command.run` says: the engine's own account of inputs and outputs, written before the task started. */
export interface TaskScript {
  readonly name?: string
  readonly container?: string
  /** Declared output patterns, globs unexpanded; absent where the engine (before 24.04) did not write them. */
  readonly outputs?: readonly string[]
  /** The folder of a job array: it starts tasks and is none. */
  readonly isArray: boolean
  /** Absolute path of the task's folder as the engine saw it. */
  readonly workDir?: string
  readonly inputs: readonly StagedInput[]
  /** A file that holds the staging lines instead (very many inputs). */
  readonly stageFile?: string
  readonly unstaging?: Unstaging
}

/** Parses the text of `.command.run`, from 20.x on. */
export function parseTaskScript(text: string): TaskScript {
  const workDir = findWorkDir(text)
  const staging = parseStaging(functionBody(text, 'nxf_stage'), workDir)
  const block = header(text)
  const container = headerValue(block, 'container') ?? readContainerCommand(functionBody(text, 'nxf_launch'))
  const name = headerValue(block, 'name') ?? taskLine(text)
  const outputs = headerOutputs(block)
  // 21.x to 23.x write the loops into nxf_unstage itself
  const unstaging = parseUnstaging(functionBody(text, 'nxf_unstage_outputs') || functionBody(text, 'nxf_unstage'))
  return {
    isArray: isArrayScript(text),
    inputs: staging.inputs,
    ...(name === undefined || name === '' ? {} : { name }),
    ...(container === undefined || container === 'null' || container === '' ? {} : { container }),
    ...(outputs === undefined ? {} : { outputs }),
    ...(workDir === undefined ? {} : { workDir }),
    ...(staging.stageFile === undefined ? {} : { stageFile: staging.stageFile }),
    ...(unstaging === undefined ? {} : { unstaging }),
  }
}

/** The comment block between `### ---` and `### ...`. */
function header(text: string): string | undefined {
  const start = text.indexOf('### ---\n')
  const end = text.indexOf('\n### ...', start)
  return start < 0 || end < 0 ? undefined : text.slice(start + '### ---'.length, end)
}

/** A quoted value of the header. Values are not escaped: a tag may hold quotes and line ends. */
function headerValue(block: string | undefined, key: string): string | undefined {
  const start = block?.indexOf(`\n### ${key}: '`) ?? -1
  if (block === undefined || start < 0) return undefined
  const from = start + `\n### ${key}: '`.length
  const next = block.slice(from).search(/'\n### (container|outputs|array|name)\b|'$/)
  return next < 0 ? undefined : block.slice(from, from + next)
}

function headerOutputs(block: string | undefined): string[] | undefined {
  if (block === undefined) return undefined
  const start = block.indexOf('\n### outputs:')
  if (start < 0) return []
  return block
    .slice(start)
    .split('\n### - ')
    .slice(1)
    .map((item) => item.replace(/^'|'$/g, ''))
}

/** The lines of a shell function whose closing brace stands in the first column. */
function functionBody(text: string, name: string): string {
  const start = text.indexOf(`\n${name}() {\n`)
  if (start < 0) return ''
  const from = start + name.length + '\n() {\n'.length
  const end = text.indexOf('\n}', from - 1)
  return text.slice(from, end < 0 ? undefined : end)
}

/** Before 24.04 the name stands in a line of its own. */
function taskLine(text: string): string | undefined {
  return text.includes('# NEXTFLOW TASK: ') ? /^# NEXTFLOW TASK: (.*)$/m.exec(text)?.[1] : undefined
}

/** The header of a job array stands at the beginning. */
export function isArrayScript(text: string): boolean {
  const at = text.indexOf('### array:')
  return at >= 0 && at < 65_536 && /^### array:/m.test(text.slice(0, 65_536))
}

/** From the line that writes the exit code: `printf -- $exit_status > /work/ab/cdef/.exitcode`. */
function findWorkDir(text: string): string | undefined {
  for (let at = text.indexOf('/.exitcode'); at >= 0; at = text.indexOf('/.exitcode', at + 1)) {
    const end = text.indexOf('\n', at)
    const line = text.slice(text.lastIndexOf('\n', at) + 1, end < 0 ? undefined : end)
    const path = /^\s*printf (?:-- )?\$\{?exit_status\}? >\|? (.*)\/\.exitcode\s*$/.exec(line)?.[1]
    if (path !== undefined) return path.replace(/\\(.)/g, '$1').replace(/^["']/, '')
  }
  return undefined
}
