/** The history counts its starts in whole seconds, cut: a run may have ended that much later than it says. */
const CUT_MS = 1000

/** When each pipeline run went on: a file that was written then, where runs publish to, was published by it. */
export class Spans {
  readonly #spans: { readonly order: number; readonly fromMs: number; readonly toMs: number }[] = []

  /** `startedAt`, `endedAt`: ISO. A run of which either is unknown wrote at any time: it takes no part. */
  add(order: number, startedAt: string | undefined, endedAt: string | undefined): void {
    if (startedAt === undefined || endedAt === undefined) return
    this.#spans.push({ order, fromMs: Date.parse(startedAt), toMs: Date.parse(endedAt) + CUT_MS })
  }

  /** Orders of the runs that went on at that time: several when runs overlap, none for a folder that was copied since. */
  at(ms: number): ReadonlySet<number> {
    const those = this.#spans.filter(({ fromMs, toMs }) => fromMs <= ms && ms <= toMs)
    return new Set(those.map(({ order }) => order))
  }

  /** Whether the run `order` is known to have ended before. */
  isOver(order: number, ms: number): boolean {
    const span = this.#spans.find((each) => each.order === order)
    return span !== undefined && span.toMs < ms
  }

  /** When the last of them ended. */
  get endMs(): number | undefined {
    return this.#spans.reduce<number | undefined>((last, { toMs }) => Math.max(last ?? toMs, toMs), undefined)
  }

  /** Whether the file was written by a run that came after the run `order`: its bytes are not those that lay there then. */
  isAfter(order: number, writtenMs: number): boolean {
    const writers = this.at(writtenMs)
    return writers.size > 0 && [...writers].every((writer) => writer > order)
  }
}
