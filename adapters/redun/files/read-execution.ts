import type { SqliteFile } from '../../../core/adapter.ts'
import { BeforeCall } from './before-call.ts'
import type { Call, CallReader, Input } from '../jobs/calls.ts'
import { callOf, inputsOf } from '../jobs/calls.ts'
import type { ContentsReader } from '../values/contents.ts'
import type { Disk } from '../values/disk.ts'
import { ExecutionFiles } from './execution-files.ts'
import { clearExecution } from './execution-tables.ts'
import type { Execution } from '../jobs/executions.ts'
import { gatherFiles } from './gather-files.ts'
import { Guesses } from '../jobs/guesses.ts'
import type { History } from './history.ts'
import { findOutputs } from './outputs.ts'
import type { Places } from '../values/places.ts'
import { readSteps } from '../jobs/read-steps.ts'
import type { StepContext } from '../jobs/read-steps.ts'
import { Reuses } from '../jobs/reuses.ts'
import type { Step } from '../jobs/step.ts'
import type { Steps } from '../jobs/steps.ts'
import { inferCalls } from '../jobs/unfinished.ts'

interface ExecutionContext {
  readonly context: StepContext
  readonly contents: ContentsReader
  readonly reader: CallReader
  /** Where the execution is worked out. */
  readonly database: SqliteFile
  readonly history: History
  readonly disk: Disk
  readonly places: Places
}

/** All that was worked out of one execution. Nothing in it grows with the number of its jobs. */
export interface ReadExecution {
  readonly execution: Execution
  readonly steps: Steps
  readonly files: ExecutionFiles
  readonly history: History
  readonly reader: CallReader
  /** The jobs whose results cached steps share. */
  readonly reuses: Reuses
  /** What unfinished jobs were given, where their parent's result tells. */
  readonly guesses: Guesses
  /** The files that a step was given. */
  givenTo(step: Step, calls: ReadonlyMap<string, Call>): Promise<readonly Input[]>
}

/** Works out one execution: its jobs, and which of them made which file. */
export async function readExecution(
  execution: Execution,
  { context, contents, reader, database, history, disk, places }: ExecutionContext,
): Promise<ReadExecution> {
  clearExecution(database)
  const steps = readSteps(execution, context, database)
  const files = new ExecutionFiles(database, steps)
  const reuses = new Reuses(steps, history)
  const guesses = new Guesses(database)
  for await (const [step, call] of inferCalls(steps, { rows: context.rows, contents, reader })) guesses.add(step, call)
  const before = new BeforeCall(files, contents)
  const suspects = await gatherFiles({ steps, files, before, reader })
  await findOutputs({ files, history, reuses, wasThere: (ref, ms) => disk.isOlder(places.toUri(ref.path), ref, ms) })
  const givenTo: ReadExecution['givenTo'] = async (step, calls) => {
    const call = callOf(step, calls)
    const inputs = inputsOf(step, call)
    return call !== undefined && suspects.has(step.place) ? before.correct(step, call, inputs) : inputs
  }
  return { execution, steps, files, history, reader, reuses, guesses, givenTo }
}
