/** A file with some content, at one place in one version, and what is known of where its bytes came from. */
export interface Holder {
  readonly uid: string
  readonly uri: string
  /** Last part of the uri. */
  readonly name: string
  readonly sizeBytes: number | undefined
  /** Digests over all of its bytes that it is known by: with two it was seen in two states, and proves nothing. */
  readonly contents: number
  /** Milliseconds, as all times here. */
  readonly modifiedAt: number | undefined
  /** Where its bytes were made, through copies that somebody told of. */
  readonly origins: readonly Origin[]
  /** What it was copied from, directly. */
  readonly sources: readonly string[]
  /** When the first run that read it began. */
  readonly firstReadAt: number | undefined
  /** The pipelines that read it. */
  readonly readers: ReadonlySet<string>
}

export interface Origin {
  /** The artifact at the end of the copies. */
  readonly artifact: string
  /** The pipeline of the run that made it. */
  readonly pipeline: string | undefined
  readonly startedAt: number | undefined
  readonly endedAt: number | undefined
}

export type Source =
  | { readonly kind: 'none' }
  /** No copy: the very file, named by where its folder lies today. */
  | { readonly kind: 'itself'; readonly uid: string }
  /** `untimed`: time does not forbid that the source was made from the copy. */
  | { readonly kind: 'one'; readonly uid: string; readonly untimed: boolean }
  | { readonly kind: 'several'; readonly candidates: readonly string[] }

/** Whether a folder was moved so that `now` is what was `was`, or the other way round. */
export type IsMoved = (was: string, now: string) => boolean

/** So few bytes (a count, `success`) are equal by chance; under the same name even fewer tell something. */
const LEAST_BYTES = 12
const LEAST_BYTES_OF_NAMESAKES = 8

/** Clocks that write whole seconds cut them, and two processes that look at one clock differ a little. */
const CUT_SECOND_MS = 1_000
const CLOCK_MS = 20

const NONE = { kind: 'none' } as const

/**
 * What a file that a pipeline read, and that nobody made, was copied from: the only output of another pipeline with the
 * same bytes that was there before it. A pure function of what is known of all files with these bytes, so that the
 * order of imports never shows. Within one pipeline equal bytes say nothing: its tasks write the same small files again
 * and again.
 */
export function chooseSource(target: Holder, holders: readonly Holder[], isMoved: IsMoved): Source {
  if (target.origins.length > 0 || target.readers.size === 0 || target.contents > 1) return NONE
  const others = holders.filter((holder) => holder.uid !== target.uid && holder.contents === 1)
  const possible = others.filter((holder) => wasThereFirst(holder, target))
  const [itself, ...more] = possible.filter((holder) => isMoved(holder.uri, target.uri))
  if (itself !== undefined && more.length === 0) return { kind: 'itself', uid: itself.uid }
  if (possible.length === 0 || possible.every((holder) => isOfSamePipeline(holder, target))) return NONE
  const older = others.filter((holder) => possible.some((made) => mayBeOlder(holder, made)))
  const nearest = older.length > 0 ? undefined : nearestOf(possible)
  const sizeBytes = Math.max(0, ...holders.map((holder) => holder.sizeBytes ?? 0))
  if (nearest === undefined)
    return sizeBytes < LEAST_BYTES ? NONE : { kind: 'several', candidates: uidsOf([...possible, ...older]) }
  if (possible.some((holder) => isOfSamePipeline(holder, target))) return NONE
  if (sizeBytes < (nearest.name === target.name ? LEAST_BYTES_OF_NAMESAKES : LEAST_BYTES)) return NONE
  const ready = readyAt(nearest) ?? Infinity
  return { kind: 'one', uid: nearest.uid, untimed: ready >= (target.firstReadAt ?? -Infinity) }
}

/** Made by somebody, before the target was written and read. */
function wasThereFirst(holder: Holder, target: Holder): boolean {
  const [ready, there] = [readyAt(holder), thereAt(target)]
  return ready !== undefined && there !== undefined && ready <= there + toleranceOf(there)
}

/** A file from outside with these bytes may be the source of all of them, unless it came after what was made. */
function mayBeOlder(holder: Holder, made: Holder): boolean {
  if (holder.origins.length > 0) return false
  const there = thereAt(holder)
  return there === undefined || there + toleranceOf(there) < (readyAt(made) ?? -Infinity)
}

/** The end of the only chain of copies, or where it starts when it has several ends. */
function nearestOf(possible: readonly Holder[]): Holder | undefined {
  const [origin, ...more] = new Set(possible.map(originsOf))
  if (origin === undefined || more.length > 0) return undefined
  const copied = new Set(possible.flatMap((holder) => holder.sources))
  const ends = possible.filter((holder) => !copied.has(holder.uid))
  return ends.length === 1 ? ends[0] : possible.find((holder) => holder.uid === origin)
}

function originsOf({ origins }: Holder): string {
  return [...new Set(origins.map(({ artifact }) => artifact))].sort().join(' ')
}

function isOfSamePipeline({ origins }: Holder, { readers }: Holder): boolean {
  return origins.some(({ pipeline }) => pipeline === undefined || readers.has(pipeline))
}

/** When the bytes were written: by the file's own time, where it lies within the run; copies may keep that time. */
function readyAt({ origins, modifiedAt }: Holder): number | undefined {
  let ready: number | undefined
  for (const { startedAt, endedAt } of origins) {
    const end = endedAt ?? startedAt
    if (end === undefined) return undefined
    const isWithin = modifiedAt !== undefined && startedAt !== undefined && startedAt <= modifiedAt && modifiedAt <= end
    ready = Math.max(ready ?? -Infinity, isWithin ? modifiedAt : end)
  }
  return ready
}

/** The earliest time at which the file is known to have been there. */
function thereAt({ modifiedAt, firstReadAt }: Holder): number | undefined {
  if (modifiedAt === undefined || firstReadAt === undefined) return modifiedAt ?? firstReadAt
  return Math.min(modifiedAt, firstReadAt)
}

function toleranceOf(at: number): number {
  return at % CUT_SECOND_MS === 0 ? CUT_SECOND_MS : CLOCK_MS
}

function uidsOf(holders: readonly Holder[]): string[] {
  return [...new Set(holders.map(({ uid }) => uid))].sort()
}
