import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import type { FileSource } from '../../../core/adapter.ts'

/** A record or marker is a few kilobytes; a rule with a hundred thousand inputs makes some megabytes. */
export const MOST_RECORD_BYTES = 64 * 1024 * 1024

export interface SmallFile {
  readonly text: string
  readonly modifiedMs: number
}

/**
 * A small file's text. Local ones are read synchronously: on a hundred thousand records the thread pool takes six
 * times as long as the reading itself.
 */
export async function readSmall(source: FileSource, place: string): Promise<SmallFile | undefined> {
  const local = source.localPath(place)
  if (local !== undefined) return readLocal(local)
  const stat = await source.stat(place)
  const text = await source.readText(place, MOST_RECORD_BYTES)
  return stat === undefined || text === undefined ? undefined : { text, modifiedMs: stat.modifiedMs }
}

let buffer = Buffer.allocUnsafe(64 * 1024)

function readLocal(path: string): SmallFile | undefined {
  let file: number
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch {
    return undefined // gone since it was listed, or not ours to read: the caller tells it
  }
  try {
    const stat = fstatSync(file)
    if (!stat.isFile() || stat.size > MOST_RECORD_BYTES) return undefined
    if (buffer.length < stat.size) buffer = Buffer.allocUnsafe(stat.size * 2)
    let length = 0
    for (let got = -1; got !== 0 && length < stat.size; length += got) {
      got = readSync(file, buffer, length, stat.size - length, null)
    }
    return { text: buffer.toString('utf8', 0, length), modifiedMs: stat.mtimeMs }
  } catch {
    return undefined
  } finally {
    closeSync(file)
  }
}
