import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { StemmaError } from '../errors.ts'
import type { Terminal } from './terminal.ts'
import { isSystemError } from '../system-error.ts'

const CHUNK_CHARACTERS = 65_536

/** Writes text to the file, whole or not at all; without a file to the terminal. */
export async function writeOut(
  text: AsyncIterable<string>,
  file: string | undefined,
  terminal: Terminal,
): Promise<void> {
  if (file === undefined) {
    for await (const chunk of inChunks(text)) {
      terminal.signal.throwIfAborted()
      await terminal.write(chunk)
    }
    return
  }
  const path = resolve(terminal.workingFolder, file)
  const part = `${path}.${randomUUID().slice(0, 8)}.part`
  try {
    await pipeline(Readable.from(inChunks(text)), createWriteStream(part, { flags: 'wx' }), { signal: terminal.signal })
    await rename(part, path)
  } catch (cause) {
    await rm(part, { force: true })
    if (!isSystemError(cause)) throw cause
    throw new StemmaError('storage.not-written', `cannot write: "${path}"`, { cause, detail: { path } })
  }
}

async function* inChunks(text: AsyncIterable<string>): AsyncIterable<string> {
  let waiting = ''
  for await (const part of text) {
    waiting += part
    if (waiting.length < CHUNK_CHARACTERS) continue
    yield waiting
    waiting = ''
  }
  if (waiting !== '') yield waiting
}
