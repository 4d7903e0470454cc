import { shortHash } from '../hash.ts'
import { readRunIndex } from '../cache/read-index.ts'
import type { Place } from '../find/places.ts'
import type { TaskRecord } from '../records.ts'
import { readReport } from '../report/read-report.ts'
import { readTrace } from '../trace/read-trace.ts'
import type { GapBox } from './gap-box.ts'
import { best, type Pipeline, type Pipelines } from './pipeline.ts'
import { fitsTimes, type TraceTimes } from './trace-times.ts'

/** Rows that decide which run a trace belongs to. */
const ROWS_TO_JUDGE = 200

const NOT_USED = 'the trace fits several runs equally well; it is not used'
const UNDECIDED = 'the trace fits several runs equally well; its tasks stand under a run of their own'
const UNCLAIMED = 'no run that is known is proven to have written this trace; its tasks stand under a run of their own'

const EMPTY = 'the trace names no task, and no run is proven to have written it'

interface TraceStart extends TraceTimes {
  readonly place: Place
}

/**
 * Gives every trace to the run that wrote it: by the tasks it names and how (executed or cached), then by its name in
 * the command, then by its times. A trace that fits no run makes a run of its own; one that fits several is not guessed.
 */
export async function assignTraces(traces: readonly Place[], pipelines: Pipelines, gaps: GapBox): Promise<void> {
  const starts: TraceStart[] = []
  for (const place of traces) starts.push(await readStart(place))
  const known = [...pipelines.all]
  const fitting = new Map<Place, Pipeline[]>(starts.map((start) => [start.place, []]))
  for (const pipeline of known) {
    for (const start of await tracesOf(pipeline, starts)) fitting.get(start.place)?.push(pipeline)
  }
  for (const start of starts) {
    const had = fitting.get(start.place) ?? []
    const chosen = choose(start, had, known)
    if (isEmpty(start) && known.length > 0 && (chosen === undefined || chosen === 'several')) {
      gaps.say('trace.run-unknown', start.place.path, EMPTY)
      continue
    }
    if (chosen === undefined && known.length > 0) gaps.say('trace.run-unknown', start.place.path, UNCLAIMED)
    if (chosen === 'several') gaps.say('trace.run-unknown', start.place.path, had.length > 0 ? NOT_USED : UNDECIDED)
    if (chosen === 'several' && had.length > 0) continue // their tasks are known without it
    const pipeline = chosen === undefined || chosen === 'several' ? pipelines.addAnonymous() : chosen
    pipeline.traces.push(start.place)
    const times = start.rows.flatMap((row) => (row.status === 'CACHED' ? [] : (row.submitMs ?? row.startMs ?? [])))
    if (times.length > 0) pipeline.startHintMs ??= Math.min(...times)
  }
}

async function readStart(place: Place): Promise<TraceStart> {
  const written = await place.source.stat(place.path)
  const path = place.path === '' ? place.source.uri : place.path
  return { place, path, rows: await firstRows(place), writtenMs: written?.modifiedMs }
}

async function firstRows(place: Place): Promise<TaskRecord[]> {
  const rows: TaskRecord[] = []
  for await (const row of readTrace(place.source, place.path)) {
    if (row.kind !== 'task') continue
    rows.push(row)
    if (rows.length >= ROWS_TO_JUDGE) break
  }
  return rows
}

/** No task of its run ended before the launcher did. */
function isEmpty({ rows }: TraceStart): boolean {
  return rows.length === 0
}

/** No source of its own says which tasks the run had. */
function hasNoTasks(pipeline: Pipeline): boolean {
  return pipeline.index === undefined && pipeline.logged.size === 0 && pipeline.lineageTasks.length === 0
}

/** The traces all of whose rows belong to the run. A lineage store does not speak of cached tasks. */
async function tracesOf(pipeline: Pipeline, starts: readonly TraceStart[]): Promise<readonly TraceStart[]> {
  const tasks = starts.length === 0 ? undefined : await tasksKnown(pipeline)
  if (tasks === undefined || tasks.size === 0) return []
  return starts.filter(
    ({ rows }) =>
      rows.length > 0 &&
      rows.every((row) => {
        const cached = tasks.get(row.hash ?? (row.fullHash === undefined ? '' : shortHash(row.fullHash)))
        return cached === undefined ? false : cached === 'unsaid' || cached === (row.status === 'CACHED')
      }),
  )
}

/** Short hash to whether the run took the task over. */
async function tasksKnown(pipeline: Pipeline): Promise<Map<string, boolean | 'unsaid'>> {
  const tasks = new Map<string, boolean | 'unsaid'>()
  if (pipeline.index !== undefined) {
    for await (const row of readRunIndex(pipeline.index.source, pipeline.index.path)) {
      if (row.kind === 'index') tasks.set(shortHash(row.fullHash), row.cached)
    }
  }
  if (tasks.size === 0) {
    for (const [hash, task] of pipeline.logged) tasks.set(hash, task.state === 'cached')
  }
  if (tasks.size === 0) for (const hash of pipeline.lineageTasks) tasks.set(shortHash(hash), 'unsaid')
  if (tasks.size === 0) await addReported(pipeline, tasks)
  return tasks
}

async function addReported(pipeline: Pipeline, tasks: Map<string, boolean | 'unsaid'>): Promise<void> {
  for (const { source, path } of pipeline.reports) {
    for await (const row of readReport(source, path)) {
      const hash = row.kind === 'task' ? row.hash : undefined
      if (row.kind === 'task' && hash !== undefined) tasks.set(hash, row.status === 'CACHED')
    }
  }
}

/** @param fitting runs that had all tasks of the trace */
function choose(
  start: TraceStart,
  fitting: readonly Pipeline[],
  known: readonly Pipeline[],
): Pipeline | 'several' | undefined {
  const candidates = fitting.length > 0 ? fitting : isEmpty(start) ? known : known.filter(hasNoTasks)
  const [only] = fitting
  const named = candidates.filter((pipeline) => isNamed(start.place, pipeline))
  if (named.length === 1) return named[0]
  if (only !== undefined && fitting.length === 1) return only
  const timed = (named.length > 0 ? named : candidates).filter((pipeline) => fitsTimes(start, pipeline))
  if (timed.length === 1) return timed[0]
  return timed.length > 1 || fitting.length > 1 ? 'several' : undefined
}

/** The command or the log names this file; a rolled file (`trace.txt.1`) has the name of a later run's. */
function isNamed(place: Place, pipeline: Pipeline): boolean {
  const name = place.path.slice(place.path.lastIndexOf('/') + 1)
  const traceFile = best(pipeline, 'traceFile')
  if (traceFile !== undefined) return traceFile.endsWith(`/${name}`) || traceFile === name
  const command = best(pipeline, 'commandLine') ?? ''
  return command.split(/\s+/).some((word) => word === place.path || word.endsWith(`/${place.path}`) || word === name)
}
