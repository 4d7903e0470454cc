import type { ArtifactUid, ConsumedFact, Fact, ProducedFact, RunUid } from '../../../core/adapter.ts'
import type { Call, Input } from '../jobs/calls.ts'
import type { FileFacts } from './file-facts.ts'
import type { FileRef } from '../values/file-refs.ts'
import type { Guess } from '../jobs/guesses.ts'
import type { ReadExecution } from '../files/read-execution.ts'
import { jobUid } from './run-facts.ts'
import { InputResolver } from '../files/sources-of-inputs.ts'
import type { Step } from '../jobs/step.ts'

/** Small enough that what dies young costs the garbage collector nothing. */
const PORTION = 400

/** An edge whose file has no uid yet. */
interface Edge {
  readonly ref: FileRef
  readonly version: string
  readonly run: RunUid
  readonly how: Pick<ConsumedFact, 'kind' | 'role' | 'evidence' | 'method'> | Pick<ProducedFact, 'kind' | 'evidence'>
}

/** Files of some steps and which of them read and made them, in portions. */
export async function* toEdges(
  page: readonly Step[],
  calls: ReadonlyMap<string, Call>,
  read: ReadExecution,
  files: FileFacts,
): AsyncIterable<readonly Fact[]> {
  let portion: Fact[] = []
  const readings = await readingsOf(page, calls, read)
  for (const { ref, version, run, how } of edgesOf(page, readings, read)) {
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

/** What one step was given, and what it was probably given. */
interface Reading {
  readonly step: Step
  readonly given: readonly Input[]
  readonly guess: Guess | undefined
}

async function readingsOf(
  page: readonly Step[],
  calls: ReadonlyMap<string, Call>,
  read: ReadExecution,
): Promise<readonly Reading[]> {
  const readings: Reading[] = []
  for (const step of page)
    readings.push({ step, given: await read.givenTo(step, calls), guess: read.guesses.find(step) })
  return readings
}

function* edgesOf(page: readonly Step[], readings: readonly Reading[], read: ReadExecution): Iterable<Edge> {
  for (const { ref, version, run } of read.files.outputsOfSteps(page)) {
    yield { ref, version, run: jobUid(run.id), how: { kind: 'produced', evidence: 'recorded' } }
  }
  const hashes = new Set(readings.flatMap(({ given, guess }) => [...given, ...(guess?.inputs ?? [])].map((input) => input.ref.hash))) // prettier-ignore
  const sources = new InputResolver(read.history.filesAmong(hashes), read.files.outputsOf(hashes))
  for (const reading of readings) yield* consumedBy(reading, sources, read)
}

function* consumedBy(
  { step, given, guess }: Reading,
  sources: InputResolver,
  { steps }: ReadExecution,
): Iterable<Edge> {
  // The run that a step is a part of; the command of a script reads what the script was given.
  const readers = [steps.runOf(step), ...(step.command === undefined ? [] : [steps.get(step.command)])]
  for (const input of given) {
    const { ref, role } = input
    const { version, ...how } = sources.resolve(step, input)
    for (const run of readers) yield { ref, version, run: jobUid(run.id), how: { kind: 'consumed', role, ...how } }
  }
  if (guess === undefined) return
  for (const input of guess.inputs) {
    const { ref, role } = input
    const { version } = sources.resolve(step, input)
    yield { ref, version, run: jobUid(step.id), how: { kind: 'consumed', role, evidence: 'inferred', method: guess.method } } // prettier-ignore
  }
}
