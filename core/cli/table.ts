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
  /** Left out where there is no room for all; the lowest number first. A column without it always stays. */
  readonly spare?: number
}

const GAP = '  '
const LEAST_WIDTH = 12

/**
 * Lines of a table that fits `width`: empty columns are left out, those that may be cut share what is missing, the
 * widest first, and what still has no room goes.
 */
export function formatTable<Row>(
  rows: readonly Row[],
  all: readonly Column<Row>[],
  width: number,
  style: Style,
): string[] {
  const columns = fitting(
    all.filter((column) => rows.some((row) => column.text(row) !== '')),
    rows,
    width,
  )
  const cells = rows.map((row) => columns.map((column) => column.text(row)))
  const widths = columns.map((column) => widthOf(column, rows))
  shrink(widths, columns, width - GAP.length * (columns.length - 1))
  const head = columns.map((column, at) => pad(column.title, widths[at] ?? 0, column.align))
  const body = rows.map((row, line) =>
    columns.map((column, at) => {
      const most = widths[at] ?? 0
      const text = cells[line]?.[at] ?? ''
      const shown = column.cut === 'middle' ? cutMiddle(text, most) : cutEnd(text, most)
      const padded = pad(shown, most, column.align)
      return column.paint === undefined ? padded : padded.replace(shown, () => column.paint?.(shown, row) ?? shown)
    }),
  )
  return [style.faint(head.join(GAP).trimEnd()), ...body.map((line) => line.join(GAP).trimEnd())]
}

function widthOf<Row>({ title, text }: Column<Row>, rows: readonly Row[]): number {
  return rows.reduce((most, row) => Math.max(most, textWidth(text(row))), textWidth(title))
}

/** The columns for which there is room when all that may be cut are as narrow as they may be. */
function fitting<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width: number): readonly Column<Row>[] {
  const least = columns.map((column) => {
    const own = widthOf(column, rows)
    return column.cut === undefined ? own : Math.min(own, LEAST_WIDTH)
  })
  const all = least.reduce((sum, each) => sum + each, GAP.length * (columns.length - 1))
  const spares = columns.flatMap(({ spare }) => spare ?? [])
  if (all <= width || spares.length === 0) return columns
  const first = Math.min(...spares)
  return fitting(
    columns.filter(({ spare }) => spare !== first),
    rows,
    width,
  )
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
