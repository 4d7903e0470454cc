import { lstatSync, realpathSync, type Stats } from 'node:fs'
import { sep } from 'node:path'
import { saysNothingThere } from '../system-error.ts'
import { decodeFileName, encodeFilePath } from './file-name.ts'

/** Folders known to lie inside, links resolved. */
const MOST_INSIDE = 5_000

/**
 * Leftovers may hold a link to anything that the user can read: what lies outside of them is not taken in. Asked right
 * after a file was looked at, so that the answers are in the system's memory.
 */
export class LinkGuard {
  readonly #root: string
  readonly #inside = new Set<string>()
  /** The folder of the file that was asked for last: its neighbours come next. */
  #last = ''

  constructor(root: string) {
    this.#root = root
  }

  /** A folder was seen: no link itself, it lies where the one above it lies. */
  noteFolder(local: string): void {
    if (this.#isKnown(folderOf(local))) this.#add(local)
  }

  /** Whether no link on the way leads out of the root. `isLink`: what is known of the last part. */
  isInside(local: string, isLink?: boolean): boolean {
    if (local === this.#root || (isLink === undefined && this.#inside.has(local))) return true
    const found = isLink === undefined ? lstatQuietly(local) : undefined
    if (isLink ?? found?.isSymbolicLink() ?? true) return isWithin(this.#root, realPathAtOnce(local))
    if (this.#last !== '' && local.lastIndexOf(sep) === this.#last.length && local.startsWith(this.#last)) return true
    const folder = folderOf(local)
    if (!this.isInside(folder)) return false
    this.#last = folder
    if (found?.isDirectory() === true) this.#add(local)
    return true
  }

  #isKnown(local: string): boolean {
    return local === this.#root || this.#inside.has(local)
  }

  #add(local: string): void {
    if (this.#inside.size >= MOST_INSIDE) this.#inside.clear()
    this.#inside.add(local)
  }
}

/** Paths here are absolute and tidy. */
function folderOf(local: string): string {
  return local.slice(0, Math.max(local.lastIndexOf(sep), 1))
}

/** The path itself, or one below it. */
export function isWithin(root: string, path: string): boolean {
  return path === root || path.startsWith(root === sep ? sep : root + sep)
}

function lstatQuietly(local: string): Stats | undefined {
  try {
    return lstatSync(encodeFilePath(local), { throwIfNoEntry: false })
  } catch (cause) {
    if (saysNothingThere(cause)) return undefined
    throw cause
  }
}

function realPathAtOnce(local: string): string {
  return decodeFileName(realpathSync.native(encodeFilePath(local), 'buffer'))
}
