import type { GapFact } from '../../../core/adapter.ts'
import { StemmaError } from '../../../core/adapter.ts'
import { ExportedCallNode, ExportedExecution, ExportedJob, ExportedRecord, ExportedTag, ExportedValue } from './export-records.ts' // prettier-ignore
import { readLines } from './lines.ts'
import { openScratch } from './sqlite.ts'
import type { ScratchTables, Tables } from './tables.ts'

const LONGEST_LINE_BYTES = 256 * 1024 * 1024
const BATCH = 2000

export interface ReadExport {
  readonly tables: Tables
  readonly gaps: readonly GapFact[]
}

/** Rows waiting to be written, by table. */
type Rows = Map<string, { readonly columns: readonly string[]; readonly rows: (readonly unknown[])[] }>

/**
 * Brings the lines of `redun export` into a private database with redun's tables: their order is that of ownership,
 * not of time, and they name each other in both directions.
 */
export async function readExport(chunks: AsyncIterable<Uint8Array>, place: string): Promise<ReadExport> {
  const tables = await openScratch()
  const gaps: GapFact[] = []
  let rows: Rows = new Map()
  let number = 0
  let pending = 0
  for await (const line of readLines(chunks, LONGEST_LINE_BYTES)) {
    number += 1
    const why = 'text' in line ? addLine(line.text, rows) : `${String(line.lengthBytes)} bytes in one line`
    if (why !== undefined)
      gaps.push({ kind: 'gap', code: 'redun.export-line', place: `${place}:${number}`, message: why })
    pending += 1
    if (pending < BATCH) continue
    flush(tables, rows)
    rows = new Map()
    pending = 0
  }
  flush(tables, rows)
  finish(tables, place, number)
  return { tables, gaps }
}

function flush(tables: ScratchTables, rows: Rows): void {
  for (const [table, batch] of rows) tables.insert(table, batch.columns, batch.rows)
}

function finish(tables: ScratchTables, place: string, lines: number): void {
  tables.insert('redun_version', ['id', 'version', 'timestamp'], [['export', 3, '']])
  const [count] = tables.all('select count(*) executions from execution')
  if (count?.executions === 0) {
    tables.close()
    throw new StemmaError('source.unreadable', `no redun export: "${place}": no execution in ${lines} lines`, {
      detail: { place },
      advice: 'Make one with `redun export > export.jsonl`.',
    })
  }
}

/** @returns what is wrong with the line, if anything */
function addLine(text: string, rows: Rows): string | undefined {
  if (text.trim() === '') return undefined
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return 'no JSON: the line is damaged or breaks off' // JSON.parse's own words repeat what stands there, credentials too
  }
  const record = ExportedRecord.safeParse(parsed)
  if (!record.success) return 'no record of redun'
  if ((record.data._version ?? 1) !== 1) return `record version ${String(record.data._version)}`
  const add = writers[record.data._type]
  if (add === undefined) return `unknown record ${record.data._type}`
  return add(parsed, rows) ? undefined : `damaged record ${record.data._type}`
}

function put(rows: Rows, table: string, row: Readonly<Record<string, unknown>>): void {
  const batch = rows.get(table) ?? { columns: Object.keys(row), rows: [] }
  rows.set(table, batch)
  batch.rows.push(Object.values(row).map((value) => value ?? null))
}

const writers: Readonly<Record<string, (record: unknown, rows: Rows) => boolean>> = {
  Execution: addExecution,
  Job: addJob,
  CallNode: addCallNode,
  Value: addValue,
  Tag: addTag,
}

function addExecution(record: unknown, rows: Rows): boolean {
  const { success, data } = ExportedExecution.safeParse(record)
  if (!success) return false
  const { id, args, job_id, updated_time } = data
  put(rows, 'execution', { id, args, job_id, updated_time })
  return true
}

function addJob(record: unknown, rows: Rows): boolean {
  const { success, data } = ExportedJob.safeParse(record)
  if (!success) return false
  const { id, start_time, end_time, task_hash, cached, call_hash, parent_id, execution_id } = data
  put(rows, 'job', { id, start_time, end_time, task_hash, cached: Number(cached), call_hash, parent_id, execution_id })
  return true
}

function addCallNode(record: unknown, rows: Rows): boolean {
  const { success, data } = ExportedCallNode.safeParse(record)
  if (!success) return false
  const { call_hash, task_name, task_hash, args_hash, value_hash, timestamp } = data
  put(rows, 'call_node', { call_hash, task_name, task_hash, args_hash, value_hash, timestamp })
  for (const [name, arg] of Object.entries(data.args)) {
    const { arg_hash } = arg
    // A keyword of digits alone cannot be told from a position; Python has no such parameter names.
    const position = /^\d+$/.test(name) ? Number(name) : undefined
    const key = position === undefined ? name : undefined
    put(rows, 'argument', { arg_hash, call_hash, value_hash: arg.value_hash, arg_position: position, arg_key: key })
    for (const upstream of arg.upstream) put(rows, 'argument_result', { arg_hash, result_call_hash: upstream })
  }
  return true
}

function addValue(record: unknown, rows: Rows): boolean {
  const { success, data } = ExportedValue.safeParse(record)
  if (!success) return false
  const { value_hash, type, format, subtype } = data
  put(rows, 'value', { value_hash, type, format, value: Buffer.from(data.data ?? '', 'base64') })
  for (const inner of data.subvalues) put(rows, 'subvalue', { value_hash: inner, parent_value_hash: value_hash })
  if (subtype?._type === 'File') put(rows, 'file', { value_hash, path: subtype.path })
  if (subtype?._type === 'Task') {
    const { name, namespace, source } = subtype
    put(rows, 'task', { hash: value_hash, name: name ?? '', namespace, source })
  }
  if (subtype?._type === 'Handle') {
    const { fullname, key } = subtype
    put(rows, 'handle', { hash: value_hash, fullname, value_hash, key, is_valid: 1 })
  }
  return true
}

function addTag(record: unknown, rows: Rows): boolean {
  const { success, data } = ExportedTag.safeParse(record)
  if (!success) return false
  const { tag_hash, entity_type, entity_id, key } = data
  put(rows, 'tag', { tag_hash, entity_type, entity_id, key, value: JSON.stringify(data.value), is_current: 1 })
  // A tag that another one was made from is no longer current.
  for (const parent of data.parents) put(rows, 'tag_edit', { parent_id: parent, child_id: tag_hash })
  return true
}
