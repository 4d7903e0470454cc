import type { JobOutline } from '../store/recorded-job.ts'
import type { Workdir } from '../workdir.ts'
import type { TracedJob } from './traced-jobs.ts'

/** Fewer jobs show nothing. */
const FEWEST = 4
/** What the whole seconds of a log and the pauses of a scheduler make of equal distances. */
const SPREAD_MS = 1500
const SLACK_MS = 1100
/** A clock that is further off is nobody's. */
const MOST_MS = 30_000

/**
 * How far the clock of the files runs ahead of the clock of the log, an execution each: records take their times from
 * a file server. Only where all jobs agree on a distance that the log's whole seconds do not explain; else 0.
 */
export function findSkews(
  workdir: Workdir,
  offsets: readonly (number | undefined)[],
  candidates: (job: JobOutline) => readonly TracedJob[],
): number[] {
  const late = workdir.executions.map((): number[] => [])
  for (const recorded of workdir.recorded.outlines()) {
    const last = candidates(recorded).at(-1)
    const offset = last === undefined ? undefined : offsets[last.executionIndex]
    if (last?.trace.endMs === undefined || offset === undefined || recorded.endMs === undefined) continue
    late[last.executionIndex]?.push(recorded.endMs - (last.trace.endMs - offset))
  }
  return late.map(agreed)
}

function agreed(distances: readonly number[]): number {
  const least = distances.reduce((a, b) => Math.min(a, b), Infinity) // a call with a million arguments fails
  const most = distances.reduce((a, b) => Math.max(a, b), -Infinity)
  if (distances.length < FEWEST || most - least > SPREAD_MS || least <= SLACK_MS || most > MOST_MS) return 0
  return (least + most) / 2
}
