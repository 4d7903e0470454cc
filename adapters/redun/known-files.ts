/** A run that made a file in one state. */
export interface Maker {
  readonly run: string
  readonly endMs: number
}

/**
 * What executions read so far say of files, by redun's hash: who made them, when they were first read. This grows with
 * the number of files, so it is kept small: most files have one maker.
 */
export class KnownFiles {
  private readonly makers = new Map<string, Maker | Maker[]>()
  private readonly firstReads = new Map<string, number>()

  /** The latest run that made the file before `ms`. */
  findMaker(hash: string, ms: number, preferredRun?: string): Maker | undefined {
    const known = this.makers.get(hash)
    if (known === undefined) return undefined
    let latest: Maker | undefined
    for (const maker of Array.isArray(known) ? known : [known]) {
      if (maker.run === preferredRun) return maker
      if (toSecond(maker.endMs) <= toSecond(ms) && maker.endMs >= (latest?.endMs ?? 0)) latest = maker
    }
    return latest
  }

  /** Whether a job that started before `ms` was already given this file, which no run known so far had made. */
  wasReadBefore(hash: string, ms: number): boolean {
    return (this.firstReads.get(hash) ?? Infinity) < ms
  }

  /** Only files without a maker are remembered: of others the makers tell enough. */
  addRead(hash: string, startMs: number): void {
    if (!this.makers.has(hash) && startMs < (this.firstReads.get(hash) ?? Infinity)) this.firstReads.set(hash, startMs)
  }

  addMaker(hash: string, maker: Maker): void {
    const known = this.makers.get(hash)
    if (known === undefined) this.makers.set(hash, maker)
    else if (Array.isArray(known)) known.push(maker)
    else this.makers.set(hash, [known, maker])
  }
}

/** Databases that were migrated on SQLite keep whole seconds only: times are compared at that precision. */
export function toSecond(ms: number): number {
  return Math.floor(ms / 1000)
}
