import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'

/** Files that are read at the same time; more wait, so that a burst of ends takes no more file handles and memory. */
const MOST_AT_ONCE = 4
const CHUNK_BYTES = 256 * 1024

let running = 0
const waiting: (() => void)[] = []
const buffers: Buffer[] = []

/** The sha256 of a file's bytes, in hexadecimal, read aside from the work. Throws what the file system throws. */
export async function sha256OfFile(path: string): Promise<string> {
  if (running >= MOST_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve))
  else running++
  const buffer = buffers.pop() ?? Buffer.allocUnsafe(CHUNK_BYTES)
  try {
    const file = await open(path)
    try {
      return await sumUp(file, buffer)
    } finally {
      await file.close()
    }
  } finally {
    buffers.push(buffer)
    const next = waiting.shift()
    if (next === undefined) running--
    else next() // it takes over the place
  }
}

/** A stream would cost twice as much for small files. */
async function sumUp(file: FileHandle, buffer: Buffer): Promise<string> {
  const sum = createHash('sha256')
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, null)
    if (bytesRead === 0) return sum.digest('hex')
    sum.update(buffer.subarray(0, bytesRead))
  }
}
