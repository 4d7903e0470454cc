import { isShortHash } from '../hash.ts'
import type { Line } from '../lines.ts'
import { alignRow } from './align.ts'
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
  readonly header: Header
  readonly line: number
  /** Characters so far. */
  size: number
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
  #ended: RawRow[] = []
  #header: Header
  #startColumns: number
  #firstFree: number
  #pending: Pending | undefined

  constructor(header: Header) {
    this.#header = header
    this.#startColumns = startColumnsOf(header)
    this.#firstFree = firstFreeOf(header)
  }

  add(line: Line, number: number): void {
    const before = this.#beforeGluedHeader(line.text)
    if (before === undefined) {
      this.#addPart(line, number)
      return
    }
    if (before !== '') this.#addPart({ text: before, cut: false, open: true }, number)
    this.#end()
  }

  /** The rows that have ended since the last call. */
  take(): readonly RawRow[] {
    const ended = this.#ended
    if (ended.length > 0) this.#ended = []
    return ended
  }

  /** The rest, at the file's end. */
  finish(): readonly RawRow[] {
    this.#end()
    return this.take()
  }

  #addPart(line: Line, number: number): void {
    const pieces = line.text.split(this.#header.separator)
    if (this.#starts(pieces)) {
      this.#end()
      this.#pending = this.#begin(line, number, pieces)
    } else if (!this.#changeHeader(line.text)) this.#extend(line, number)
  }

  #begin({ text, open, cut }: Line, line: number, pieces: string[]): Pending {
    return { header: this.#header, line, size: text.length, pieces, open, cut }
  }

  #end(): void {
    if (this.#pending !== undefined) this.#ended.push(this.#pending)
    this.#pending = undefined
  }

  #starts(pieces: readonly string[]): boolean {
    const { at, columns } = this.#header
    if (this.#startColumns > 0)
      return pieces.length >= this.#startColumns && looksLikeStart(this.#header, this.#firstFree, pieces)
    // Free text comes before task id and hash: only a row with all its columns is known to be one.
    const pending = this.#pending
    if (pending !== undefined && pending.pieces.length < columns.length) return false
    // a separator in a tag: all values have the shapes of their columns in some way, the hash among them
    if (pieces.length > columns.length && at.hash >= 0) return alignRow(this.#header, pieces)?.[at.hash] !== undefined
    return pieces.length === columns.length && (at.hash < 0 || looksLikeStart(this.#header, this.#firstFree, pieces))
  }

  /** The same header again: traces were joined, maybe without a line end between them. */
  #beforeGluedHeader(text: string): string | undefined {
    const header = this.#header.text
    return text.endsWith(header) ? text.slice(0, text.length - header.length) : undefined
  }

  /** Another header, where no script or tag can be meant. */
  #changeHeader(text: string): boolean {
    const pending = this.#pending
    if (pending !== undefined && pending.pieces.length < this.#header.columns.length) return false
    const header = parseHeader(text)
    if (header === undefined) return false
    this.#end()
    this.#header = header
    this.#startColumns = startColumnsOf(header)
    this.#firstFree = firstFreeOf(header)
    return true
  }

  #extend(line: Line, number: number): void {
    const pending = this.#pending
    const last = this.#header.columns.at(-1)
    const isFull = pending !== undefined && pending.pieces.length >= this.#header.columns.length
    if (pending === undefined || (isFull && last?.reads !== 'free' && last?.reads !== 'extra')) {
      if (pending === undefined && this.#startColumns === 0 && line.text !== '') {
        const pieces = line.text.split(this.#header.separator)
        this.#pending = this.#begin(line, number, pieces)
      } else if (line.text !== '' && this.strays.length < 1000)
        this.strays.push({ line: number, text: line.text.slice(0, 80) })
      return
    }
    pending.open = line.open
    pending.size += line.text.length + 1
    if (pending.size > MOST_ROW_CHARACTERS) {
      pending.cut = true
      return
    }
    const more = line.text.split(this.#header.separator)
    pending.pieces.push(`${pending.pieces.pop() ?? ''}\n${more[0] ?? ''}`)
    for (let at = 1; at < more.length; at++) pending.pieces.push(more[at] ?? '')
    pending.cut ||= line.cut
  }
}

/** How many columns tell a row's first line; 0 = free text may come before them. */
function startColumnsOf(header: Header): number {
  const { taskId, hash, workDir, status } = header.at
  const free = firstFreeOf(header)
  const needed = hash >= 0 ? hash : workDir
  if (needed < 0 || (free >= 0 && free < needed)) return 0
  // A hash alone could stand in a listing inside a script; with the task id or status it is a row.
  const second = [taskId, status].filter((at) => at >= 0 && (free < 0 || at < free))
  return Math.max(needed, ...second) + 1
}

function firstFreeOf(header: Header): number {
  return header.columns.findIndex((column) => column.reads === 'free')
}

function looksLikeStart(header: Header, firstFree: number, pieces: readonly string[]): boolean {
  const { taskId, hash, workDir } = header.at
  const hashText = pieces[hash] ?? ''
  if (hash >= 0 && !isShortHash(hashText) && hashText !== '-') return false
  if (hash < 0 && !(pieces[workDir] ?? '').includes('/')) return false
  return taskId < 0 || (firstFree >= 0 && firstFree < taskId) || parseInteger(pieces[taskId] ?? '') !== undefined
}
