import type { Stat } from '../../../core/adapter.ts'
import type { ArtifactDetails } from '../facts/artifact.ts'
import type { Place } from '../find/places.ts'
import type { Gathered } from '../join/gathered.ts'
import { digestOf } from './versions-of-now.ts'
import type { Spans } from './spans.ts'

/** Longer than the engine takes to end, and to copy what belongs together. */
const HOUR_MS = 60 * 60_000

/**
 * What a file of today tells of the bytes that a run read. One that was written after the run may hold others; but in a
 * project that was copied without the times of its files, as the engine's own shows that it writes last when a run ends,
 * nothing speaks against the bytes.
 */
export class CopiedTimes {
  readonly #spans: Spans
  readonly #copiedMs: number | undefined

  private constructor(spans: Spans, copiedMs: number | undefined) {
    this.#spans = spans
    this.#copiedMs = copiedMs
  }

  /** @param spans of all runs */
  static async find({ survey }: Gathered, spans: Spans): Promise<CopiedTimes> {
    const [own] = [...survey.histories, ...survey.files.log, ...survey.files.trace]
    const writtenMs = (await own?.source.stat(own.path))?.modifiedMs
    const { endMs } = spans
    const isCopied = writtenMs !== undefined && endMs !== undefined && writtenMs > endMs + HOUR_MS
    return new CopiedTimes(spans, isCopied ? writtenMs : undefined)
  }

  /** What is known of the file as the run `order` read it. */
  async asRead(order: number, { source, path }: Place, stat: Stat): Promise<ArtifactDetails> {
    if (this.#spans.isAfter(order, stat.modifiedMs)) return {}
    if (stat.type !== 'file' || !this.#spans.isOver(order, stat.modifiedMs)) return { stat }
    if (Math.abs(stat.modifiedMs - (this.#copiedMs ?? 0)) > HOUR_MS) return {}
    const digest = await source.digest(path).catch(() => undefined)
    const { sizeBytes } = stat
    return digest === undefined ? { sizeBytes } : { sizeBytes, ...digestOf({ ...digest, evidence: 'inferred' }) }
  }
}
