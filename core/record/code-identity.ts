import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Json } from './canonical.ts'

const LOCKFILES = ['package-lock.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock', 'deno.lock']
const LARGEST_READ_BYTES = 64 * 1024 * 1024

/** The environment of this process: what the code ran with, found once. Nothing of `process.env` is taken. */
export function describeEnvironment(folder: string): Record<string, Json> {
  const commit = gitCommit(folder)
  const lockfile = findUpward(folder, LOCKFILES)
  const digest = lockfile === undefined ? undefined : fileDigest(lockfile)
  return {
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    ...(commit === undefined ? {} : { gitCommit: commit }),
    ...(lockfile === undefined || digest === undefined ? {} : { lockfile: { path: lockfile, sha256: digest } }),
  }
}

/** The commit that is checked out, from git's own files: no program is started. */
export function gitCommit(folder: string): string | undefined {
  const git = findUpward(folder, ['.git'])
  const store = git === undefined ? undefined : gitFolder(git)
  const head = store === undefined ? undefined : readSmall(join(store, 'HEAD'))
  if (store === undefined || head === undefined) return undefined
  const reference = /^ref: (refs\/\S+)/.exec(head)?.[1]
  if (reference === undefined) return commitIn(head)
  // A worktree keeps its branches in the repository's own folder.
  const shared = readSmall(join(store, 'commondir'))
  for (const place of shared === undefined ? [store] : [store, join(store, shared.trim())]) {
    const loose = readSmall(join(place, reference))
    if (loose !== undefined) return commitIn(loose)
    const packed = readSmall(join(place, 'packed-refs'))
      ?.split('\n')
      .find((line) => line.endsWith(` ${reference}`))
    if (packed !== undefined) return commitIn(packed)
  }
  return undefined
}

function commitIn(text: string): string | undefined {
  return /^[0-9a-f]{40,64}/.exec(text)?.[0]
}

/** `.git` is a folder, or in worktrees and submodules a file that names one. */
function gitFolder(git: string): string | undefined {
  if (statSync(git).isDirectory()) return git
  const named = /^gitdir: (.+)$/m.exec(readSmall(git) ?? '')?.[1]
  return named === undefined ? undefined : join(named.startsWith('/') ? '' : dirname(git), named)
}

function findUpward(from: string, names: readonly string[]): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = names.map((name) => join(folder, name)).find((path) => existsSync(path))
    if (found !== undefined || dirname(folder) === folder) return found
  }
}

function readSmall(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').slice(0, 10_000_000)
  } catch {
    return undefined // not there or not readable: then the commit is not known
  }
}

function fileDigest(path: string): string | undefined {
  try {
    if (statSync(path).size > LARGEST_READ_BYTES) return undefined
    return createHash('sha256').update(readFileSync(path)).digest('hex')
  } catch {
    return undefined // unreadable: no digest is better than a failed program
  }
}

/** Where a function was handed to `tracked()`: for its path, and for a name where it has none. */
export interface CallSite {
  readonly path: string
  readonly line: number
}

/** The first place on the stack outside this folder. */
export function callSite(): CallSite | undefined {
  const here = dirname(fileURLToPath(import.meta.url))
  for (const line of (new Error('where').stack ?? '').split('\n').slice(1)) {
    const parts = /(?:\(|at )((?:file:\/\/)?\/[^()]+?):(\d+):\d+\)?$/.exec(line.trim())
    if (parts?.[1] === undefined) continue
    const path = parts[1].startsWith('file:') ? fileURLToPath(parts[1]) : parts[1]
    if (!path.startsWith(here)) return { path, line: Number(parts[2]) }
  }
  return undefined
}

/** `const align = tracked(async …)`: the name of the variable, from the source's line. */
export function nameAtCallSite(site: CallSite | undefined): string | undefined {
  if (site === undefined) return undefined
  const line = readSmall(site.path)?.split('\n')[site.line - 1] ?? ''
  return /(?:const|let|var)\s+([\p{L}_$][\p{L}\p{N}_$]*)\s*(?::[^=]+)?=\s*(?:\w+\.)?tracked\s*[(<]/u.exec(line)?.[1]
}
