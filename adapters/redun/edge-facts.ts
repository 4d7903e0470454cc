import type { ArtifactUid, ConsumedFact, Fact, ProducedFact, RunUid } from '../../core/adapter.ts'
import { inputsOf } from './calls.ts'
import type { ReadExecution } from './execution-facts.ts'
import type { FileFacts } from './file-facts.ts'
import type { FileRef } from './file-refs.ts'
import { jobUid } from './run-facts.ts'
import type { Step, Steps } from './steps.ts'

/** Small enough that what dies young costs the garbage collector nothing. */
export const PORTION = 400

/** An edge whose file has no uid yet. */
interface Edge {
  readonly ref: FileRef
  readonly version: string
  readonly run: RunUid
  readonly how: Pick<ConsumedFact, 'kind' | 'role' | 'evidence' | 'method'> | Pick<ProducedFact, 'kind' | 'evidence'>
}

/** Files of an execution and who read and made them, in portions. */
export async function* toEdges(read: ReadExecution, files: FileFacts): AsyncIterable<readonly Fact[]> {
  let portion: Fact[] = []
  for (const { ref, version, run, how } of edgesOf(read)) {
    const file = files.find(ref, version) ?? (await files.name(ref, version))
    if (file === undefined) continue
    portion.push(...file.facts, toFact(run, file.uid, how))
    if (portion.length < PORTION) continue
    yield portion
    portion = []
  }
  yield portion
}

function toFact(run: RunUid, artifact: ArtifactUid, how: Edge['how']): Fact {
  if (how.kind === 'produced') return { kind: how.kind, run, artifact, evidence: how.evidence }
  const { kind, role, evidence, method } = how
  return { kind, run, artifact, role, evidence, ...(method === undefined ? {} : { method }) }
}

function* edgesOf(read: ReadExecution): Iterable<Edge> {
  for (const { ref, version, run } of read.outputs) {
    yield { ref, version, run: jobUid(run.id), how: { kind: 'produced', evidence: 'recorded' } }
  }
  for (const step of read.steps.all) {
    for (const input of read.given.get(step) ?? []) {
      const { ref, role } = input
      const { version, ...how } = read.inputs.resolve(step, input)
      for (const run of readersOf(step, read.steps))
        yield { ref, version, run: jobUid(run.id), how: { kind: 'consumed', role, ...how } }
    }
  }
  for (const [step, { args, method }] of read.inferred) {
    for (const input of inputsOf(step, { args, result: undefined })) {
      const { ref, role } = input
      const { version } = read.inputs.resolve(step, input)
      yield { ref, version, run: jobUid(step.id), how: { kind: 'consumed', role, evidence: 'inferred', method } }
    }
  }
}

/** The run that a step is a part of; the command of a script reads what the script was given. */
function readersOf(step: Step, { runs, commands }: Steps): readonly Step[] {
  const command = commands.get(step)
  return [runs.get(step) ?? step, ...(command === undefined ? [] : [command])]
}
