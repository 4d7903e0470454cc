import { printJson } from './print-json.ts'
import { formatTable, type Column } from './table.ts'
import type { CliContext } from './verb.ts'

export interface ListLook<Row> {
  /** `runs`: the list's name in JSON, and of what there is none. */
  readonly name: string
  readonly columns: readonly Column<Row>[]
  readonly json: boolean
  readonly limit: number
}

/** A page of a list: a table for a person, `{"<name>": […], "next": "<uid>"}` for a program. One row more than the limit says that there is more. */
export async function printList<Row extends { readonly uid: string }>(
  found: readonly Row[],
  look: ListLook<Row>,
  { terminal, style }: CliContext,
): Promise<void> {
  const rows = found.slice(0, look.limit)
  const last = found.length > look.limit ? rows.at(-1)?.uid : undefined
  if (look.json) {
    await printJson({ [look.name]: rows, ...(last === undefined ? {} : { next: last }) }, terminal)
    return
  }
  if (rows.length === 0) {
    await terminal.write(`No ${look.name}.\n`)
    return
  }
  const lines = formatTable(rows, look.columns, terminal.width, style)
  if (last !== undefined) lines.push(style.faint(`… more: --after ${last}, or a larger --limit`))
  await terminal.write(`${lines.join('\n')}\n`)
}
