import type { Adapter, Detection } from '../adapter.ts'
import { StemmaError } from '../errors.ts'
import { hidePassword } from '../config/database-url.ts'
import type { Source } from '../source/source.ts'

/** From here on an adapter is believed beside others: a folder may hold the leftovers of two engines. */
const BELIEVED = 0.5

export interface Recognised {
  readonly adapter: Adapter
  readonly detection: Detection
}

/** The engines whose leftovers a source holds, surest first. Throws `source.not-recognised` when there are none. */
export async function detectEngines(source: Source, adapters: readonly Adapter[]): Promise<Recognised[]> {
  const found: Recognised[] = []
  for (const adapter of adapters) {
    const detection = await adapter.detect(source)
    if (detection !== undefined && detection.confidence > 0) found.push({ adapter, detection })
  }
  found.sort((a, b) => b.detection.confidence - a.detection.confidence)
  const believed = found.filter(({ detection }) => detection.confidence >= BELIEVED)
  if (found.length === 0) throw notRecognised(source, adapters)
  return believed.length > 0 ? believed : found.slice(0, 1)
}

/** Nothing that any of the adapters knows lies there. */
export function notRecognised(source: Source, adapters: readonly Adapter[]): StemmaError {
  const engines = adapters.map(({ engine }) => engine).join(', ')
  const place = placeName(source)
  return new StemmaError('source.not-recognised', `no leftovers of ${engines} here: "${place}"`, { detail: { place } })
}

/** A source's place as messages say it. */
export function placeName(source: Source): string {
  if (source.kind === 'address') return hidePassword(source.uri)
  return source.localPath('') ?? source.uri
}
