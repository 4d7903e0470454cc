import type { Call, Input } from './calls.ts'
import type { FileRef } from './file-refs.ts'
import { isMissingFile } from './fingerprint.ts'
import { groupBy } from './group-by.ts'
import type { KnownFiles } from './known-files.ts'
import type { Step, Steps } from './steps.ts'

/** A file that came out of a run. */
export interface Output {
  readonly ref: FileRef
  /** The job whose result names it. */
  readonly step: Step
  /** The run that it is credited to. */
  readonly run: Step
  /** Which version of the path it is: the run that wrote it, or only the state that redun saw. */
  readonly version: string
}

export interface OutputContext {
  readonly steps: Steps
  readonly calls: ReadonlyMap<string, Call>
  readonly given: ReadonlyMap<Step, readonly Input[]>
  readonly known: KnownFiles
  /** The earlier run that a cached run took its result from. */
  reusedBy(run: Step): string | undefined
  /** Whether a file provably lay there before a time, in this state. */
  readonly wasThere: (ref: FileRef, ms: number) => Promise<boolean>
}

interface Emission {
  readonly ref: FileRef
  readonly step: Step
  readonly run: Step
}

/** The version of a file that came from outside: what redun saw of it. */
export function outsideVersion(hash: string): string {
  return `redun:${hash}`
}

/**
 * Which run made which file. redun keeps what a call returned, not who wrote the bytes, so the maker is the deepest job
 * whose result names the file and that was not given it. Where the hash changes with every write, only the first to
 * name it can have written it, and nobody who names what an earlier job had already read or what is older than the
 * whole execution. (Older than the job alone would be too strict: copies and downloads keep an older time.)
 */
export async function findOutputs(context: OutputContext): Promise<readonly Output[]> {
  const emissions = deepest(rawEmissions(context)).filter(
    ({ step, ref }) => ref.kind !== 'file' || !step.task.onlyNames,
  )
  const firstReads = readTimes(context)
  const groups = groupBy(emissions, (emission) => emission.ref.hash)
  const outputs: Output[] = []
  for (const group of groups.values()) outputs.push(...(await decide(group, context, firstReads)))
  return outputs
}

function rawEmissions({ steps, calls, given: inputs }: OutputContext): readonly Emission[] {
  const emissions: Emission[] = []
  for (const step of steps.all) {
    const call = step.callHash === undefined ? undefined : calls.get(step.callHash)
    if (call?.result === undefined) continue
    const given = new Set((inputs.get(step) ?? []).map((input) => input.ref.hash))
    const run = steps.runs.get(step) ?? step
    // Members of a folder are not among them: its listing holds whatever lay there, from anybody.
    for (const ref of call.result.files) {
      if (!given.has(ref.hash)) emissions.push({ ref, step, run })
    }
  }
  return emissions
}

/** Without those whose file also came out of a job further down: they only hand it on. */
function deepest(emissions: readonly Emission[]): readonly Emission[] {
  const above = new Map<string, Set<Step>>()
  for (const { ref, step } of emissions) {
    const marked = above.get(ref.hash) ?? new Set<Step>()
    above.set(ref.hash, marked)
    for (let at = step.parent; at !== undefined && !marked.has(at); at = at.parent) marked.add(at)
  }
  return emissions.filter(({ ref, step }) => above.get(ref.hash)?.has(step) !== true)
}

/** When each file was first read in this execution. */
function readTimes({ given }: OutputContext): ReadonlyMap<string, number> {
  const times = new Map<string, number>()
  for (const [step, inputs] of given) {
    const startMs = step.startMs ?? Infinity
    for (const { ref } of inputs) {
      if (startMs < (times.get(ref.hash) ?? Infinity)) times.set(ref.hash, startMs)
    }
  }
  return times
}

async function decide(
  group: readonly Emission[],
  context: OutputContext,
  firstReads: ReadonlyMap<string, number>,
): Promise<readonly Output[]> {
  const [first] = group
  if (first?.ref.kind === 'file' && isMissingFile(first.ref.path, first.ref.hash)) return []
  const fresh = group.filter(({ run }) => !run.cached).sort((a, b) => endOf(a.step) - endOf(b.step))
  const [earliest] = fresh
  const named = fresh.filter(
    (emission) =>
      !emission.ref.stamped ||
      (earliest !== undefined && isAtOnce(emission, earliest) && isNew(earliest, context, firstReads)),
  )
  const makers = named[0] !== undefined && (await isOlder(named[0], context)) ? [] : named
  const outputs = makers.map((emission) => ({ ...emission, version: emission.run.id }))
  for (const emission of group) {
    if (!emission.run.cached) continue
    const version = makers.length > 0 ? makers[0]?.run.id : cachedVersion(emission, context)
    if (version !== undefined) outputs.push({ ...emission, version })
  }
  return outputs
}

/**
 * The first to name a file, or one that did the same at the same time: both wrote to the path, and redun looked at it when
 * each was done.
 */
function isAtOnce(emission: Emission, first: Emission): boolean {
  if (emission === first) return true
  return emission.step.task === first.step.task && (emission.step.startMs ?? Infinity) < endOf(first.step)
}

function isNew({ ref, step }: Emission, { known }: OutputContext, firstReads: ReadonlyMap<string, number>): boolean {
  const startMs = step.startMs ?? 0
  if (known.wasReadBefore(ref.hash, startMs) || (firstReads.get(ref.hash) ?? Infinity) < startMs) return false
  return known.findMaker(ref.hash, endOf(step)) === undefined
}

/** Clocks of a file server and of the scheduler's host differ a little. */
const CLOCKS_DIFFER_MS = 5000

function isOlder({ ref, step }: Emission, { wasThere }: OutputContext): Promise<boolean> {
  let root = step
  while (root.parent !== undefined) root = root.parent
  if (!ref.stamped || ref.kind !== 'file' || root.startMs === undefined) return Promise.resolve(false)
  return wasThere(ref, root.startMs - CLOCKS_DIFFER_MS)
}

/**
 * A cached run hands out what the run made whose result it shares; what that one only handed on, it did not make
 * either. If nobody knows whose result it is, the file stays the state that redun saw.
 */
function cachedVersion({ ref, run, step }: Emission, context: OutputContext): string | undefined {
  const reused = context.reusedBy(run)
  const maker = context.known.findMaker(ref.hash, endOf(step), reused)
  if (reused !== undefined) return maker?.run === reused ? reused : undefined
  if (maker !== undefined) return maker.run
  return context.known.wasReadBefore(ref.hash, step.startMs ?? 0) ? undefined : outsideVersion(ref.hash)
}

function endOf(step: Step): number {
  return step.endMs ?? step.startMs ?? 0
}
