import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { FileSource } from '../../../core/adapter.ts'

/** More than the largest export that was seen; beyond it a compressed file is a bomb. */
const LARGEST_UNPACKED_BYTES = 8 * 1024 * 1024 * 1024

/** Thrown inside the readers for a gzip file that ends early or is damaged. */
export class DamagedGzip extends Error {}

/** A file's bytes, unpacked when it is gzip (by its first bytes, whatever its name). */
export async function* readBytes(source: FileSource, path: string): AsyncIterable<Uint8Array> {
  const start = await firstBytes(source.open(path, { start: 0, end: 2 }), 2)
  const stream = source.open(path)
  if (start[0] !== 0x1f || start[1] !== 0x8b) {
    yield* stream
    return
  }
  const packed = Readable.from(stream, { objectMode: false })
  const unpacked = packed.pipe(createGunzip())
  packed.on('error', (error) => unpacked.destroy(error))
  let total = 0
  try {
    for await (const chunk of unpacked) {
      if (!(chunk instanceof Uint8Array)) continue
      total += chunk.length
      if (total > LARGEST_UNPACKED_BYTES) throw new DamagedGzip('unpacks to more than 8 GiB')
      yield chunk
    }
  } catch (cause) {
    if (isZlibError(cause)) throw new DamagedGzip(cause.message, { cause })
    throw cause
  } finally {
    packed.destroy()
  }
}

function isZlibError(cause: unknown): cause is { code: string; message: string } {
  if (typeof cause !== 'object' || cause === null || !('code' in cause) || !('message' in cause)) return false
  return typeof cause.code === 'string' && cause.code.startsWith('Z_') && typeof cause.message === 'string'
}

/** At most `length` bytes of a stream's beginning. */
export async function firstBytes(chunks: AsyncIterable<Uint8Array>, length: number): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    parts.push(chunk)
    size += chunk.length
    if (size >= length) break
  }
  return Buffer.concat(parts).subarray(0, length)
}
