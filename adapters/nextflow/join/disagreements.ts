import type { ReadGap } from '../records.ts'
import type { Pipeline } from './pipeline.ts'
import type { TaskView } from './task.ts'

/** What two sources say differently of one task: the better one is believed, and the difference is told. */
export function* taskDisagreements(view: TaskView): Iterable<ReadGap> {
  if (view.isCached) return // the cache speaks of the run that executed it, the trace of the one that took it over
  for (const field of ['status', 'exit', 'name'] as const) {
    const said = new Map<string, string>()
    for (const record of view.records) {
      const value = record[field]
      if (value === undefined || value === 'SUBMITTED' || value === 'RUNNING' || value === 'NEW') continue
      said.set(String(value), record.origin.path)
    }
    if (said.size < 2) continue
    const message = [...said].map(([value, path]) => `${value} in ${path}`).join(', ')
    yield { kind: 'gap', code: 'task.disagreement', place: view.shortHash, message: `${field}: ${message}` }
  }
}

/** The same for the end of a run. */
export function* runDisagreements(pipeline: Pipeline): Iterable<ReadGap> {
  const said = new Map<string, string>()
  for (const record of pipeline.records) if (record.end !== undefined) said.set(record.end, record.origin.path)
  if (said.size < 2) return
  const message = [...said].map(([value, path]) => `${value} in ${path}`).join(', ')
  const place = `${pipeline.session ?? ''}/${pipeline.runName ?? ''}`
  yield { kind: 'gap', code: 'run.disagreement', place, message: `outcome: ${message}` }
}
