import { shortHash } from '../hash.ts'
import { readRunIndex } from '../cache/read-index.ts'
import type { Place } from '../find/places.ts'
import type { TaskRecord } from '../records.ts'
import { readTrace } from '../trace/read-trace.ts'
import type { GapBox } from './gap-box.ts'
import { best, type Pipeline, type Pipelines } from './pipeline.ts'

/** Rows that decide which run a trace belongs to. */
const ROWS_TO_JUDGE = 200
/** Trace times may lie this far outside of the run's own: the history counts whole seconds. */
const SLACK_MS = 3000

interface TraceStart {
  readonly place: Place
  readonly rows: readonly TaskRecord[]
}

/**
 * Gives every trace to the run that wrote it: by the tasks it names and how (executed or cached), then by its name in
 * the command, then by its times. A trace that fits no run makes a run of its own; one that fits several is not guessed.
 */
export async function assignTraces(traces: readonly Place[], pipelines: Pipelines, gaps: GapBox): Promise<void> {
  const starts: TraceStart[] = []
  for (const place of traces) starts.push({ place, rows: await firstRows(place) })
  const known = [...pipelines.all]
  const fitting = new Map<Place, Pipeline[]>(starts.map((start) => [start.place, []]))
  for (const pipeline of known) {
    for (const start of await tracesOf(pipeline, starts)) fitting.get(start.place)?.push(pipeline)
  }
  for (const start of starts) {
    const candidates = fitting.get(start.place) ?? []
    const chosen = choose(start, candidates.length > 0 ? candidates : known.filter(hasNoTasks))
    if (chosen === 'several') {
      gaps.say('trace.run-unknown', start.place.path, 'the trace fits several runs equally well; it is not used')
      continue
    }
    const pipeline = chosen ?? pipelines.addAnonymous()
    pipeline.traces.push(start.place)
    const times = start.rows.flatMap((row) => (row.status === 'CACHED' ? [] : (row.submitMs ?? row.startMs ?? [])))
    if (times.length > 0) pipeline.startHintMs ??= Math.min(...times)
  }
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

/** No source of its own says which tasks the run had. */
function hasNoTasks(pipeline: Pipeline): boolean {
  return pipeline.index === undefined && pipeline.logged.size === 0 && pipeline.lineageTasks.length === 0
}

/** The traces all of whose rows belong to the run. A lineage store does not speak of cached tasks. */
async function tracesOf(pipeline: Pipeline, starts: readonly TraceStart[]): Promise<readonly TraceStart[]> {
  const tasks = await tasksKnown(pipeline)
  if (tasks.size === 0) return []
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
  return tasks
}

function choose(start: TraceStart, candidates: readonly Pipeline[]): Pipeline | 'several' | undefined {
  const [only] = candidates
  const named = candidates.filter((pipeline) => isNamed(start.place, pipeline))
  if (named.length === 1) return named[0]
  if (candidates.length === 1)
    return only !== undefined && (!hasNoTasks(only) || fitsTimes(start, only)) ? only : undefined
  const timed = (named.length > 0 ? named : candidates).filter((pipeline) => fitsTimes(start, pipeline))
  if (timed.length === 1) return timed[0]
  return candidates.length > 1 && timed.length > 1 ? 'several' : undefined
}

/** The command or the log names this file; a rolled file (`trace.txt.1`) has the name of a later run's. */
function isNamed(place: Place, pipeline: Pipeline): boolean {
  const name = place.path.slice(place.path.lastIndexOf('/') + 1)
  const traceFile = best(pipeline, 'traceFile')
  if (traceFile !== undefined) return traceFile.endsWith(`/${name}`) || traceFile === name
  const command = best(pipeline, 'commandLine') ?? ''
  return command.split(/\s+/).some((word) => word === place.path || word.endsWith(`/${place.path}`) || word === name)
}

/** Both the trace and the history give the launcher's local time, so they can be compared without a zone. */
function fitsTimes(start: TraceStart, pipeline: Pipeline): boolean {
  const history = pipeline.records.find((record) => record.timesAreLocal === true && record.startMs !== undefined)
  if (history?.startMs === undefined) return false
  const from = history.startMs - SLACK_MS
  const until = history.durationMs === undefined ? Infinity : history.startMs + history.durationMs + SLACK_MS
  const executed = start.rows.filter((row) => row.status !== 'CACHED' && row.timesAreLocal === true)
  const times = executed.flatMap((row) => row.submitMs ?? row.startMs ?? [])
  return times.length > 0 && times.every((time) => time >= from && time <= until)
}
