import type { FileSource } from '../../../core/adapter.ts'
import type { ReadGap } from '../records.ts'

/** A task of a run: `cached` = taken over from an earlier run, else submitted by this one. */
export interface IndexRow {
  readonly kind: 'index'
  readonly fullHash: string
  readonly cached: boolean
}

const ROW_BYTES = 17

/**
 * Reads `index.<runName>`: which tasks belong to a run, in the order of submission or caching, every attempt with a row
 * of its own. A row without a cache entry is a task that was in flight when the launcher died.
 */
export async function* readRunIndex(source: FileSource, path: string): AsyncIterable<IndexRow | ReadGap> {
  let rest: Buffer = Buffer.alloc(0)
  let read = 0
  for await (const chunk of source.open(path)) {
    const bytes =
      rest.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length) : Buffer.concat([rest, chunk])
    let at = 0
    for (; at + ROW_BYTES <= bytes.length; at += ROW_BYTES) yield toRow(bytes, at, path, read + at)
    rest = bytes.subarray(at)
    read += at
  }
  if (rest.length === 0) return
  yield { kind: 'gap', code: 'index.cut', place: `${path}@${read}`, message: 'the last row is cut off' }
}

function toRow(bytes: Buffer, at: number, path: string, offset: number): IndexRow | ReadGap {
  const flag = bytes[at + ROW_BYTES - 1] ?? 0
  if (flag <= 1) return { kind: 'index', fullHash: bytes.toString('hex', at, at + ROW_BYTES - 1), cached: flag === 1 }
  return {
    kind: 'gap',
    code: 'index.damaged',
    place: `${path}@${offset}`,
    message: `a row with the unknown flag ${flag}`,
  }
}
