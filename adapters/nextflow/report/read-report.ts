import type { FileSource } from '../../../core/adapter.ts'
import { Gaps } from '../gaps.ts'
import type { ReadGap, RunRecord, TaskRecord } from '../records.ts'
import { findColumn, type Column } from '../trace/columns.ts'
import { toTaskRecord } from '../trace/row.ts'
import { DataObjects, parseDataObject } from './data-objects.ts'
import { readPageFacts } from './page-facts.ts'

const HEADING = 'Nextflow workflow report</h1>'
const PLOTS = 'id="resources"'
const MOST_PAGE_CHARACTERS = 4 << 20

/** `true` when a page that begins so is an execution report. */
export function isReport(beginning: string): boolean {
  return (
    beginning.includes('Nextflow Workflow Report</title>') || beginning.includes('Nextflow workflow report for run id')
  )
}

/**
 * Reads an `execution_report.html`, streaming: first the run from the visible page (its times are local), then its tasks
 * with all fields raw. A report above `report.maxTasks` tasks (10,000) has no rows, which is a gap.
 */
export async function* readReport(source: FileSource, path: string): AsyncIterable<RunRecord | TaskRecord | ReadGap> {
  const gaps = new Gaps(path)
  const page = new PageText()
  const objects = new DataObjects('trace')
  const decoder = new TextDecoder()
  let run: RunRecord | undefined
  let row = 0
  for await (const bytes of source.open(path)) {
    const chunk = decoder.decode(bytes, { stream: true })
    const found = objects.add(chunk)
    if (objects.state === 'seeking-data') page.add(chunk)
    else if (run === undefined) yield (run = toRun(page.finish(chunk), path))
    for (const text of found) {
      const task = toTask(text, path, ++row)
      if (task === undefined) gaps.add('report.damaged-row', `#${row}`, 'a task of the report cannot be read')
      else yield task
    }
    yield* gaps.take()
    if (objects.state === 'done' || objects.state === 'no-array') break
  }
  if (run === undefined) yield toRun(page.finish(''), path)
  noteEnd(objects, gaps)
  yield* gaps.finish()
}

function noteEnd(objects: DataObjects, gaps: Gaps): void {
  switch (objects.state) {
    case 'seeking-data':
      gaps.add('report.no-data', '', 'the page holds no data: it is cut off, or not an execution report')
      return
    case 'no-array':
      gaps.add('report.tasks-left-out', '', 'the report holds no tasks: the run had more than report.maxTasks')
      return
    case 'too-large':
      gaps.add('report.damaged-row', '', 'a task of the report has no end')
      return
    case 'seeking-array':
    case 'in-array':
      gaps.add('report.cut', '', 'the report is cut off; its last tasks are missing')
      return
    case 'done':
  }
}

function toRun(html: string, path: string): RunRecord {
  const record: RunRecord = { kind: 'run', origin: { source: 'report', path } }
  readPageFacts(html, record)
  return record
}

function toTask(text: string, path: string, row: number): TaskRecord | undefined {
  const fields = parseDataObject(text)
  if (fields === undefined) return undefined
  const columns: Column[] = []
  const values: (string | undefined)[] = []
  for (const [name, value] of Object.entries(fields)) {
    const column = findColumn(name)
    if (column === undefined || (typeof value !== 'string' && typeof value !== 'number')) continue
    columns.push(column)
    values.push(String(value))
  }
  return toTaskRecord(columns, values, { source: 'report', path, line: row }, undefined).record
}

/** The visible part of the page: heading to plots, not the megabytes of scripts and styles around it. */
class PageText {
  #text = ''
  #isOpen = false

  add(chunk: string): void {
    this.#text += chunk
    if (!this.#isOpen) {
      const at = this.#text.indexOf(HEADING)
      this.#isOpen = at >= 0
      this.#text = at >= 0 ? this.#text.slice(at) : this.#text.slice(-HEADING.length)
    }
    const end = this.#isOpen ? this.#text.indexOf(PLOTS) : -1
    if (end >= 0) this.#text = this.#text.slice(0, end + PLOTS.length)
    else if (this.#text.length > MOST_PAGE_CHARACTERS) this.#text = this.#text.slice(0, MOST_PAGE_CHARACTERS)
  }

  /** `chunk`: the one in which the data began. */
  finish(chunk: string): string {
    this.add(chunk)
    return this.#isOpen ? this.#text : ''
  }
}
