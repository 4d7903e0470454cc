import type { Style } from './style.ts'
import { cutEnd, cutMiddle, textWidth } from './text-width.ts'

export interface Column<Row> {
  readonly title: string
  /** Plain text; colour comes from `paint`, after cutting. */
  readonly text: (row: Row) => string
  readonly paint?: (text: string, row: Row) => string
  readonly align?: 'right'
  /** Where a too long text is cut; a column without it keeps its width. */
  readonly cut?: 'end' | 'middle'
}

const GAP = '  '
const LEAST_WIDTH = 12

/** Lines of a table that fits `width`: empty columns are left out, those that may be cut share what is missing, the widest first. */
export function formatTable<Row>(
  rows: readonly Row[],
  all: readonly Column<Row>[],
  width: number,
  style: Style,
): string[] {
  const columns = all.filter((column) => rows.some((row) => column.text(row) !== ''))
  const cells = rows.map((row) => columns.map((column) => column.text(row)))
  const widths = columns.map((column, at) =>
    cells.reduce((most, line) => Math.max(most, textWidth(line[at] ?? '')), textWidth(column.title)),
  )
  shrink(widths, columns, width - GAP.length * (columns.length - 1))
  const head = columns.map((column, at) => pad(column.title, widths[at] ?? 0, column.align))
  const body = rows.map((row, line) =>
    columns.map((column, at) => {
      const most = widths[at] ?? 0
      const text = cells[line]?.[at] ?? ''
      const fitting = column.cut === 'middle' ? cutMiddle(text, most) : cutEnd(text, most)
      const padded = pad(fitting, most, column.align)
      return column.paint === undefined
        ? padded
        : padded.replace(fitting, () => column.paint?.(fitting, row) ?? fitting)
    }),
  )
  return [style.faint(head.join(GAP).trimEnd()), ...body.map((line) => line.join(GAP).trimEnd())]
}

function shrink(widths: number[], columns: readonly Column<never>[], room: number): void {
  for (let missing = widths.reduce((sum, width) => sum + width, 0) - room; missing > 0; missing--) {
    let widest = -1
    for (const [at, column] of columns.entries()) {
      if (column.cut !== undefined && (widths[at] ?? 0) > (widths[widest] ?? LEAST_WIDTH)) widest = at
    }
    if (widest < 0) return
    widths[widest] = (widths[widest] ?? 0) - 1
  }
}

function pad(text: string, width: number, align: 'right' | undefined): string {
  const space = ' '.repeat(Math.max(0, width - textWidth(text)))
  return align === 'right' ? space + text : text + space
}
