import type { TaskCache } from '../cache/open-cache.ts'
import { readRunIndex } from '../cache/read-index.ts'
import type { Pipeline } from './pipeline.ts'

const MOST_ROWS = 200

/**
 * Where nothing says when a run began, its first own task does, as the cache recorded it: a run that took tasks over must
 * come after the one that executed them.
 */
export async function hintStart(pipeline: Pipeline, caches: ReadonlyMap<string, TaskCache>): Promise<void> {
  const { index, session, startHintMs, records } = pipeline
  const cache = session === undefined ? undefined : caches.get(session)
  const isKnown = startHintMs !== undefined || records.some((record) => record.startMs !== undefined)
  if (isKnown || index === undefined || cache === undefined) return
  let rows = 0
  for await (const row of readRunIndex(index.source, index.path)) {
    if (row.kind !== 'index' || row.cached) continue
    const submitMs = (await cache.get(row.fullHash))?.task.submitMs
    if (submitMs !== undefined) pipeline.startHintMs = submitMs
    if (submitMs !== undefined || ++rows >= MOST_ROWS) return
  }
}
