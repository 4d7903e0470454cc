import { compareDigests, type Digest } from '../../../core/adapter.ts'
import { taskOfPath, type Place } from '../find/places.ts'
import type { Areas } from './areas.ts'
import type { OpenFile } from './open-files.ts'
import { nameOf, type Candidate, type OutputBook } from './output-book.ts'

/** What was concluded about one file. */
export type Match =
  | {
      readonly kind: 'one'
      readonly from: Candidate
      readonly method: 'copy' | 'link' | 'same-content' | 'move'
      readonly isSeen: boolean
      readonly digest?: Digest
    }
  | { readonly kind: 'several'; readonly candidates: readonly Candidate[]; readonly digest?: Digest }
  /** `isEqual`: tasks left the same bytes, under names and at places that prove nothing yet. */
  | { readonly kind: 'none'; readonly isEqual?: boolean; readonly digest?: Digest }

/** What is asked beside the file itself. */
export interface MatchContext {
  readonly book: OutputBook
  readonly areas: Areas
  /** The file's absolute path at the time. */
  readonly path: string
  /** Order of the first pipeline run that read the bytes of now: whoever made them ran before. */
  readonly readBefore?: number
  /** Orders of the runs that went on when the file was written. */
  readonly writers: ReadonlySet<number>
  /** A run went on at that time: the file that has it kept its own. */
  isRunTime(ms: number): boolean
  /** All that is certain has been told: where other published files lie counts too. */
  readonly isLast: boolean
}

/** Compares a file outside of the work folders with what tasks left there. */
export async function matchFile(file: OpenFile, context: MatchContext): Promise<Match> {
  const linked = inTime(context.book.sameInode(file), context, file)
  const [link] = linked
  if (link !== undefined && linked.length === 1) return { kind: 'one', from: link, method: 'link', isSeen: true }
  const sized = inTime(context.book.sameSize(file), context, file)
  if (sized.length === 0) return movedMatch(file, context)
  const { equal, digest } = await sameContent(file.place, sized)
  if (equal.length === 0) {
    const moved = movedMatch(file, context)
    return digest === undefined ? moved : { ...moved, digest }
  }
  return { ...chooseCandidate(file, equal, digest !== undefined, context), ...(digest === undefined ? {} : { digest }) }
}

/** File times are cut to the millisecond. */
const CUT_MS = 2

interface Timed {
  readonly maker: { readonly order: number }
  readonly passedFrom?: string
  readonly modifiedMs?: number
}

/**
 * A file that a run read was there before: nothing that this run or a later one made is its source. Nor is a task that
 * passed this very file on: where its output is a link, both always hold the same. And no original is younger than its
 * copy, where a run went on at both times (else folders were copied without their times).
 */
function inTime<T extends Timed>(candidates: readonly T[], context: MatchContext, { stat }: OpenFile): T[] {
  const { readBefore, path, writers } = context
  const latestMs = writers.size === 0 ? Infinity : stat.modifiedMs + CUT_MS
  const isYounger = ({ modifiedMs = -Infinity }: T): boolean => modifiedMs > latestMs && context.isRunTime(modifiedMs)
  return candidates.filter(
    (each) =>
      each.passedFrom !== path && (readBefore === undefined || each.maker.order < readBefore) && !isYounger(each),
  )
}

/**
 * By digest; where none can be had, or none to compare, equal size is all there is and the name must be the same too.
 */
async function sameContent(
  place: Place,
  candidates: readonly Candidate[],
): Promise<{ equal: Candidate[]; digest?: Digest }> {
  const digest = await place.source.digest(place.path).catch(() => undefined)
  const equal: Candidate[] = []
  for (const candidate of candidates) {
    const isNamesake = nameOf(candidate.path) === nameOf(place.path)
    const other = digest && (await candidate.place.source.digest(candidate.place.path).catch(() => undefined))
    const same = digest && other && compareDigests(digest, other)
    if (same ?? isNamesake) equal.push(candidate)
  }
  return { equal, ...(digest === undefined ? {} : { digest }) }
}

function chooseCandidate(file: OpenFile, equal: readonly Candidate[], isHashed: boolean, context: MatchContext): Match {
  const { areas, path, writers } = context
  const name = nameOf(file.place.path)
  const isHere = equal.filter((each) => isPublishedBy(each.runs, areas, path))
  const near =
    isHere.length > 0 ? isHere : equal.filter((each) => ![...each.runs].some((order) => areas.isKnown(order)))
  const namesakes = near.filter((each) => nameOf(each.path) === name)
  const others = equal.filter((each) => nameOf(each.path) === name)
  const isEmpty = file.stat.sizeBytes === 0
  // another name only where the run publishes to, and never by emptiness
  const fitting = namesakes.length > 0 ? namesakes : isHere.length > 0 && !isEmpty ? isHere : isEmpty ? [] : others
  const distinct = [...new Map(inPlace(fitting, path).map((each) => [each.path, each])).values()]
  const timely = distinct.filter((each) => [...each.runs].some((order) => writers.has(order)))
  const left = timely.length > 0 ? timely : distinct
  const [only] = left
  if (only === undefined) return isEmpty ? { kind: 'none' } : renamedMatch(file, equal, context)
  if (left.length > 1) return { kind: 'several', candidates: left }
  return { kind: 'one', from: only, method: 'copy', isSeen: isHashed }
}

/**
 * A publication keeps the place that a file has in its task's folder, unless it is renamed: where one lies under the
 * names of its folders too (`s1/logs/run.log`), others from elsewhere that only have the last name are out of question.
 */
function inPlace(candidates: readonly Candidate[], path: string): readonly Candidate[] {
  const kept = candidates.filter((each) => path.endsWith(`/${placeOf(each)}`))
  return kept.some((each) => placeOf(each).includes('/')) ? kept : candidates
}

function placeOf({ path }: Candidate): string {
  return taskOfPath(path)?.rest ?? nameOf(path)
}

/** So few bytes are equal by chance. */
const LEAST_BYTES = 8

/**
 * A copy under another name (`saveAs`) where no parameter says that the run publishes there: among files that are
 * certainly published, written while a run went on that had the output, and read by none.
 */
function renamedMatch(file: OpenFile, equal: readonly Candidate[], context: MatchContext): Match {
  if (!context.isLast) return { kind: 'none', isEqual: true }
  const { areas, path, readBefore, writers } = context
  if (readBefore !== undefined || file.stat.sizeBytes < LEAST_BYTES || !areas.isAmongPublished(path))
    return { kind: 'none' }
  const timely = equal.filter((each) => writers.size === 0 || [...each.runs].some((order) => writers.has(order)))
  const candidates = [...new Map(timely.map((each) => [each.path, each])).values()]
  const [only] = candidates
  if (only === undefined) return { kind: 'none' }
  return candidates.length > 1
    ? { kind: 'several', candidates }
    : { kind: 'one', from: only, method: 'copy', isSeen: true }
}

/** A declared output that is gone from its folder, and a file of its name where the run publishes to. */
function movedMatch(file: OpenFile, context: MatchContext): Match {
  const gone = inTime(context.book.gone(file), context, file).filter((each) =>
    isPublishedBy(each.runs, context.areas, context.path),
  )
  const [only] = gone
  if (only === undefined || gone.length !== 1) return { kind: 'none' }
  return { kind: 'one', from: { ...only, place: file.place }, method: 'move', isSeen: false }
}

function isPublishedBy(runs: ReadonlySet<number>, areas: Areas, path: string): boolean {
  return [...runs].some((order) => areas.publishes(order, path))
}
