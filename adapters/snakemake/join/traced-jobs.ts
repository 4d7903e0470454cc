import type { SqliteFile } from '../../../core/adapter.ts'
import { parseWildcards, splitNames } from '../log/names.ts'
import type { SplitNames } from '../log/names.ts'
import type { TraceJob } from '../log/execution.ts'
import type { Workdir } from '../workdir.ts'
import { NameIndex } from './name-index.ts'

/** A job of a log with its names told apart, and the records that turned out to be its own. */
export interface TracedJob {
  readonly executionIndex: number
  readonly trace: TraceJob
  readonly inputs: SplitNames
  readonly outputs: SplitNames
  /** Numbers of recorded jobs. */
  readonly recorded: number[]
}

/** All jobs of all logs. Names with ", " in them are told apart by the names known from elsewhere. */
export async function traceJobs(
  workdir: Workdir,
  scratch: SqliteFile,
  exists: (name: string) => Promise<boolean>,
): Promise<TracedJob[]> {
  const index = new NameIndex(workdir, scratch)
  const jobs = workdir.executions.flatMap((execution) => execution.jobs)
  await index.lookUp(
    jobs.flatMap(({ inputs, outputs }) => [inputs, outputs]),
    exists,
  )
  return workdir.executions.flatMap((execution, executionIndex) =>
    execution.jobs.map((trace) => {
      if (trace.wildcardsText !== undefined) trace.wildcards ??= parseWildcards(trace.wildcardsText)
      const inputs = splitNames(trace.inputs, index)
      return { executionIndex, trace, inputs, outputs: splitNames(trace.outputs, index), recorded: [] }
    }),
  )
}
