import { runUid, toUri, transformUid, type RunFact, type RunUid, type TransformFact } from '../../../core/adapter.ts'
import { splitTaskName } from '../task-name.ts'
import { bestOf, keyOf, nameOf, type TaskView } from '../join/task.ts'
import type { PreparedTask } from '../join/prepare-task.ts'
import { taskOutcome } from './outcome.ts'
import { ENGINE, type PipelineFacts } from './pipeline-facts.ts'
import { labelsOf, requestedOf, usedOf } from './task-run.ts'
import { toIso } from './times.ts'

/** What the facts of a task are made of. */
export interface TaskSubject extends PreparedTask {
  readonly pipeline: PipelineFacts | undefined
  readonly reuses: RunUid | undefined
}

/** Natural key of a task's run: one execution (or take-over) of one task hash in one pipeline run. */
export function taskKey(view: TaskView, pipeline: PipelineFacts | undefined): string {
  return `${pipeline?.key ?? 'work'}/${keyOf(view)}`
}

/** The process and the run. */
export function taskFacts(subject: TaskSubject): { transform: TransformFact; run: RunFact } {
  const { view, pipeline, folder } = subject
  const name = nameOf(view) ?? folder?.script?.name ?? keyOf(view)
  const process = (view.isCached ? undefined : bestOf(view, 'process')) ?? splitTaskName(name).process
  const transform = processTransform(process, pipeline, view)
  const outcome = taskOutcome(view, {
    lacksOutput: subject.made.gone.length > 0,
    ...(folder?.exit === undefined ? {} : { exit: folder.exit }),
  })
  return {
    transform,
    run: { ...identity(subject, name, transform), outcome, ...ending(subject, outcome), ...execution(subject) },
  }
}

function processTransform(process: string, pipeline: PipelineFacts | undefined, view: TaskView): TransformFact {
  const version = view.lineage?.codeChecksum ?? pipeline?.codeVersion
  const scope = pipeline === undefined ? '' : (pipeline.transform.sourcePath ?? pipeline.transform.name)
  return {
    kind: 'transform',
    uid: transformUid(ENGINE, `process:${scope}:${process}`, version),
    name: process,
    type: 'process',
    engine: ENGINE,
    ...(version === undefined ? {} : { version }),
  }
}

function identity(
  { view, pipeline, reuses }: TaskSubject,
  name: string,
  transform: TransformFact,
): Omit<RunFact, 'outcome'> {
  return {
    kind: 'run',
    uid: runUid(ENGINE, taskKey(view, pipeline)),
    transform: transform.uid,
    engine: ENGINE,
    key: keyOf(view),
    name,
    ...(pipeline === undefined ? {} : { parent: pipeline.run.uid }),
    ...(pipeline?.run.engineVersion === undefined ? {} : { engineVersion: pipeline.run.engineVersion }),
    ...(reuses === undefined ? {} : { reuses }),
  }
}

/** Times of a cached task are those of the run that executed it: they are not this run's. */
function ending({ view, folder, errorText }: TaskSubject, outcome: RunFact['outcome']): Partial<RunFact> {
  const exit = bestOf(view, 'exit') ?? view.logged?.exit
  // the exit file counts where the engine says that the task ended: what an orphan left afterwards is no end of this run
  const exitCode =
    exit ?? (outcome === 'succeeded' || outcome === 'failed' || outcome === 'cached' ? folder?.exit : undefined)
  const attempt = bestOf(view, 'attempt') ?? view.logged?.attempt
  const started = view.isCached
    ? undefined
    : toIso(timeOf(view, 'startMs') ?? timeOf(view, 'submitMs') ?? view.logged?.startMs)
  const ended = view.isCached ? undefined : toIso(timeOf(view, 'completeMs') ?? view.logged?.completeMs)
  const error = outcome === 'failed' ? errorOf(view, errorText, exitCode) : undefined
  return {
    ...(attempt === undefined || attempt < 1 ? {} : { attempt }),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(started === undefined ? {} : { startedAt: started }),
    ...(ended === undefined ? {} : { endedAt: ended }),
    ...(error === undefined ? {} : { error }),
  }
}

function execution({ view, folder, workDir, command }: TaskSubject): Partial<RunFact> {
  const container = bestOf(view, 'container') ?? folder?.script?.container ?? view.lineage?.container
  const script = command ?? bestOf(view, 'script') ?? view.lineage?.script
  const host = bestOf(view, 'hostname')
  const uri = toUri(workDir ?? '')
  const requested = requestedOf(view)
  const used = view.isCached ? undefined : usedOf(view)
  const labels = labelsOf(view)
  return {
    ...(script === undefined ? {} : { command: script.slice(0, 1_000_000) }),
    ...(container === undefined || container === 'null' ? {} : { container }),
    ...(host === undefined ? {} : { host }),
    ...(requested === undefined ? {} : { requested }),
    ...(used === undefined ? {} : { used }),
    ...(uri === undefined ? {} : { workDir: uri }),
    ...(labels === undefined ? {} : { labels }),
  }
}

/** A time whose zone is known. */
function timeOf(view: TaskView, field: 'startMs' | 'submitMs' | 'completeMs'): number | undefined {
  const known = { ...view, records: view.records.filter((record) => record.timesAreLocal !== true) }
  return bestOf(known, field)
}

function errorOf(view: TaskView, errorText: string | undefined, exitCode: number | undefined): RunFact['error'] {
  const action = bestOf(view, 'errorAction') ?? view.logged?.errorAction
  const fallback =
    exitCode === 0 ? 'ended with exit code 0 but was not accepted (a declared output is missing)' : undefined
  const message = errorText ?? fallback ?? (exitCode === undefined ? 'failed' : `exit code ${exitCode}`)
  return { message, ...(action === undefined ? {} : { type: action }) }
}
