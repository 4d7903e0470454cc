import type { SqliteFile } from '../../../core/adapter.ts'
import { SpillMap } from '../spill/spill-map.ts'
import type { RecordedJob } from '../store/recorded-job.ts'
import type { Standing } from '../store/recorded-jobs.ts'
import type { Workdir } from '../workdir.ts'

/** Which outputs of jobs of unknown end are known to have been written. */
export interface Proofs {
  readonly wasWritten: (output: string) => boolean
}

/**
 * An output was written when it lies there and no marker says that it is half done, or when a job that itself is known
 * to have ended well read it later. A job ended well when all its outputs were written.
 */
export async function findProofs(
  workdir: Workdir,
  scratch: SqliteFile,
  exists: (output: string) => Promise<boolean>,
): Promise<Proofs> {
  const { recorded } = workdir
  const halfDone = new Set(workdir.incomplete.map(({ target }) => target))
  const missing = new SpillMap(scratch, 'missing_output')
  let isAnyMissing = false
  for (const { outputs, endMs } of recorded.doubtful()) {
    for (const output of outputs) {
      if (!halfDone.has(output) && (await exists(output))) continue
      // `open`: it may still turn out that it was read later.
      missing.set(output, endMs === undefined ? 'lost' : 'open')
      isAnyMissing = true
    }
  }
  // A reader ended no earlier than the maker: going back in time, all its readers are seen before it.
  if (isAnyMissing) for (const together of endedTogether(recorded.latestFirst())) settle(missing, together)
  return { wasWritten: (output) => !isAnyMissing || !missing.has(output) }
}

interface Ended {
  readonly job: RecordedJob
  readonly standing: Standing
}

function* endedTogether(all: Iterable<Ended>): Iterable<Ended[]> {
  let together: Ended[] = []
  for (const ended of all) {
    if (together[0] !== undefined && together[0].job.outline.endMs !== ended.job.outline.endMs) {
      yield together
      together = []
    }
    together.push(ended)
  }
  yield together
}

/** What a job read that ended well was there. Of those that ended in one moment one may have read what another made. */
function settle(missing: SpillMap, together: readonly Ended[]): void {
  let rest = together
  for (let before = Infinity; rest.length < before;) {
    before = rest.length
    rest = rest.filter(({ job, standing }) => {
      if (standing === 'doubtful' && job.outline.outputs.some((output) => missing.has(output))) return true
      for (const input of job.inputs) if (missing.get(input) === 'open') missing.delete(input)
      return false
    })
  }
  for (const { job } of rest) {
    for (const output of job.outline.outputs) if (missing.has(output)) missing.set(output, 'lost')
  }
}
