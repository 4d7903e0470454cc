import { hash } from 'node:crypto'
import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs'

const BUFFER_BYTES = 1 << 20

/**
 * Reads a folder as bare as it goes: lists every folder once, opens, reads and closes every file once, looks at links
 * and at what they lead to, and hashes what is no file of the engine's own. @returns how many files
 */
export function bareReads(folder: string): number {
  const buffer = Buffer.allocUnsafe(BUFFER_BYTES)
  const open = [folder]
  let files = 0
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    lstatSync(next)
    for (const entry of readdirSync(next, { withFileTypes: true })) {
      const path = `${next}/${entry.name}`
      if (entry.isDirectory()) open.push(path)
      else if (entry.isSymbolicLink()) statSync(path)
      else {
        files++
        readFile(path, buffer, !entry.name.startsWith('.'))
      }
    }
  }
  return files
}

function readFile(path: string, buffer: Buffer, isHashed: boolean): void {
  const file = openSync(path, constants.O_RDONLY)
  const { size } = fstatSync(file)
  for (let at = 0; at < size;) {
    const length = readSync(file, buffer)
    if (length === 0) break
    if (isHashed) hash('sha256', buffer.subarray(0, length))
    at += length
  }
  closeSync(file)
}
