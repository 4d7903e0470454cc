import { parseWildcards, splitNames } from '../log/names.ts'
import type { SplitNames } from '../log/names.ts'
import type { TraceJob } from '../log/execution.ts'
import type { RecordedJob } from '../store/group.ts'
import type { Workdir } from '../workdir.ts'

/** A job of a log with its names told apart, and the records that turned out to be its own. */
export interface TracedJob {
  readonly executionIndex: number
  readonly trace: TraceJob
  readonly inputs: SplitNames
  readonly outputs: SplitNames
  readonly recorded: RecordedJob[]
}

/** All jobs of all logs. Names with ", " in them are told apart by the names that records and live events know. */
export function traceJobs(workdir: Workdir): TracedJob[] {
  const known = knownNames(workdir)
  const isKnown = (name: string): boolean => known.has(name)
  return workdir.executions.flatMap((execution, executionIndex) =>
    execution.jobs.map((trace) => {
      if (trace.wildcardsText !== undefined) trace.wildcards ??= parseWildcards(trace.wildcardsText)
      const inputs = splitNames(trace.inputs, isKnown)
      return { executionIndex, trace, inputs, outputs: splitNames(trace.outputs, isKnown), recorded: [] }
    }),
  )
}

function knownNames(workdir: Workdir): ReadonlySet<string> {
  const known = new Set<string>()
  for (const { outputs, record } of workdir.recorded) {
    for (const name of outputs) known.add(name)
    for (const name of record.inputs) known.add(name)
  }
  for (const { target } of workdir.incomplete) known.add(target)
  for (const execution of workdir.executions) {
    for (const file of execution.temporary) known.add(file)
    for (const { inputs, outputs } of execution.jobs) {
      for (const names of [inputs, outputs]) {
        // A list of one name tells that name whole, however many commas it has, if it is told as a list.
        if ('names' in names) for (const name of names.names) known.add(name)
        else if (!names.text.includes(', ')) known.add(names.text)
      }
    }
  }
  return known
}
