/** A run that made a file in one state. */
export interface Maker {
  readonly run: string
  readonly endMs: number
}

interface Seen {
  firstReadMs: number
  readonly makers: Maker[]
}

/** What executions read so far say of files, by redun's hash: who made them, when they were first read. */
export class KnownFiles {
  private readonly seen = new Map<string, Seen>()

  /** The latest run that made the file before `ms`. */
  findMaker(hash: string, ms: number, preferredRun?: string): Maker | undefined {
    let latest: Maker | undefined
    for (const maker of this.seen.get(hash)?.makers ?? []) {
      if (maker.run === preferredRun) return maker
      if (toSecond(maker.endMs) <= toSecond(ms) && maker.endMs >= (latest?.endMs ?? 0)) latest = maker
    }
    return latest
  }

  /** Whether a job that started before `ms` was already given this file. */
  wasReadBefore(hash: string, ms: number): boolean {
    return (this.seen.get(hash)?.firstReadMs ?? Infinity) < ms
  }

  addRead(hash: string, startMs: number): void {
    const seen = this.seenOf(hash)
    if (startMs < seen.firstReadMs) seen.firstReadMs = startMs
  }

  addMaker(hash: string, maker: Maker): void {
    this.seenOf(hash).makers.push(maker)
  }

  private seenOf(hash: string): Seen {
    const seen = this.seen.get(hash) ?? { firstReadMs: Infinity, makers: [] }
    this.seen.set(hash, seen)
    return seen
  }
}

/** Databases that were migrated on SQLite keep whole seconds only: times are compared at that precision. */
export function toSecond(ms: number): number {
  return Math.floor(ms / 1000)
}
