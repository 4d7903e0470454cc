import { columnNames, findColumn, type Column } from './columns.ts'

/** The first line of a trace: its separator and columns, and which of them tell a row's first line. */
export interface Header {
  readonly text: string
  readonly separator: string
  readonly columns: readonly Column[]
  /** Column positions, -1 = not there. */
  readonly at: Readonly<Record<'taskId' | 'hash' | 'workDir' | 'status', number>>
}

const MAX_HEADER_CHARACTERS = 4096
const LONGEST_FIRST = columnNames.toSorted((a, b) => b.length - a.length)

/**
 * Reads a trace's header, whatever its fields, order and separator are. `undefined` for every other text, look-alikes
 * among them: without `hash` or `workdir` nothing says which task a row means.
 */
export function parseHeader(line: string): Header | undefined {
  const text = line.startsWith('\uFEFF') ? line.slice(1) : line
  if (text.length > MAX_HEADER_CHARACTERS) return undefined
  for (const separator of separatorsOf(text)) {
    const names = text.split(separator)
    const columns = names.map((name): Column => findColumn(name) ?? { name, reads: 'extra' })
    if (isTrace(columns)) return { text, separator, columns, at: positionsOf(columns) }
  }
  return undefined
}

/** What may separate the names: what stands between the first two, and what follows a known first name. */
function separatorsOf(text: string): string[] {
  const found = ['\t']
  const between = /^%?[A-Za-z]\w*([^\w%]+)%?[A-Za-z]/.exec(text)?.[1]
  if (between !== undefined) found.push(between)
  const first = LONGEST_FIRST.find((name) => text.startsWith(name))
  if (first === undefined) return found
  for (const name of columnNames) {
    const next = text.indexOf(name, first.length + 1)
    if (next > 0 && next <= first.length + 16) found.push(text.slice(first.length, next))
  }
  return found
}

function isTrace(columns: readonly Column[]): boolean {
  const known = columns.filter((column) => column.reads !== 'extra')
  const has = (name: string): boolean => known.some((column) => column.name === name)
  if (known.length < 2 || known.length * 2 < columns.length) return false
  return has('hash') || (has('workdir') && (has('name') || has('process') || has('status')))
}

function positionsOf(columns: readonly Column[]): Header['at'] {
  const find = (field: string): number =>
    columns.findIndex((column) => column.reads !== 'extra' && column.field === field)
  return { taskId: find('taskId'), hash: find('hash'), workDir: find('workDir'), status: find('status') }
}
