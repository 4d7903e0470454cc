import type { Fact, RunUid, TransformFact } from '../../core/adapter.ts'
import { isEnded } from '../../core/adapter.ts'
import type { Call, Input } from './calls.ts'
import { callOf } from './calls.ts'
import type { Execution } from './executions.ts'
import type { FileFacts } from './file-facts.ts'
import type { Output } from './outputs.ts'
import { executionRun, executionUid, jobRun, jobUid, taskTransform, workflowTransform } from './run-facts.ts'
import type { RowReader } from './rows.ts'
import type { Secrets } from './secrets.ts'
import type { InputResolver } from './sources-of-inputs.ts'
import type { Step, Steps } from './steps.ts'
import type { InferredCall } from './unfinished.ts'
import type { Tags } from './tags.ts'
import { readTags } from './tags.ts'
import { upstreamJobs } from './upstream-jobs.ts'

/** All that was worked out of one execution. */
export interface ReadExecution {
  readonly execution: Execution
  readonly steps: Steps
  readonly calls: ReadonlyMap<string, Call>
  readonly outputs: readonly Output[]
  readonly inputs: InputResolver
  /** The files that each step was given. */
  readonly given: ReadonlyMap<Step, readonly Input[]>
  /** The job whose result each cached step shares. */
  readonly reuses: ReadonlyMap<Step, string>
  /** What unfinished jobs were given, where their parent's result tells. */
  readonly inferred: ReadonlyMap<Step, InferredCall>
  /** Runs that had already given the result that unfinished jobs asked for. */
  readonly likely: ReadonlyMap<Step, string>
}

/** What is shared by all executions of a database. */
export interface Emitter {
  readonly rows: RowReader
  readonly secrets: Secrets
  readonly files: FileFacts
  /** Transforms emitted so far, by the hash of their task or their own uid. */
  readonly transforms: Map<string, TransformFact>
}

/** The runs of an execution: itself, then its jobs, each after its parent and after the run that it reuses. */
export function* toRuns(read: ReadExecution, emitter: Emitter): Iterable<Fact> {
  const { execution, steps, calls } = read
  const root = steps.all.find((step) => step.id === execution.rootJobId)
  const name = root?.task.name ?? 'redun run'
  const workflow = workflowTransform(name, root?.task)
  if (!emitter.transforms.has(workflow.uid)) yield workflow
  emitter.transforms.set(workflow.uid, workflow)
  const tags = readTags(emitter.rows, idsOf(read))
  const call = callOf(root, calls)
  yield executionRun(execution, { root, call, tags: tags.get(execution.id), transform: workflow }, emitter.secrets)
  const related = upstreamJobs(read)
  for (const step of inOrder(read)) {
    const transform = emitter.transforms.get(step.task.hash) ?? taskTransform(step.task, emitter.secrets)
    if (!emitter.transforms.has(step.task.hash)) yield transform
    emitter.transforms.set(step.task.hash, transform)
    const run = jobRun(
      step,
      {
        transform,
        executionId: execution.id,
        parent: parentOf(step, read),
        call: callOf(step, calls),
        tags: merged(tags, [step.id, step.callHash]),
        valueTags: step.valueHash === undefined ? undefined : tags.get(step.valueHash),
        reuses: isEnded(step.outcome) ? uidOf(read.reuses.get(step)) : undefined,
        upstream: related.get(step) ?? [],
      },
      emitter.secrets,
    )
    yield run
    const likely = read.likely.get(step)
    if (likely !== undefined) yield { ...run, reuses: jobUid(likely), evidence: 'inferred' }
  }
}

function idsOf({ execution, steps }: ReadExecution): readonly string[] {
  const ids = new Set([execution.id])
  for (const step of steps.all) {
    ids.add(step.id)
    if (step.callHash !== undefined) ids.add(step.callHash)
    if (step.valueHash !== undefined) ids.add(step.valueHash)
  }
  return [...ids]
}

function merged(tags: ReadonlyMap<string, Tags>, ids: readonly (string | undefined)[]): Tags | undefined {
  const found = ids.flatMap((id) => (id === undefined ? [] : (tags.get(id) ?? [])))
  if (found.length < 2) return found[0]
  return {
    current: new Map(found.flatMap((each) => [...each.current])),
    former: found.flatMap((each) => [...each.former]),
  }
}

/** A job's parent is the run of the job above it; the root job is below its execution. */
function parentOf(step: Step, { execution, steps }: ReadExecution): RunUid {
  const above = step.parent === undefined ? undefined : steps.runs.get(step.parent)
  return above === undefined ? executionUid(execution.id) : jobUid(above.id)
}

/** Only runs that stand for themselves, parents and reused runs first. */
function inOrder({ steps, reuses }: ReadExecution): readonly Step[] {
  const byId = new Map(steps.all.map((step) => [step.id, step]))
  const done = new Set<Step>()
  const order: Step[] = []
  for (const first of steps.all) {
    const open = [first]
    const waiting = new Set<Step>()
    for (let step = open.at(-1); step !== undefined; step = open.at(-1)) {
      const before = [step.parent, byId.get(reuses.get(step) ?? '')].find(
        (other) => other !== undefined && !done.has(other) && !waiting.has(other),
      )
      waiting.add(step)
      if (before !== undefined && !done.has(step)) {
        open.push(before)
        continue
      }
      open.pop()
      if (!done.has(step)) order.push(step)
      done.add(step)
    }
  }
  return order.filter((step) => steps.runs.get(step) === step)
}

function uidOf(job: string | undefined): RunUid | undefined {
  return job === undefined ? undefined : jobUid(job)
}
