/** A run that made a file in one state. */
export interface Maker {
  readonly run: string
  readonly endMs: number
}

/** What the executions before one say of the files that it names, by redun's hash. */
export class KnownFiles {
  private readonly makers = new Map<string, Maker[]>()
  private readonly firstReads = new Map<string, number>()

  /** The latest run that made the file before `ms`. */
  findMaker(hash: string, ms: number, preferredRun?: string): Maker | undefined {
    let latest: Maker | undefined
    for (const maker of this.makers.get(hash) ?? []) {
      if (maker.run === preferredRun) return maker
      if (toSecond(maker.endMs) <= toSecond(ms) && maker.endMs >= (latest?.endMs ?? 0)) latest = maker
    }
    return latest
  }

  /** Whether a job that started before `ms` was already given this file, which no run known at that time had made. */
  wasReadBefore(hash: string, ms: number): boolean {
    return (this.firstReads.get(hash) ?? Infinity) < ms
  }

  addRead(hash: string, startMs: number): void {
    this.firstReads.set(hash, startMs)
  }

  /** In the order in which the executions were read. */
  addMaker(hash: string, maker: Maker): void {
    const known = this.makers.get(hash)
    if (known === undefined) this.makers.set(hash, [maker])
    else known.push(maker)
  }
}

/** Databases that were migrated on SQLite keep whole seconds only: times are compared at that precision. */
export function toSecond(ms: number): number {
  return Math.floor(ms / 1000)
}
