import { pipelineStart } from '../facts/pipeline-facts.ts'
import { findZone } from './find-zone.ts'
import type { Gathered } from './gathered.ts'
import type { Pipeline } from './pipeline.ts'

/** Finds the zone of each run, then brings them in order by their starts: a run comes after those whose results it reads. */
export async function orderPipelines(gathered: Gathered, timezone: string | undefined): Promise<readonly Pipeline[]> {
  const { pipelines } = gathered
  for (const pipeline of pipelines.all) {
    const zone = await findZone(gathered, pipeline, timezone)
    if (zone !== undefined) pipeline.zone = zone
  }
  const start = (pipeline: Pipeline): number =>
    pipelineStart(pipeline) ?? localStart(pipeline) ?? pipeline.startHintMs ?? Infinity
  return [...pipelines.all].sort((a, b) => {
    const [first, second] = [start(a), start(b)]
    if (first !== second) return first < second ? -1 : 1
    return naturalKey(a) < naturalKey(b) ? -1 : 1
  })
}

/** Session and run name: the engine's own ids of a run. */
export function naturalKey(pipeline: Pipeline): string {
  return `${pipeline.session ?? 'unknown'}/${pipeline.runName ?? 'unknown'}`
}

function localStart(pipeline: Pipeline): number | undefined {
  return pipeline.records.flatMap((record) => record.startMs ?? [])[0]
}
