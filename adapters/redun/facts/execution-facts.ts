import type { Fact, TransformFact } from '../../../core/adapter.ts'
import { isEnded } from '../../../core/adapter.ts'
import type { Call } from '../jobs/calls.ts'
import { callOf } from '../jobs/calls.ts'
import { toEdges } from './edge-facts.ts'
import type { FileFacts } from './file-facts.ts'
import type { FileRef } from '../values/file-refs.ts'
import { pagesInOrder } from '../jobs/order-of-runs.ts'
import { outsideVersion } from '../files/outputs.ts'
import type { ReadExecution } from '../files/read-execution.ts'
import { executionRun, executionUid, jobRun, jobUid, taskTransform, workflowTransform } from './run-facts.ts'
import type { RowReader } from '../tables/rows.ts'
import type { Secrets } from '../secrets/secrets.ts'
import type { Step } from '../jobs/step.ts'
import type { Tags } from '../jobs/tags.ts'
import { readTags } from '../jobs/tags.ts'
import { upstreamJobs } from '../jobs/upstream-jobs.ts'

/** What is shared by all executions of a database. */
export interface Emitter {
  readonly rows: RowReader
  readonly secrets: Secrets
  readonly files: FileFacts
  /** Transforms emitted so far, by the hash of their task or their own uid. */
  readonly transforms: Map<string, TransformFact>
}

/** Small enough that what dies young costs the garbage collector nothing. */
const PAGE = 200

/** The runs of an execution, itself first, each after its parent and after the run that it reuses; and their files. */
export async function* toFacts(read: ReadExecution, emitter: Emitter): AsyncIterable<readonly Fact[]> {
  yield await toHead(read, emitter)
  for (const page of pagesInOrder(read.steps, read.reuses, PAGE)) {
    const calls = await read.reader.read(page)
    yield [...toRuns(page, calls, read, emitter)]
    yield* toEdges(page, calls, read, emitter.files)
  }
  for (const { ref, runs } of read.files.doubts()) yield await toDoubt(ref, runs, emitter.files)
}

async function toDoubt(ref: FileRef, runs: readonly string[], files: FileFacts): Promise<readonly Fact[]> {
  const file = await files.name(ref, outsideVersion(ref.hash))
  if (file === undefined) return []
  const why = 'these jobs of different tasks named the file and were at work at the same time'
  return [
    ...file.facts,
    { kind: 'ambiguous', subject: file.uid, relation: 'produced', candidates: runs.map(jobUid), why },
  ]
}

async function toHead(read: ReadExecution, emitter: Emitter): Promise<readonly Fact[]> {
  const { execution, steps } = read
  const root = execution.rootJobId === undefined ? undefined : steps.findById(execution.rootJobId)
  const name = root?.task.name ?? 'redun run'
  const workflow = workflowTransform(name, root?.task)
  const isNew = !emitter.transforms.has(workflow.uid)
  emitter.transforms.set(workflow.uid, workflow)
  const tags = readTags(emitter.rows, [execution.id]).get(execution.id)
  const call = root && callOf(root, await read.reader.read([root]))
  const run = executionRun(execution, { root, call, tags, transform: workflow }, emitter.secrets)
  return isNew ? [workflow, run] : [run]
}

function* toRuns(
  page: readonly Step[],
  calls: ReadonlyMap<string, Call>,
  read: ReadExecution,
  emitter: Emitter,
): Iterable<Fact> {
  const { steps, execution, reuses, files } = read
  const tags = readTags(emitter.rows, idsOf(page))
  const related = upstreamJobs(page, calls, steps, files)
  for (const step of page) {
    if (step.run !== step.place) continue
    const transform = emitter.transforms.get(step.task.hash) ?? taskTransform(step.task, emitter.secrets)
    if (!emitter.transforms.has(step.task.hash)) yield transform
    emitter.transforms.set(step.task.hash, transform)
    const call = callOf(step, calls)
    const reused = isEnded(step.outcome) ? reuses.of(step) : undefined
    const run = jobRun(
      step,
      {
        transform,
        executionId: execution.id,
        // A job's parent is the run of the job above it; the root job is below its execution.
        parent: step.parent === undefined ? executionUid(execution.id) : jobUid(steps.runOf(step.parent).id),
        call,
        tags: merged(tags, [step.id, step.callHash]),
        valueTags: step.valueHash === undefined ? undefined : tags.get(step.valueHash),
        reuses: reused === undefined ? undefined : jobUid(reused.id),
        upstream: related.get(step) ?? [],
      },
      emitter.secrets,
    )
    yield run
    const likely = likelyMaker(step, read)
    if (likely !== undefined) yield { ...run, reuses: jobUid(likely), evidence: 'inferred' }
  }
}

/** A run that had already given the result that an unfinished job asked for. */
function likelyMaker(step: Step, { guesses, history }: ReadExecution): string | undefined {
  const argsHash = guesses.find(step)?.argsHash
  return argsHash === undefined ? undefined : history.findCall(step.task.hash, argsHash)
}

function idsOf(page: readonly Step[]): readonly string[] {
  return [...new Set(page.flatMap((step) => [step.id, step.callHash ?? [], step.valueHash ?? []].flat()))]
}

function merged(tags: ReadonlyMap<string, Tags>, ids: readonly (string | undefined)[]): Tags | undefined {
  const found = ids.flatMap((id) => (id === undefined ? [] : (tags.get(id) ?? [])))
  if (found.length < 2) return found[0]
  return {
    current: new Map(found.flatMap((each) => [...each.current])),
    former: found.flatMap((each) => [...each.former]),
  }
}
