import { createHash, type Hash } from 'node:crypto'
import { lstat, readdir, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Answer } from './answer.ts'
import { decodeFileName, encodeFilePath } from './file-name.ts'
import type { Stat } from './source.ts'

type FileDigest = (localPath: string, stat: Stat) => Answer<string | undefined>

/** Deeper than any real folder: a guard against trees that a program made. */
const MOST_DEPTH = 1000

/**
 * sha256 over a folder's members in the order of their names: type, name, and a file's own digest or a link's text,
 * each with its length before it. Links are not followed. `undefined` when a member has no digest: the whole has none.
 */
export async function folderDigest(path: string, fileDigest: FileDigest): Promise<string | undefined> {
  const hash = createHash('sha256')
  return (await addFolder(hash, path, fileDigest, 0)) ? hash.digest('hex') : undefined
}

async function addFolder(hash: Hash, path: string, fileDigest: FileDigest, depth: number): Promise<boolean> {
  if (depth > MOST_DEPTH) return false
  const names = await readdir(encodeFilePath(path), { encoding: 'buffer' })
  add(hash, 'members', String(names.length))
  for (const name of names.sort((a, b) => a.compare(b))) {
    if (!(await addMember(hash, join(path, decodeFileName(name)), name, fileDigest, depth))) return false
  }
  return true
}

async function addMember(
  hash: Hash,
  path: string,
  name: Buffer,
  fileDigest: FileDigest,
  depth: number,
): Promise<boolean> {
  const found = await lstat(encodeFilePath(path))
  if (found.isDirectory()) {
    add(hash, 'folder', name)
    return addFolder(hash, path, fileDigest, depth + 1)
  }
  if (found.isSymbolicLink()) {
    add(hash, 'link', name, await readlink(encodeFilePath(path), 'buffer'))
    return true
  }
  if (!found.isFile()) {
    add(hash, 'other', name)
    return true
  }
  const stat: Stat = { type: 'file', sizeBytes: found.size, modifiedMs: found.mtimeMs }
  const digest = await fileDigest(path, { ...stat, fileId: `${String(found.dev)}:${String(found.ino)}` })
  if (digest === undefined) return false
  add(hash, 'file', name, digest)
  return true
}

function add(hash: Hash, ...parts: readonly (string | Buffer)[]): void {
  for (const part of parts) {
    const bytes = typeof part === 'string' ? Buffer.from(part) : part
    hash.update(`${String(bytes.length)}:`).update(bytes)
  }
}
