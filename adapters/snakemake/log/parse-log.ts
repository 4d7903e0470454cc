import type { Execution, TraceJob } from './execution.ts'
import { newExecution } from './execution.ts'
import { JobTable } from './job-table.ts'
import { LooseTexts } from './loose-texts.ts'
import { parseStamp, parseStem } from './stamp.ts'

const JOB_HEAD = /^(\s*)(local)?(rule|checkpoint) (\S.*):$/
const MESSAGE_HEAD = /^(\s*)Job (\d+): (.*)$/
const FINISHED = /^\s*Finished (?:job (\d+)\.|jobid: (\d+)(?: \(Rule: (.+)\))?)$/
const ERROR_HEAD = /^(\s*)Error in (?:rule|checkpoint) (\S.*):$/
const GROUP = /^\s*Group job (.+) \(jobs in lexicogr\. order\):$/
const FIELD = /^ {4}([a-z_-]+): ?(.*)$/
const HEAD_LINE = /^ {2}([A-Z][A-Za-z0-9 ()]+): (.*)$/
const EXIT_STATUS = /^Command '(.*)' returned non-zero exit status (\d+)\.$/

type Block = { readonly indent: number; readonly fields: Map<string, string>; readonly job?: TraceJob } & (
  | { readonly kind: 'job'; readonly rule: string; readonly checkpoint: boolean; readonly local: boolean }
  | { readonly kind: 'error'; readonly rule: string; shell: string[] | undefined }
  | { readonly kind: 'message'; readonly jobId: string }
)

/** Reads `.snakemake/log/*.snakemake.log` of Snakemake 5 to 9, line by line. */
export class LogParser {
  readonly execution: Execution
  readonly #jobs: JobTable
  readonly #texts: LooseTexts
  #block: Block | undefined
  #stampMs: number | undefined
  /** The line before was a time: only then may a block or an end follow. */
  #afterStamp = false
  #inHead = false
  #exitStatus: { readonly command: string; readonly code: number } | undefined

  constructor(stem: string) {
    this.execution = newExecution(stem, 'local')
    const startMs = parseStem(stem)
    if (startMs !== undefined) this.execution.startMs = startMs
    this.#jobs = new JobTable(this.execution)
    this.#texts = new LooseTexts(this.execution, this.#jobs)
  }

  line(line: string): void {
    this.execution.told = true
    const stamp = parseStamp(line)
    if (stamp !== undefined) {
      this.#endBlock()
      this.#stampMs = stamp.ms
      this.execution.lastMs = stamp.ms
      if (stamp.indent === 0) this.#jobs.leaveGroup()
      const group = GROUP.exec(stamp.rest)?.[1]
      if (group !== undefined) this.#jobs.enterGroup(group)
      this.#afterStamp = true
      return
    }
    if (this.#block !== undefined && this.#inBlock(this.#block, line)) return
    this.#endBlock()
    const after = this.#afterStamp
    if (line.trim() !== '') this.#afterStamp = false
    if (after && this.#beginBlock(line)) return
    this.#loose(line)
  }

  finish(): Execution {
    this.#endBlock()
    this.#jobs.settle()
    return this.execution
  }

  #beginBlock(line: string): boolean {
    const group = GROUP.exec(line)?.[1]
    if (group !== undefined) {
      this.#jobs.enterGroup(group)
      this.#afterStamp = true // 5 to 8 print the first member's time on a line of its own, or not at all
      return true
    }
    const head = JOB_HEAD.exec(line)
    if (head !== null) {
      const [, indent = '', local, what, rule = ''] = head
      const flags = { checkpoint: what === 'checkpoint', local: local !== undefined }
      this.#block = { kind: 'job', indent: indent.length, fields: new Map(), rule, ...flags }
      return true
    }
    const error = ERROR_HEAD.exec(line)
    if (error !== null) {
      const [, indent = '', rule = ''] = error
      this.#block = { kind: 'error', indent: indent.length, fields: new Map(), rule, shell: undefined }
      return true
    }
    return this.#messageOrEnd(line)
  }

  #messageOrEnd(line: string): boolean {
    const message = MESSAGE_HEAD.exec(line)
    if (message !== null) {
      const [, indent = '', jobId = '', text = ''] = message
      this.#jobs.beginMessage(jobId, text, this.#stampMs)
      this.#block = { kind: 'message', jobId, indent: indent.length, fields: new Map() }
      return true
    }
    const finished = FINISHED.exec(line)
    if (finished === null) return false
    this.#jobs.finish(finished[1] ?? finished[2] ?? '', finished[3], this.#stampMs)
    return true
  }

  /** Whether the line belongs to the block. */
  #inBlock(block: Block, line: string): boolean {
    // The text of a message is free: up to its reason, or an empty line, nothing of it is looked at.
    if (block.kind === 'message') {
      const reason = /^\s*Reason: (.*)$/.exec(line)?.[1]
      if (reason !== undefined) {
        this.#jobs.reasonOfMessage(block.jobId, reason)
        this.#block = undefined
      }
      return reason !== undefined || (line.trim() !== '' && !line.startsWith('Submitted '))
    }
    if (!line.startsWith(' '.repeat(block.indent + 4))) return false
    const text = line.slice(block.indent)
    const field = FIELD.exec(text)
    if (block.kind === 'error' && block.shell !== undefined) {
      if (/^ {8}\(.*non-zero exit code/.test(text)) block.fields.set('shell', block.shell.join('\n'))
      else block.shell.push(text.slice(8))
    } else if (field?.[1] === 'shell' && block.kind === 'error') block.shell = []
    else if (field?.[1] !== undefined && !block.fields.has(field[1])) block.fields.set(field[1], field[2] ?? '')
    return true
  }

  #endBlock(): void {
    const block = this.#block
    this.#block = undefined
    if (block?.kind === 'job') this.#jobs.begin(block, block.fields, this.#stampMs)
    if (block?.kind !== 'error') return
    const shell = block.fields.get('shell') ?? block.shell?.join('\n')
    const status = this.#exitStatus
    const same = status !== undefined && shell !== undefined && status.command.endsWith(shell.trim())
    this.#jobs.fail(block.rule, block.fields, shell, same ? status.code : undefined, this.#stampMs)
    this.#exitStatus = undefined
  }

  #loose(line: string): void {
    const head = HEAD_LINE.exec(line)
    if (line === '=========') this.#inHead = true
    else if (this.#inHead && head !== null) readHead(this.execution, head[1] ?? '', head[2] ?? '')
    else if (line.trim() !== '') this.#inHead = false
    const status = EXIT_STATUS.exec(line)
    if (status !== null) this.#exitStatus = { command: status[1]?.trim() ?? '', code: Number(status[2]) }
    if (line.startsWith('host: ')) this.execution.head.host ??= line.slice(6)
    this.#texts.line(line, this.#stampMs)
  }
}

function readHead(execution: Execution, name: string, value: string): void {
  const { head } = execution
  if (name === 'Workflow ID') head.workflowId = value
  else if (name === 'Host') head.host = value
  else if (name === 'User') head.user = value
  else if (name === 'Snakemake version') head.version = value
  else if (name === 'Command') head.command = value
  else if (name === 'Snakefile') head.snakefile = value
  else if (name === 'Working directory') head.workDir = value
  else if (name === 'Config file(s)' && value !== '[]') head.configFiles = value
}
