import type { Call } from './calls.ts'
import { callOf } from './calls.ts'
import type { ExecutionFiles } from '../files/execution-files.ts'
import type { Step } from './step.ts'
import type { Steps } from './steps.ts'

/** So that all labels of a run stay within what the index of words takes of it. */
const MOST_UPSTREAM = 50

/** For each of these steps the jobs that its arguments were computed from, as far as no file tells it. */
export function upstreamJobs(
  page: readonly Step[],
  calls: ReadonlyMap<string, Call>,
  steps: Steps,
  files: ExecutionFiles,
): ReadonlyMap<Step, readonly string[]> {
  const hashes = new Map(page.map((step) => [step, new Set((callOf(step, calls)?.args ?? []).flatMap((arg) => [...arg.upstream]))])) // prettier-ignore
  const byCall = steps.findByCalls(new Set([...hashes.values()].flatMap((each) => [...each])))
  const found = new Map<Step, readonly string[]>()
  for (const [step, wanted] of hashes) {
    const ids = new Set<string>()
    for (const hash of wanted) {
      const source = byCall.get(hash)
      const run = source === undefined ? undefined : steps.runOf(source)
      if (run !== undefined && run.place !== step.place && ids.size < MOST_UPSTREAM && !files.isMaker(run)) ids.add(run.id) // prettier-ignore
    }
    if (ids.size > 0) found.set(step, [...ids])
  }
  return found
}
