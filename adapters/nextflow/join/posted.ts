import { shortHash } from '../hash.ts'
import type { TaskRecord } from '../records.ts'
import { readReport } from '../report/read-report.ts'
import type { Gathered } from './gathered.ts'
import { guarded } from './gap-box.ts'
import type { Pipeline } from './pipeline.ts'

/** Tasks of the sources that are small by nature (a report holds 10,000 rows at most) or told piece by piece, by short hash. */
export interface Posted {
  readonly reported: ReadonlyMap<string, TaskRecord>
  readonly posted: ReadonlyMap<string, TaskRecord>
}

/** Reads the tasks of a run's reports and posted events. */
export async function readPosted(gathered: Gathered, pipeline: Pipeline): Promise<Posted> {
  const reported = new Map<string, TaskRecord>()
  for (const place of pipeline.reports) {
    await guarded(gathered.gaps, place, async () => {
      for await (const row of readReport(place.source, place.path)) {
        if (row.kind === 'gap') gathered.gaps.add(row)
        else if (row.kind === 'task') keep(reported, row)
      }
    })
  }
  return { reported, posted: gathered.posted.get(pipeline) ?? new Map<string, TaskRecord>() }
}

function keep(rows: Map<string, TaskRecord>, row: TaskRecord): void {
  const hash = row.hash ?? (row.fullHash === undefined ? undefined : shortHash(row.fullHash))
  if (hash !== undefined) rows.set(hash, row)
}
