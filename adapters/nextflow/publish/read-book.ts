import type { Fact, RunUid } from '../../../core/adapter.ts'
import { artifactFact } from '../facts/artifact.ts'
import type { Places } from '../find/places.ts'
import type { CopiedTimes } from './copied-times.ts'
import type { Publications } from './publications.ts'

/** A read whose version is settled at the end, when all publications are known. */
interface Read {
  readonly path: string
  readonly order: number
  readonly edge: { readonly run: RunUid; readonly evidence: 'recorded'; readonly role?: string }
}

/** Reads of files that lie outside of task folders and may have been published or stored by another run. */
export class ReadBook {
  readonly #watched = new Set<string>()
  readonly #first = new Map<string, number>()
  readonly #own = new Set<string>()
  readonly #reads: Read[] = []
  /** A file that may have several versions; the folders above it may be read as a whole. */
  watch(path: string): void {
    for (const each of upwards(path)) this.#watched.add(each)
  }

  /** @returns `false`: the path has one version only, the edge can be told at once */
  defer(path: string, edge: Read['edge'], order: number): boolean {
    if (!this.#watched.has(path)) return false
    this.#first.set(path, Math.min(order, this.#first.get(path) ?? order))
    this.#reads.push({ path, edge, order })
    return true
  }

  /** Order of the first pipeline run that read the path or a folder above it. */
  firstReader(path: string): number | undefined {
    const orders = [...upwards(path)].flatMap((each) => this.#first.get(each) ?? [])
    return orders.length === 0 ? undefined : Math.min(...orders)
  }

  /** A path that a run wrote itself: it is no copy of anything. */
  own(path: string): void {
    this.#own.add(path)
  }

  isOwn(path: string): boolean {
    return [...upwards(path)].some((each) => this.#own.has(each))
  }

  /** The reads, each of the newest version that was there before it; else of an unstated one. */
  async *deferred(publications: Publications, places: Places, times: CopiedTimes): AsyncIterable<Fact> {
    for (const read of this.#reads) {
      const { path, order, edge } = read
      const before = publications
        .versions(path)
        .filter((each) => each.order < order || (each.isOwn && each.order === order))
      const newest = before.reduce<(typeof before)[number] | undefined>(
        (last, each) => (last === undefined || each.order >= last.order ? each : last),
        undefined,
      )
      if (newest !== undefined) yield { kind: 'consumed', artifact: newest.uid, ...edge }
      else yield* unstated(read, places, times)
    }
  }
}

async function* unstated({ path, order, edge }: Read, places: Places, times: CopiedTimes): AsyncIterable<Fact> {
  const found = await places.find(path)
  const artifact = artifactFact(path, found === undefined ? {} : await times.asRead(order, found, found.stat))
  if (artifact === undefined) return
  yield artifact
  yield { kind: 'consumed', artifact: artifact.uid, ...edge }
}

/** The path and the folders above it. */
function* upwards(path: string): Iterable<string> {
  for (let each = path; each !== ''; each = each.slice(0, Math.max(0, each.lastIndexOf('/')))) yield each
}
