import { toUri, transformUid, type RunFact, type RunUid, type TransformFact } from '../../../core/adapter.ts'
import { splitTaskName } from '../task-name.ts'
import { told, keyOf, nameOf, type TaskView } from '../join/task.ts'
import type { PreparedTask } from '../join/prepare-task.ts'
import { taskOutcome } from './outcome.ts'
import { ENGINE, type PipelineFacts } from './pipeline-facts.ts'
import { labelsOf, requestedOf, usedOf } from './task-run.ts'
import { toIso } from './times.ts'

/** What the facts of a task are made of, beside the task itself. */
export interface TaskContext {
  readonly uid: RunUid
  readonly pipeline: PipelineFacts | undefined
  readonly reuses: RunUid | undefined
}

/** Natural key of a task's run: one execution (or take-over) of one task hash in one pipeline run. */
export function taskKey(view: TaskView, pipeline: PipelineFacts | undefined): string {
  return `${pipeline?.key ?? 'work'}/${keyOf(view)}`
}

/** The process and the run. `timesLeftOut`: sources tell its times, all in local time of an unknown zone. */
export function taskFacts(
  task: PreparedTask,
  context: TaskContext,
): { transform: TransformFact; run: RunFact; timesLeftOut: boolean } {
  const { view, folder } = task
  const { pipeline } = context
  const name = nameOf(view) ?? folder?.script?.name ?? keyOf(view)
  const process = (view.isCached ? undefined : told(view).process) ?? splitTaskName(name).process
  const transform = processTransform(process, pipeline, view)
  const outcome = taskOutcome(view, {
    lacksOutput: task.made.gone.length > 0,
    ...(folder?.exit === undefined ? {} : { exit: folder.exit }),
  })
  const { uid, reuses } = context
  const identity: Building<Omit<RunFact, 'outcome'>> = {
    kind: 'run',
    uid,
    transform: transform.uid,
    engine: ENGINE,
    key: keyOf(view),
    name,
  }
  if (pipeline !== undefined) identity.parent = pipeline.run.uid
  if (pipeline?.run.engineVersion !== undefined) identity.engineVersion = pipeline.run.engineVersion
  if (reuses !== undefined) identity.reuses = reuses
  const run: Building<RunFact> = { ...identity, outcome }
  addEnding(run, task)
  addExecution(run, task)
  const isTimed = view.isCached || run.startedAt !== undefined
  return { transform, run, timesLeftOut: !isTimed && view.records.some((record) => record.timesAreLocal === true) }
}

/** A fact on its way: set field by field, since there are as many as tasks. */
type Building<T> = { -readonly [K in keyof T]: T[K] }

/** One object a process and run, made once. */
const made = new WeakMap<PipelineFacts, Map<string, TransformFact>>()

function processTransform(process: string, pipeline: PipelineFacts | undefined, view: TaskView): TransformFact {
  const version = view.lineage?.codeChecksum ?? pipeline?.codeVersion
  if (pipeline === undefined) return toTransform(process, '', version)
  let known = made.get(pipeline)
  if (known === undefined) made.set(pipeline, (known = new Map<string, TransformFact>()))
  const key = version === undefined ? process : `${process}\n${version}`
  let transform = known.get(key)
  if (transform === undefined) {
    transform = toTransform(process, pipeline.transform.sourcePath ?? pipeline.transform.name, version)
    known.set(key, transform)
  }
  return transform
}

function toTransform(process: string, scope: string, version: string | undefined): TransformFact {
  return {
    kind: 'transform',
    uid: transformUid(ENGINE, `process:${scope}:${process}`, version),
    name: process,
    type: 'process',
    engine: ENGINE,
    ...(version === undefined ? {} : { version }),
  }
}

/** Times of a cached task are those of the run that executed it: they are not this run's. */
function addEnding(run: Building<RunFact>, { view, folder, errorText }: PreparedTask): void {
  const { outcome } = run
  const fields = told(view)
  const exit = fields.exit ?? view.logged?.exit
  // the exit file counts where the engine says that the task ended: what an orphan left afterwards is no end of this run
  const exitCode =
    exit ?? (outcome === 'succeeded' || outcome === 'failed' || outcome === 'cached' ? folder?.exit : undefined)
  const attempt = fields.attempt ?? view.logged?.attempt
  if (attempt !== undefined && attempt >= 1) run.attempt = attempt
  if (exitCode !== undefined) run.exitCode = exitCode
  if (!view.isCached) {
    const started = toIso(timeOf(view, 'startMs') ?? timeOf(view, 'submitMs') ?? view.logged?.startMs)
    const ended = toIso(timeOf(view, 'completeMs') ?? view.logged?.completeMs)
    if (started !== undefined) run.startedAt = started
    if (ended !== undefined) run.endedAt = ended
  }
  if (outcome === 'failed') run.error = errorOf(view, errorText, exitCode)
}

function addExecution(run: Building<RunFact>, { view, folder, workDir, command }: PreparedTask): void {
  const fields = told(view)
  const container = fields.container ?? folder?.script?.container ?? view.lineage?.container
  const script = command ?? fields.script ?? view.lineage?.script
  const host = fields.hostname
  const uri = workDir === undefined ? undefined : toUri(workDir)
  const requested = requestedOf(fields)
  const used = view.isCached ? undefined : usedOf(fields)
  const labels = labelsOf(view)
  if (script !== undefined) run.command = script.slice(0, 1_000_000)
  if (container !== undefined && container !== 'null') run.container = container
  if (host !== undefined) run.host = host
  if (requested !== undefined) run.requested = requested
  if (used !== undefined) run.used = used
  if (uri !== undefined) run.workDir = uri
  if (labels !== undefined) run.labels = labels
}

/** A time whose zone is known. */
function timeOf(view: TaskView, field: 'startMs' | 'submitMs' | 'completeMs'): number | undefined {
  for (const record of view.records) {
    const time = record.timesAreLocal === true ? undefined : record[field]
    if (time !== undefined) return time
  }
  return undefined
}

function errorOf(view: TaskView, errorText: string | undefined, exitCode: number | undefined): RunFact['error'] {
  const action = told(view).errorAction ?? view.logged?.errorAction
  const fallback =
    exitCode === 0 ? 'ended with exit code 0 but was not accepted (a declared output is missing)' : undefined
  const message = errorText ?? fallback ?? (exitCode === undefined ? 'failed' : `exit code ${exitCode}`)
  return { message, ...(action === undefined ? {} : { type: action }) }
}
