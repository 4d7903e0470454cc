import type { Execution, Names, TraceJob } from './execution.ts'
import { newJob } from './execution.ts'

export interface JobHead {
  readonly rule: string
  readonly checkpoint: boolean
  readonly local: boolean
}

/** A job as a live event announces it. */
export interface JobTold {
  readonly jobid: string
  readonly rule_name?: string | null | undefined
  readonly local?: boolean | null | undefined
  readonly input?: readonly string[] | null | undefined
  readonly output?: readonly string[] | null | undefined
  readonly log?: readonly string[] | null | undefined
  readonly benchmark?: string | null | undefined
  readonly wildcards?: object | null | undefined
  readonly resources?: object | null | undefined
  readonly reason?: unknown
  readonly threads?: number | null | undefined
  readonly is_checkpoint?: boolean | null | undefined
}

/** The jobs of one log, by Snakemake's numbers, each with its attempts. */
export class JobTable {
  readonly #execution: Execution
  readonly #last = new Map<string, TraceJob>()
  /** Jobs that may be tried once more: the log said so. */
  readonly #restarting = new Set<string>()
  #group: { readonly name: string; readonly number: number } | undefined
  #groups = 0

  constructor(execution: Execution) {
    this.#execution = execution
  }

  enterGroup(name: string): void {
    this.#groups += 1
    this.#group = { name, number: this.#groups }
  }

  leaveGroup(): void {
    this.#group = undefined
  }

  begin(head: JobHead, fields: ReadonlyMap<string, string>, stampMs: number | undefined): void {
    const jobId = fields.get('jobid')
    if (jobId === undefined || !/^\d+$/.test(jobId)) return // a cut block, or a message that looks like one
    const job = this.#add(jobId, stampMs)
    if (job === undefined) return
    job.rule = head.rule
    job.checkpoint = head.checkpoint
    job.local = head.local
    job.inputs = toNames(fields.get('input'))
    job.outputs = toNames(fields.get('output'))
    job.logs = toNames(fields.get('log'))
    const benchmark = fields.get('benchmark')
    const reason = fields.get('reason')
    const wildcards = fields.get('wildcards')
    const threads = Number(fields.get('threads') ?? '1')
    if (benchmark !== undefined) job.benchmark = benchmark
    if (reason !== undefined) job.reason = reason
    if (wildcards !== undefined) job.wildcardsText = wildcards
    if (Number.isSafeInteger(threads)) job.threads = threads
    job.resources = toResources(fields.get('resources') ?? '')
  }

  /** The same from a live event, which tells names as lists. */
  beginTold(told: JobTold, ms: number): TraceJob | undefined {
    const job = this.#add(told.jobid, ms)
    if (job === undefined) return undefined
    job.isLive = true
    if (told.rule_name) job.rule = told.rule_name
    job.checkpoint = told.is_checkpoint === true
    job.local = told.local === true
    job.inputs = { names: told.input ?? [] }
    job.outputs = { names: told.output ?? [] }
    job.logs = { names: told.log ?? [] }
    if (told.benchmark) job.benchmark = told.benchmark
    if (typeof told.reason === 'string' && told.reason !== '') job.reason = told.reason
    if (typeof told.threads === 'number') job.threads = told.threads
    job.wildcards = toTexts(told.wildcards)
    job.resources = toTexts(told.resources)
    return job
  }

  beginMessage(jobId: string, text: string, stampMs: number | undefined): void {
    const job = this.#add(jobId, stampMs)
    if (job === undefined) return
    job.messageOnly = true
    job.message = text
  }

  /** What follows the message of the job that began last. */
  reasonOfMessage(jobId: string, reason: string): void {
    const job = this.#last.get(jobId)
    if (job?.message !== undefined) job.reason ??= reason
  }

  finish(jobId: string, rule: string | undefined, stampMs: number | undefined): void {
    const job = this.#last.get(jobId) ?? this.#unseen(jobId, rule)
    if (job?.status !== 'open') return
    if (rule !== undefined && job.rule !== undefined && job.rule !== rule) return // not what began under this number
    job.status = 'finished'
    if (rule !== undefined) job.rule = rule
    if (stampMs !== undefined) job.endMs = stampMs
  }

