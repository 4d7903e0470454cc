import type { Digest } from '../fact/digest.ts'
import { compareDigests } from '../fact/digest.ts'

/** A version of a place that somebody wrote: a run, or a copy. */
export interface MadeVersion {
  readonly uid: string
  /** When it lay there: the end of the run, or of the run behind the copy. Milliseconds. */
  readonly readyAt: number | undefined
  /** The runs that wrote it, and the runs that they are part of. */
  readonly makers: ReadonlySet<string>
  readonly digests: readonly Digest[]
}

/** Somebody who read the place and of whom nobody says which version it was, or a version that nobody wrote. */
export interface Reader {
  /** The artifact as stated. */
  readonly stated: string
  /** The run that read; for a copy, what it made. */
  readonly subject: string
  /** When it read: the run's start. */
  readonly at: number | undefined
  readonly digests: readonly Digest[]
  /** A version of this place that the same run names elsewhere. */
  readonly named: readonly string[]
}

export type Choice =
  | { readonly kind: 'none' }
  | { readonly kind: 'several'; readonly candidates: readonly string[] }
  /** `untimed`: time had no say, or a tolerance: a cycle is possible. */
  | { readonly kind: 'one'; readonly uid: string; readonly method: string; readonly untimed: boolean }

/** Evidence `inferred` by one of these methods is ours. */
export const SAME_PATH = 'same-path'
export const SAME_PATH_AND_DIGEST = 'same-path-and-digest'

/** Clocks that write whole seconds cut them: what began at 12:00:01 may have begun at 12:00:01.999. */
const CUT_SECOND_MS = 1_000
/** The same for clocks with milliseconds, and two processes that look at one of them. */
const CLOCK_MS = 20

/**
 * Which of the versions made at one place a reader read: the latest that lay there when it began. A pure function of
 * the arguments, in any order: that is what makes the order of imports not matter.
 */
export function chooseVersion(reader: Reader, versions: readonly MadeVersion[]): Choice {
  const named = versions.filter((version) => reader.named.includes(version.uid))
  const [only] = named
  if (named.length === 1 && only !== undefined) return one(only, SAME_PATH, true)
  const possible = versions.filter((version) => isPossible(reader, version))
  const equal = possible.filter((version) => digestsAgree(reader.digests, version.digests) === true)
  return equal.length > 0 ? byTime(reader, equal, SAME_PATH_AND_DIGEST) : byTime(reader, possible, SAME_PATH)
}

function isPossible(reader: Reader, version: MadeVersion): boolean {
  if (version.uid === reader.stated || version.makers.has(reader.subject)) return false
  return digestsAgree(reader.digests, version.digests) !== false
}

/** `false` when any two of one kind differ, `true` when some are equal, `undefined` when none can be compared. */
function digestsAgree(a: readonly Digest[], b: readonly Digest[]): boolean | undefined {
  const verdicts = a.flatMap((mine) => b.map((other) => verdictOf(mine, other))).filter((v) => v !== undefined)
  // A file that was hashed twice with two results says nothing: both may have been there.
  if (verdicts.length === 0) return undefined
  return verdicts.includes(true)
}

/** Bytes that only probably were those of then forbid nothing: the file may have been written since. */
function verdictOf(a: Digest, b: Digest): boolean | undefined {
  const verdict = compareDigests(a, b)
  return verdict === false && (a.evidence === 'inferred' || b.evidence === 'inferred') ? undefined : verdict
}

function byTime(reader: Reader, versions: readonly MadeVersion[], method: string): Choice {
  const { at } = reader
  const [first] = versions
  if (first === undefined) return { kind: 'none' }
  const timed = versions.filter((version) => version.readyAt !== undefined)
  if (at === undefined || timed.length < versions.length) {
    if (versions.length > 1) return several(versions)
    return one(first, method, true)
  }
  const there = timed.filter((version) => lay(version, at))
  if (there.length === 0) return { kind: 'none' }
  const last = Math.max(...there.map((version) => version.readyAt ?? 0))
  const latest = there.filter((version) => version.readyAt === last)
  const [chosen] = latest
  if (chosen === undefined || latest.length > 1) return several(latest)
  return one(chosen, method, last >= at)
}

function lay(version: MadeVersion, at: number): boolean {
  const ready = version.readyAt ?? 0
  return ready <= at + (at % CUT_SECOND_MS === 0 ? CUT_SECOND_MS : CLOCK_MS)
}

function one(version: MadeVersion, method: string, untimed: boolean): Choice {
  return { kind: 'one', uid: version.uid, method, untimed }
}

function several(versions: readonly MadeVersion[]): Choice {
  return { kind: 'several', candidates: versions.map((version) => version.uid).sort() }
}
