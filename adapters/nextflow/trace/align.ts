import type { Header } from './header.ts'
import { fits, widthOf } from './shape.ts'

const MOST_PIECES = 2000
const MOST_ANSWERS = 200

/** The row's values: `undefined` where the pieces can be joined in more than one way. */
export type Aligned = readonly (string | undefined)[]

/**
 * Puts a row that has more pieces than columns together again: nothing is quoted in a trace, so a tag with the separator
 * in it is torn. Every way is tried in which each value has the shape of its column; what all ways agree on is
 * certain.
 *
 * @returns `undefined` when there is no such way
 */
export function alignRow(header: Header, pieces: readonly string[]): Aligned | undefined {
  if (pieces.length > MOST_PIECES) return undefined
  const search = new Search(header, pieces)
  search.run(0, 0, [])
  const answers = keepConsistent(header, search.answers)
  const [first] = answers
  if (first === undefined) return undefined
  const isFree = header.columns.map((column) => column.reads === 'free')
  // When the search was cut short, what it has not seen may differ anywhere between the first and the last free text.
  const [from, to] = search.isCut ? [isFree.indexOf(true), isFree.lastIndexOf(true)] : [0, -1]
  return first.map((value, at) => {
    if (at >= from && at <= to) return undefined
    return answers.every((answer) => answer[at] === value) ? value : undefined
  })
}

class Search {
  readonly answers: string[][] = []
  readonly #header: Header
  readonly #pieces: readonly string[]
  /** Dead ends: `column * pieces + piece`. */
  readonly #dead = new Set<number>()

  constructor(header: Header, pieces: readonly string[]) {
    this.#header = header
    this.#pieces = pieces
  }

  get isCut(): boolean {
    return this.answers.length >= MOST_ANSWERS
  }

  run(column: number, piece: number, values: readonly string[]): boolean {
    if (this.isCut) return true
    const { columns, separator } = this.#header
    const here = columns[column]
    if (here === undefined) {
      if (piece < this.#pieces.length) return false
      this.answers.push([...values])
      return true
    }
    const key = column * (this.#pieces.length + 1) + piece
    if (this.#dead.has(key)) return false
    const left = this.#pieces.length - piece - (columns.length - column - 1)
    let found = false
    let text = ''
    // The last column takes all that is left.
    const least = column === columns.length - 1 ? left : 1
    for (let width = 1; width <= Math.min(left, widthOf(here)); width++) {
      const next = this.#pieces[piece + width - 1] ?? ''
      text = width === 1 ? next : text + separator + next
      if (width >= least && fits(here, text) && this.run(column + 1, piece + width, [...values, text])) found = true
    }
    if (!found) this.#dead.add(key)
    return found
  }
}

/** A name is its process and, in parentheses, its tag or index: answers that say so beat those that do not. */
function keepConsistent(header: Header, answers: readonly string[][]): readonly string[][] {
  const at = (name: string): number => header.columns.findIndex((column) => column.name === name)
  const [name, process, tag] = [at('name'), at('process'), at('tag')]
  if (answers.length < 2 || name < 0) return answers
  const agreeing = answers.filter((answer) => {
    const text = answer[name] ?? ''
    const path = answer[process] ?? text.split(' (', 1)[0] ?? ''
    if (text !== path && !(text.startsWith(`${path} (`) && text.endsWith(')'))) return false
    const label = answer[tag] ?? '-'
    return label === '-' || text === `${path} (${label})`
  })
  return agreeing.length > 0 ? agreeing : answers
}
