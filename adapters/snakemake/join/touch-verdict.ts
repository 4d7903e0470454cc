import type { Execution } from '../log/execution.ts'
import type { Found } from '../map/disk.ts'
import type { RecordedJobs } from '../store/recorded-jobs.ts'
import type { TracedJob } from './traced-jobs.ts'

/** Logs show whole seconds. */
const SLACK_MS = 2000
/** `--touch` takes a tenth of a second a job, more on a slow disk; with the slack on both sides. */
const LONGEST_MS = 3000 + 2 * SLACK_MS
/** Jobs whose files are looked at, an execution. */
const MOST_JOBS = 200

/** What a file shows of the job that is said to have written it: nothing, if it was copied or written anew since. */
type Testimony = 'ran' | 'did not run' | undefined

interface Span {
  readonly startMs: number
  readonly endMs: number
}

/**
 * Finds the executions that were `--touch`, where no command line is told (before 9.22, without live events): their logs
 * and records look like a run. Snakemake removes a job's outputs before it runs it, and `--touch` leaves them: they are
 * older than the job, by their birth; its log file and the insides of a folder keep their times (seen in 5.32, 7.32,
 * 8.30; a benchmark file does not). Those jobs are marked as touched.
 *
 * @returns places in `executions`
 */
export async function judgeTouches(
  executions: readonly Execution[],
  recorded: RecordedJobs,
  jobsOf: (executionIndex: number) => readonly TracedJob[],
  offsets: readonly (number | undefined)[],
  look: (name: string) => Promise<Found | undefined>,
): Promise<number[]> {
  const touched: number[] = []
  for (const [at, execution] of executions.entries()) {
    const offset = offsets[at]
    if (execution.head.command !== undefined || execution.failed || offset === undefined) continue
    const jobs = jobsOf(at).filter(({ trace, outputs }) => trace.status === 'finished' && outputs.names.length > 0)
    if (!(await isTouch(jobs, offset, look))) continue
    touched.push(at)
    for (const job of jobs) {
      job.trace.status = 'touched'
      for (const id of job.recorded) recorded.place(id, 'logged', undefined)
    }
  }
  return touched
}

async function isTouch(
  jobs: readonly TracedJob[],
  offset: number,
  look: (name: string) => Promise<Found | undefined>,
): Promise<boolean> {
  const spans = jobs.map((job) => spanOf(job, offset))
  if (spans.some((span) => span === undefined || span.endMs - span.startMs > LONGEST_MS)) return false
  let isAnyOlder = false
  for (const [at, job] of jobs.slice(0, MOST_JOBS).entries()) {
    const span = spans[at]
    const testimony = span === undefined ? undefined : await testify(job, span, look)
    if (testimony === 'ran') return false
    if (testimony === 'did not run') isAnyOlder = true
  }
  return isAnyOlder
}

function spanOf({ trace: { startMs, endMs } }: TracedJob, offset: number): Span | undefined {
  return startMs === undefined || endMs === undefined
    ? undefined
    : { startMs: startMs - offset - SLACK_MS, endMs: endMs - offset + SLACK_MS }
}

/** One file that was written by the job suffices: what it moved into its place may be older. */
async function testify(
  { outputs, trace }: TracedJob,
  span: Span,
  look: (name: string) => Promise<Found | undefined>,
): Promise<Testimony> {
  const told: Testimony[] = []
  for (const name of outputs.names) {
    const found = await look(name)
    // What is updated stays in its place, and so does what a link points to.
    if (found === undefined || found.isLink || outputs.notes.get(name)?.includes('update') === true) continue
    told.push(when(found.bornMs, span))
    if (found.type === 'folder') told.push(when(found.modifiedMs, span))
  }
  const logs = 'names' in trace.logs ? trace.logs.names : trace.logs.text.split(', ')
  for (const name of logs) told.push(when((await look(name))?.modifiedMs, span))
  return told.includes('ran') ? 'ran' : told.find((testimony) => testimony !== undefined)
}

function when(ms: number | undefined, { startMs, endMs }: Span): Testimony {
  if (ms === undefined || ms > endMs) return undefined
  return ms < startMs ? 'did not run' : 'ran'
}
