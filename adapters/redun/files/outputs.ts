import type { Emission, ExecutionFiles, Output } from './execution-files.ts'
import type { FileRef } from '../values/file-refs.ts'
import { isMissingFile } from '../values/fingerprint.ts'
import type { History } from './history.ts'
import type { KnownFiles } from './known-files.ts'
import type { Reuses } from '../jobs/reuses.ts'
import type { Step } from '../jobs/step.ts'
import { upwards } from '../jobs/step.ts'

export interface OutputContext {
  readonly files: ExecutionFiles
  readonly history: History
  readonly reuses: Reuses
  /** Whether a file provably lay there before a time, in this state. */
  readonly wasThere: (ref: FileRef, ms: number) => Promise<boolean>
}

/** What is known of the files that are being decided on. */
interface Knowledge extends OutputContext {
  readonly known: KnownFiles
  /** When each was first read in this execution. */
  readonly firstReads: ReadonlyMap<string, number>
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
export async function findOutputs(context: OutputContext): Promise<void> {
  const { files, history } = context
  for (const groups of files.groups()) {
    const hashes = new Set(groups.flatMap(([first]) => first?.ref.hash ?? []))
    const knowledge = { ...context, known: history.filesAmong(hashes), firstReads: files.firstReads(hashes) }
    for (const group of groups) {
      const outputs = await decide(deepest(group).filter(couldWrite), knowledge)
      for (const [at, output] of outputs.entries()) files.addOutput(output, at)
    }
  }
}

function couldWrite({ step, ref }: Emission): boolean {
  return ref.kind !== 'file' || !step.task.onlyNames
}

/** Of the emissions of one file those whose file did not also come out of a job further down: the others hand it on. */
function deepest(emissions: readonly Emission[]): readonly Emission[] {
  if (emissions.length < 2) return emissions
  const above = new Set<number>()
  for (const { step } of emissions) {
    for (let at = step.parent; at !== undefined && !above.has(at.place); at = at.parent) above.add(at.place)
  }
  return emissions.filter(({ step }) => !above.has(step.place))
}

async function decide(group: readonly Emission[], context: Knowledge): Promise<readonly Output[]> {
  const [first] = group
  if (first === undefined || (first.ref.kind === 'file' && isMissingFile(first.ref.path, first.ref.hash))) return []
  const fresh = group.filter(({ run }) => !run.cached).sort((a, b) => endOf(a.step) - endOf(b.step))
  const [earliest] = fresh
  const named = fresh.filter(
    (emission) =>
      !emission.ref.stamped || (earliest !== undefined && isAtOnce(emission, earliest) && isNew(earliest, context)),
  )
  const isOld = named[0] !== undefined && (await isOlder(named[0], context))
  const rivals = isOld || named[0] === undefined ? [] : rivalsOf(named[0], fresh)
  if (rivals.length > 0) context.files.addDoubt(first.ref, idsOf([...named, ...rivals]))
  const makers = isOld || rivals.length > 0 ? [] : named
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

/** Those who name the file too and were at work before the first was done, but on something else: any of them may have written it. */
function rivalsOf(first: Emission, fresh: readonly Emission[]): readonly Emission[] {
  if (!first.ref.stamped) return []
  return fresh.filter(
    ({ step, run }) =>
      run.place !== first.run.place && step.task !== first.step.task && (step.startMs ?? Infinity) < endOf(first.step),
  )
}

/** As many as can be listed. */
const MOST_CANDIDATES = 100

function idsOf(emissions: readonly Emission[]): readonly string[] {
  return [...new Set(emissions.map(({ run }) => run.id))].slice(0, MOST_CANDIDATES)
}

function isNew({ ref, step }: Emission, { known, firstReads }: Knowledge): boolean {
  const startMs = step.startMs ?? 0
  if (known.wasReadBefore(ref.hash, startMs) || (firstReads.get(ref.hash) ?? Infinity) < startMs) return false
  return known.findMaker(ref.hash, endOf(step)) === undefined
}

/** Clocks of a file server and of the scheduler's host differ a little. */
const CLOCKS_DIFFER_MS = 5000

function isOlder({ ref, step }: Emission, { wasThere }: Knowledge): Promise<boolean> {
  let root = step
  for (const above of upwards(step)) root = above
  if (!ref.stamped || ref.kind !== 'file' || root.startMs === undefined) return Promise.resolve(false)
  return wasThere(ref, root.startMs - CLOCKS_DIFFER_MS)
}

/**
 * A cached run hands out what the run made whose result it shares; what that one only handed on, it did not make
 * either. If nobody knows whose result it is, the file stays the state that redun saw.
 */
function cachedVersion({ ref, run, step }: Emission, context: Knowledge): string | undefined {
  const reused = context.reuses.of(run)?.id
  const maker = context.known.findMaker(ref.hash, endOf(step), reused)
  if (reused !== undefined) return maker?.run === reused ? reused : undefined
  if (maker !== undefined) return maker.run
  return context.known.wasReadBefore(ref.hash, step.startMs ?? 0) ? undefined : outsideVersion(ref.hash)
}

function endOf(step: Step): number {
  return step.endMs ?? step.startMs ?? 0
}
