import type { z } from 'zod'
import { newExecution } from '../log/execution.ts'
import type { Execution, Slots, TraceJob } from '../log/execution.ts'
import { JobTable } from '../log/job-table.ts'
import { LooseTexts } from '../log/loose-texts.ts'
import { parseStem } from '../log/stamp.ts'
import type { Writer } from './process-state.ts'
import {
  GroupInfo, JobError, JobFinished, JobInfo, JobSlots, Opened, ShellCommand, SpoolLine, Text, WorkflowStarted,
} from './event.ts' // prettier-ignore

/** Zones differ by whole quarters of an hour. */
const QUARTER_MS = 15 * 60_000
/** From the log's name to the first event. */
const MOST_APART_MS = 5 * 60_000

/** Follows one run's events, line by line. */
export class SpoolReader {
  readonly execution: Execution
  writer: Writer | undefined
  readonly #jobs: JobTable
  readonly #texts: LooseTexts
  readonly #slots = new Map<string, Slots>()
  readonly #handlers: ReadonlyMap<string, Handler>
  #last: TraceJob | undefined
  #lastSeq = 0
  #exitStatus: { readonly command: string; readonly code: number } | undefined

  constructor(stem: string) {
    this.execution = newExecution(stem, 'utc')
    this.#jobs = new JobTable(this.execution)
    this.#texts = new LooseTexts(this.execution, this.#jobs)
    this.#handlers = new Map([
      ['opened', on(Opened, (fields, ms) => { this.#opened(fields, ms) })],
      ['workflow_started', on(WorkflowStarted, (fields) => { this.#started(fields) })],
      ['group_info', on(GroupInfo, (fields) => { this.#jobs.enterGroup(fields.group_id ?? fields.groupid ?? '') })],
      ['job_slots', on(JobSlots, (fields) => { this.#slots.set(fields.jobid, toSlots(fields)) })],
      ['job_info', on(JobInfo, (fields, ms) => { this.#info(fields, ms) })],
      ['shellcmd', on(ShellCommand, (fields) => { this.#shell(fields.shellcmd ?? fields.cmd) })],
      ['job_finished', on(JobFinished, (fields, ms) => { this.#jobs.finish(fields.job_id, undefined, ms) })],
      ['job_error', on(JobError, (fields, ms) => { this.#failed(fields, ms) })],
      ['text', on(Text, (fields, ms) => { this.#text(fields.text, ms) })],
      ['error', on(Text, (fields, ms) => { this.#text(fields.text, ms) })],
      ['closed', () => (this.execution.ended = true)],
    ]) // prettier-ignore
  }

  /** @returns `false` for a line that is none of ours, cut or damaged */
  line(line: string): boolean {
    const json = parseJson(line)
    const head = SpoolLine.safeParse(json)
    if (!head.success) return false
    const { seq, ts, event } = head.data
    if (seq <= this.#lastSeq) return true // a file that was put together twice
    this.#lastSeq = seq
    const ms = ts * 1000
    this.execution.told = true
    this.execution.startMs ??= this.#begun(ms)
    this.execution.lastMs = ms
    return this.#handlers.get(event)?.(json, ms) ?? true
  }

  finish(): Execution {
    this.#jobs.settle()
    return this.execution
  }

  /** The name's time, in UTC by the first event: the log alone gives the same. */
  #begun(firstMs: number): number {
    const localMs = parseStem(this.execution.stem)
    if (localMs === undefined) return firstMs
    const startMs = localMs - Math.round((localMs - firstMs) / QUARTER_MS) * QUARTER_MS
    return Math.abs(firstMs - startMs) < MOST_APART_MS ? startMs : firstMs
  }

  #opened({ pid, host, argv }: z.infer<typeof Opened>, ms: number): void {
    if (pid !== undefined && host !== undefined) this.writer = { pid, host, openedMs: ms }
    // Before 9.22 nothing else tells the command line.
    if (argv !== undefined && argv.length > 0) this.execution.head.command = argv.join(' ')
  }

  #started(fields: z.infer<typeof WorkflowStarted>): void {
    const { head } = this.execution
    // The id is in the log, and so part of the run's name, where the event tells the version too (9.22 and newer).
    if (fields.snakemake_version && fields.workflow_id) head.workflowId = fields.workflow_id
    if (fields.snakemake_version) head.version = fields.snakemake_version
    if (fields.host) head.host = fields.host
    if (fields.user) head.user = fields.user
    if (fields.cmd) head.command = fields.cmd
    if (fields.cwd) head.workDir = fields.cwd
    if (fields.snakefile_main) head.snakefile = fields.snakefile_main
  }

  #info(fields: z.infer<typeof JobInfo>, ms: number): void {
    if (fields.indent !== true && fields.indent !== 'True') this.#jobs.leaveGroup()
    this.#last = this.#jobs.beginTold(fields, ms)
    const slots = this.#slots.get(fields.jobid)
    this.#slots.delete(fields.jobid)
    if (this.#last !== undefined && slots !== undefined) this.#last.slots = slots
    this.#shell(fields.shellcmd)
  }

  /** A command follows its job without naming it. */
  #shell(command: string | null | undefined): void {
    if (!command || this.#last === undefined) return
    this.#last.shell ??= command
    this.#last.acted = true
  }

  #failed(fields: z.infer<typeof JobError>, ms: number): void {
    const shell = fields.shellcmd ?? undefined
    const told = new Map([['jobid', fields.jobid]])
    const status = this.#exitStatus
    const same = status !== undefined && shell !== undefined && status.command.endsWith(shell.trim())
    this.#jobs.fail(fields.rule_name ?? '', told, shell, same ? status.code : undefined, ms)
    this.#exitStatus = undefined
  }

  #text(text: string, ms: number): void {
    const status = /^Command '(.*)' returned non-zero exit status (\d+)\.$/ms.exec(text)
    if (status !== null) this.#exitStatus = { command: (status[1] ?? '').trim(), code: Number(status[2]) }
    for (const line of text.split('\n')) this.#texts.line(line, ms)
  }
}

/** @returns `false` for fields of another shape */
type Handler = (fields: unknown, ms: number) => boolean

function on<T>(shape: z.ZodType<T>, handle: (fields: T, ms: number) => void): Handler {
  return (fields, ms) => {
    const parsed = shape.safeParse(fields)
    if (parsed.success) handle(parsed.data, ms)
    return parsed.success
  }
}

function toSlots(fields: z.infer<typeof JobSlots>): Slots {
  const { inputs = {}, outputs = {}, params = {}, unnamed_params: unnamedParams = [] } = fields
  return { inputs, outputs, params, unnamedParams }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
