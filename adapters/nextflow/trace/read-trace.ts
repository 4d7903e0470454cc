import type { FileSource } from '../../../core/adapter.ts'
import { Gaps } from '../gaps.ts'
import { readLines, type Line } from '../lines.ts'
import type { ReadGap, TaskRecord } from '../records.ts'
import type { Zone } from '../zone.ts'
import { alignRow } from './align.ts'
import { parseHeader } from './header.ts'
import { toTaskRecord } from './row.ts'
import { RowJoiner, type RawRow } from './rows.ts'
import { isSurelyWhole } from './shape.ts'

export interface TraceOptions {
  /** Zone of the launching machine: a trace names none. Without it the records say `timesAreLocal`. */
  readonly zone?: Zone
}

/** `true` when a file that begins so is a task trace (and not one of its look-alikes). */
export function isTrace(beginning: string): boolean {
  const end = beginning.indexOf('\n')
  return parseHeader((end < 0 ? beginning : beginning.slice(0, end)).replace(/\r$/, '')) !== undefined
}

/**
 * Reads a trace file, in the file's order: any fields, order and separator, raw or formatted, also several files joined
 * to one, rows that span lines, and a last row that was cut off. Damage is a gap, and reading goes on.
 */
export async function* readTrace(
  source: FileSource,
  path: string,
  options: TraceOptions = {},
): AsyncIterable<TaskRecord | ReadGap> {
  for await (const rows of readTracePortions(source, path, options)) yield* rows
}

/** The same, as many rows at once as a piece of the file holds. */
export async function* readTracePortions(
  source: FileSource,
  path: string,
  options: TraceOptions = {},
): AsyncIterable<readonly (TaskRecord | ReadGap)[]> {
  const reader = new TraceReader(path, options.zone)
  for await (const lines of readLines(source.open(path))) {
    yield reader.read(lines)
    if (reader.isForeign) break
  }
  yield reader.finish()
}

class TraceReader {
  isForeign = false
  readonly #path: string
  readonly #zone: Zone | undefined
  readonly #gaps: Gaps
  readonly #unread = new Set<string>()
  #joiner: RowJoiner | undefined
  #line = 0

  constructor(path: string, zone: Zone | undefined) {
    this.#path = path
    this.#zone = zone
    this.#gaps = new Gaps(path)
  }

  read(lines: readonly Line[]): (TaskRecord | ReadGap)[] {
    const found: (TaskRecord | ReadGap)[] = []
    for (const line of lines) {
      this.#line++
      if (this.#joiner === undefined) {
        if (this.#readHeader(line)) continue
        return found
      }
      this.#joiner.add(line, this.#line)
      for (const row of this.#joiner.take()) this.#readRow(row, found)
      for (const stray of this.#joiner.strays.splice(0)) {
        this.#gaps.add('trace.unreadable-line', `:${stray.line}`, `no row begins or goes on here: "${stray.text}"`)
      }
      found.push(...this.#gaps.take())
    }
    return found
  }

  finish(): (TaskRecord | ReadGap)[] {
    const found: (TaskRecord | ReadGap)[] = []
    for (const row of this.#joiner?.finish() ?? []) this.#readRow(row, found)
    found.push(...this.#gaps.finish())
    return found
  }

  #readHeader(line: Line): boolean {
    if (line.text.trim() === '') return true
    const header = parseHeader(line.text)
    if (header !== undefined) {
      this.#joiner = new RowJoiner(header)
      return true
    }
    this.isForeign = true
    const message = 'the first line does not name the columns of a task trace (hash or workdir, and a name)'
    this.#gaps.add('trace.not-a-trace', `:${this.#line}`, message)
    return false
  }

  #readRow(row: RawRow, found: (TaskRecord | ReadGap)[]): void {
    const { columns } = row.header
    const where = `:${row.line}`
    const values = row.pieces.length > columns.length ? alignRow(row.header, row.pieces) : row.pieces
    if (values === undefined) {
      const message = `${row.pieces.length} values for ${columns.length} columns, and no one way to join them`
      this.#gaps.add('trace.unreadable-row', where, message)
      return
    }
    const kept = this.#keepWhole(row, values)
    const origin = { source: 'trace', path: this.#path, line: row.line } as const
    const { record, unread } = toTaskRecord(columns, kept, origin, this.#zone)
    if (record.hash === undefined && record.workDir === undefined) {
      this.#gaps.add('trace.unreadable-row', where, 'neither hash nor work directory says which task this is')
      return
    }
    if (values.includes(undefined)) {
      this.#gaps.add(
        'trace.ambiguous-row',
        where,
        'a value holds the separator; columns that it may belong to are left out',
      )
    }
    for (const name of unread) this.#noteUnread(name, where)
    found.push(record)
  }

  /** Of a row that the file's end cut off, only the values that are certainly whole. */
  #keepWhole(row: RawRow, values: readonly (string | undefined)[]): readonly (string | undefined)[] {
    const { columns } = row.header
    const lastColumn = columns[values.length - 1]
    const last = values.at(-1)
    const isShort = values.length < columns.length
    const isDoubtful = row.open && lastColumn !== undefined && !isSurelyWhole(lastColumn, last ?? '')
    if (row.cut)
      this.#gaps.add('trace.long-row', `:${row.line}`, 'the row is larger than any row can be; its end is left out')
    if (!isShort && !isDoubtful && !row.cut) return values
    if (!row.cut) this.#gaps.add('trace.cut-line', `:${row.line}`, 'the row is cut off; what is whole of it is kept')
    return values.slice(0, -1)
  }

  #noteUnread(name: string, where: string): void {
    if (this.#unread.has(name)) return
    this.#unread.add(name)
    this.#gaps.add('trace.unknown-format', where, `values of column "${name}" have a format of their own: kept as text`)
  }
}
