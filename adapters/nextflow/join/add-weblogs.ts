import type { Place } from '../find/places.ts'
import { shortHash } from '../hash.ts'
import type { TaskRecord } from '../records.ts'
import { readWeblog } from '../weblog/read-weblog.ts'
import { guarded, type GapBox } from './gap-box.ts'
import type { Pipeline, Pipelines } from './pipeline.ts'

type Tasks = Map<string, TaskRecord>

/**
 * Reads posted events: runs are added, tasks are kept by run and short hash, the furthest state of each. Nothing says
 * how a run ended whose stream just stops.
 */
export async function addWeblogs(
  places: readonly Place[],
  pipelines: Pipelines,
  gaps: GapBox,
): Promise<ReadonlyMap<Pipeline, ReadonlyMap<string, TaskRecord>>> {
  const tasks = new Map<Pipeline, Tasks>()
  for (const place of places) await guarded(gaps, place, async () => readEvents(place, pipelines, gaps, tasks))
  return tasks
}

async function readEvents(place: Place, pipelines: Pipelines, gaps: GapBox, all: Map<Pipeline, Tasks>): Promise<void> {
  for await (const event of readWeblog(place.source, place.path)) {
    if (event.kind === 'gap') {
      gaps.add(event)
      continue
    }
    const pipeline = pipelines.of(event.sessionId, event.runName)
    if (event.run !== undefined) pipeline.records.push(event.run)
    if (event.task === undefined) continue
    const tasks: Tasks = all.get(pipeline) ?? new Map<string, TaskRecord>()
    all.set(pipeline, tasks)
    keepFurthest(tasks, event.task)
  }
}

/** Events may come late or twice: a task that has ended does not run again. */
function keepFurthest(tasks: Tasks, task: TaskRecord): void {
  const hash = task.hash ?? (task.fullHash === undefined ? undefined : shortHash(task.fullHash))
  if (hash === undefined) return
  const known = tasks.get(hash)
  if (known === undefined || rank(task.status) >= rank(known.status)) tasks.set(hash, task)
}

function rank(status: string | undefined): number {
  const at = ['NEW', 'SUBMITTED', 'RUNNING'].indexOf(status ?? 'NEW')
  return at < 0 ? 3 : at
}
