import { isShortHash } from '../hash.ts'
import type { Line } from '../lines.ts'
import { parseHeader, type Header } from './header.ts'
import { parseInteger } from './number.ts'

/** One row of a trace, which may have spanned lines. */
export interface RawRow {
  readonly header: Header
  readonly pieces: readonly string[]
  readonly line: number
  /** The file ends in the middle of this row, or at least without a line end. */
  readonly open: boolean
  /** A part was dropped because it is larger than any row. */
  readonly cut: boolean
}

/** What stood where no row can begin or go on. */
export interface StrayLine {
  readonly line: number
  readonly text: string
}

const MOST_ROW_CHARACTERS = 8_388_608

interface Pending {
  readonly line: number
  text: string
  pieces: string[]
  open: boolean
  cut: boolean
}

/**
 * Joins lines to rows. Scripts, environments and tags may hold line ends, which a trace neither quotes nor escapes: a
 * row begins where task id and hash stand in their columns, and everything up to the next such line belongs to it.
 */
export class RowJoiner {
  readonly strays: StrayLine[] = []
  #header: Header
  #startColumns: number
  #pending: Pending | undefined

  constructor(header: Header) {
    this.#header = header
    this.#startColumns = startColumnsOf(header)
  }

  /** @returns the row that ended before this line, if one did */
  add(line: Line, number: number): RawRow | undefined {
    const pieces = line.text.split(this.#header.separator)
    if (this.#starts(pieces)) {
      const ended = this.finish()
      this.#pending = { line: number, text: line.text, pieces, open: line.open, cut: line.cut }
      return ended
    }
    const glued = this.#splitGluedHeader(line.text)
    if (glued !== undefined) {
      if (glued.before !== '') this.#extend({ text: glued.before, cut: false, open: true }, number)
      const ended = this.finish()
      this.#header = glued.header
      this.#startColumns = startColumnsOf(glued.header)
      return ended
    }
    this.#extend(line, number)
    return undefined
  }

  /** The last row. */
  finish(): RawRow | undefined {
    const pending = this.#pending
    this.#pending = undefined
    return pending === undefined ? undefined : { header: this.#header, ...pending }
  }

  #starts(pieces: readonly string[]): boolean {
    const { at, columns } = this.#header
    if (this.#startColumns > 0) return pieces.length >= this.#startColumns && looksLikeStart(this.#header, pieces)
    // Free text comes before task id and hash: only a row with all its columns is known to be one.
    const pending = this.#pending
    if (pending !== undefined && pending.pieces.length < columns.length) return false
    return pieces.length === columns.length && (at.hash < 0 || looksLikeStart(this.#header, pieces))
  }

  /** A header inside a file: traces were joined; maybe without a line end between them. */
  #splitGluedHeader(text: string): { before: string; header: Header } | undefined {
    const at = text.lastIndexOf(this.#header.text)
    if (at >= 0 && at + this.#header.text.length === text.length)
      return { before: text.slice(0, at), header: this.#header }
    const pending = this.#pending
    // Other columns: only where no script or tag can be meant.
    if (pending !== undefined && pending.pieces.length < this.#header.columns.length) return undefined
    const header = parseHeader(text)
    return header === undefined ? undefined : { before: '', header }
  }

  #extend(line: Line, number: number): void {
    const pending = this.#pending
    const last = this.#header.columns.at(-1)
    const isFull = pending !== undefined && pending.pieces.length >= this.#header.columns.length
    if (pending === undefined || (isFull && last?.reads !== 'free' && last?.reads !== 'extra')) {
      if (line.text !== '' && this.strays.length < 1000)
        this.strays.push({ line: number, text: line.text.slice(0, 80) })
      return
    }
    pending.open = line.open
    if (pending.text.length + line.text.length > MOST_ROW_CHARACTERS) {
      pending.cut = true
      return
    }
    pending.text += `\n${line.text}`
    const more = line.text.split(this.#header.separator)
    pending.pieces.push(`${pending.pieces.pop() ?? ''}\n${more[0] ?? ''}`)
    for (let at = 1; at < more.length; at++) pending.pieces.push(more[at] ?? '')
    pending.cut ||= line.cut
  }
}

/** How many columns tell a row's first line; 0 = free text may come before them. */
function startColumnsOf(header: Header): number {
  const { taskId, hash, workDir, status } = header.at
  const free = header.columns.findIndex((column) => column.reads === 'free')
  const needed = hash >= 0 ? hash : workDir
  if (needed < 0 || (free >= 0 && free < needed)) return 0
  // A hash alone could stand in a listing inside a script; with the task id or status it is a row.
  const second = [taskId, status].filter((at) => at >= 0 && (free < 0 || at < free))
  return Math.max(needed, ...second) + 1
}

function looksLikeStart(header: Header, pieces: readonly string[]): boolean {
  const { taskId, hash, workDir } = header.at
  const hashText = pieces[hash] ?? ''
  if (hash >= 0 && !isShortHash(hashText) && hashText !== '-') return false
  if (hash < 0 && !(pieces[workDir] ?? '').includes('/')) return false
  const first = header.columns.findIndex((column) => column.reads === 'free')
  return taskId < 0 || (first >= 0 && first < taskId) || parseInteger(pieces[taskId] ?? '') !== undefined
}