  fail(rule: string, fields: ReadonlyMap<string, string>, shell?: string, code?: number, stampMs?: number): void {
    const job = this.#last.get(fields.get('jobid') ?? '')
    if (job?.status !== 'open' || (job.rule !== undefined && job.rule !== rule)) return // told twice by 9.0 to 9.25
    job.status = 'failed'
    job.rule = rule
    job.acted = true
    if (stampMs !== undefined) job.endMs = stampMs
    if (job.messageOnly) this.#fillFromError(job, fields)
    if (shell !== undefined) job.shell = shell
    if (code !== undefined) job.exitCode = code
    const message = fields.get('message')
    job.errorText = message === undefined || message === 'None' ? `Error in rule ${rule}` : message
  }

  #fillFromError(job: TraceJob, fields: ReadonlyMap<string, string>): void {
    job.messageOnly = false
    job.inputs = toNames(fields.get('input'))
    job.outputs = toNames(fields.get('output'))
  }

  restart(jobId: string, stampMs: number | undefined): void {
    const job = this.#last.get(jobId)
    if (job === undefined) return
    this.#restarting.add(jobId)
    if (job.status !== 'open') return
    job.status = 'failed' // an output that failed its check has no error block
    if (stampMs !== undefined) job.endMs = stampMs
  }

  /** A failed check of the outputs tells nothing but that they were removed. */
  removed(rule: string, outputs: string, stampMs: number | undefined): void {
    const job = this.#execution.jobs.find(
      (job) => job.status === 'open' && job.rule === rule && sameFiles(job.outputs, outputs),
    )
    if (job === undefined) return
    job.status = 'failed'
    job.acted = true
    job.errorText = this.#execution.errorText ?? `Error in rule ${rule}`
    if (stampMs !== undefined) job.endMs = stampMs
  }

  submitted(isGroup: boolean, id: string, externalId: string): void {
    const last = this.#execution.jobs.at(-1)
    if (!isGroup) {
      const job = this.#last.get(id)
      if (job !== undefined) job.externalId = externalId
      return
    }
    if (last?.group === undefined) return
    for (const job of this.#execution.jobs) if (job.group?.number === last.group.number) job.externalId = externalId
    this.#group = undefined
  }

  /** What the end of the log says about jobs that never ended. */
  settle(): void {
    const { closed, failed, cancelled, jobs } = this.#execution
    const open = jobs.filter((job) => job.status === 'open')
    // `--quiet progress` leaves out the ends of all jobs.
    const endsAreTold = open.length < 2 || jobs.some((job) => job.status === 'finished')
    for (const job of open) {
      if (cancelled) job.status = 'cancelled'
      // Snakemake waits for running jobs before it closes: one without an end failed on a check of its outputs.
      else if (closed && failed && endsAreTold) job.status = 'failed'
    }
  }

  /** `--quiet rules` leaves out the blocks; from 9 on the end still names the rule. */
  #unseen(jobId: string, rule: string | undefined): TraceJob | undefined {
    if (rule === undefined) return undefined
    const job = this.#add(jobId, undefined)
    if (job !== undefined) job.messageOnly = true
    return job
  }

  #add(jobId: string, stampMs: number | undefined): TraceJob | undefined {
    const before = this.#last.get(jobId)
    const again = this.#restarting.delete(jobId)
    // A number comes again only after a restart, or when a failed job is tried anew; else something imitates a block.
    if (before !== undefined && !again && before.status !== 'failed') return undefined
    const job = newJob(jobId, before === undefined ? 1 : before.attempt + 1)
    if (stampMs !== undefined) job.startMs = stampMs
    if (this.#group !== undefined) job.group = this.#group
    this.#last.set(jobId, job)
    this.#execution.jobs.push(job)
    return job
  }
}

function toNames(text: string | undefined): Names {
  return text === undefined || text === '' ? { names: [] } : { text }
}

/** As the log prints them; names with an underscore are Snakemake's own. */
function toTexts(values: object | null | undefined): Record<string, string> {
  if (values === null || values === undefined || Array.isArray(values)) return {}
  const shown = Object.entries(values).filter(([name]) => !name.startsWith('_'))
  return Object.fromEntries(
    shown.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  )
}

function sameFiles(declared: Names, removed: string): boolean {
  const files = new Set('text' in declared ? declared.text.split(', ') : declared.names)
  return removed.split(', ').some((file) => files.has(file))
}

function toResources(text: string): Record<string, string> {
  const found = text.split(', ').flatMap((part): [string, string][] => {
    const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/.exec(part) ?? []
    return name === undefined || value === undefined ? [] : [[name, value]]
  })
  return Object.fromEntries(found)
}
