import {
  toUri,
  transformUid,
  type Outcome,
  type RunFact,
  type RunUid,
  type TransformFact,
  toIso,
} from '../../../core/adapter.ts'
import { splitTaskName } from '../task-name.ts'
import { told, keyOf, nameOf, type TaskView } from '../join/task.ts'
import type { PreparedTask } from '../join/prepare-task.ts'
import { taskOutcome } from './outcome.ts'
import { ENGINE, type PipelineFacts } from './pipeline-facts.ts'
import { labelsOf, requestedOf, usedOf } from './task-run.ts'

/** Of a script. */
const MOST_CHARACTERS = 1_000_000

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
  const times = view.isCached ? UNTIMED : timesOf(view)
  const exitCode = exitOf(task, outcome)
  const run: RunFact = {
    kind: 'run',
    uid: context.uid,
    transform: transform.uid,
    engine: ENGINE,
    key: keyOf(view),
    name,
    parent: pipeline?.run.uid,
    engineVersion: pipeline?.run.engineVersion,
    reuses: context.reuses,
    outcome,
    attempt: attemptOf(view),
    exitCode,
    startedAt: times.startedAt,
    endedAt: times.endedAt,
    error: outcome === 'failed' ? errorOf(view, task.errorText, exitCode) : undefined,
    ...executionOf(task),
  }
  const isTimed = view.isCached || run.startedAt !== undefined
  return { transform, run, timesLeftOut: !isTimed && view.records.some((record) => record.timesAreLocal === true) }
}

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

function exitOf({ view, folder }: PreparedTask, outcome: Outcome): number | undefined {
  const exit = told(view).exit ?? view.logged?.exit
  // the exit file counts where the engine says that the task ended: what an orphan left afterwards is no end of this run
  const isEnded = outcome === 'succeeded' || outcome === 'failed' || outcome === 'cached'
  return exit ?? (isEnded ? folder?.exit : undefined)
}

function attemptOf(view: TaskView): number | undefined {
  const attempt = told(view).attempt ?? view.logged?.attempt
  return attempt !== undefined && attempt >= 1 ? attempt : undefined
}

interface Times {
  readonly startedAt: string | undefined
  readonly endedAt: string | undefined
}

/** Times of a cached task are those of the run that executed it: they are not this run's. */
const UNTIMED: Times = { startedAt: undefined, endedAt: undefined }

function timesOf(view: TaskView): Times {
  return {
    startedAt: toIso(timeOf(view, 'startMs') ?? timeOf(view, 'submitMs') ?? view.logged?.startMs),
    endedAt: toIso(timeOf(view, 'completeMs') ?? view.logged?.completeMs),
  }
}

type Execution = Pick<RunFact, 'command' | 'container' | 'host' | 'requested' | 'used' | 'workDir' | 'labels'>

function executionOf({ view, folder, workDir }: PreparedTask): Execution {
  const fields = told(view)
  const container = fields.container ?? folder?.script?.container ?? view.lineage?.container
  const script = folder?.command ?? fields.script ?? view.lineage?.script
  return {
    command: script?.slice(0, MOST_CHARACTERS),
    container: container === 'null' ? undefined : container,
    host: fields.hostname,
    requested: requestedOf(fields),
    used: view.isCached ? undefined : usedOf(fields),
    workDir: workDir === undefined ? undefined : toUri(workDir),
    labels: labelsOf(view),
  }
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
