import { hashOfWorkDir, isShortHash } from '../hash.ts'
import type { Origin, TaskRecord } from '../records.ts'
import { toEpochMs, type Zone } from '../zone.ts'
import type { Column, NumberField } from './columns.ts'
import { parseTraceDate } from './date.ts'
import { parseDuration } from './duration.ts'
import { parseMemory } from './memory.ts'
import { parseInteger, parsePercent } from './number.ts'
import { isMissing } from './shape.ts'

/** Java's largest int: an exit code that was never set. */
const UNSET_EXIT = 2_147_483_647

/** A row as a record; `unread` are the names of columns whose value has no known shape (kept under `extra`). */
export interface ParsedRow {
  readonly record: TaskRecord
  readonly unread: readonly string[]
}

/** `values[i]` belongs to `columns[i]`; `undefined` = not certain. */
export function toTaskRecord(
  columns: readonly Column[],
  values: readonly (string | undefined)[],
  origin: Origin,
  zone: Zone | undefined,
): ParsedRow {
  const record: TaskRecord = { kind: 'task', origin }
  let unread: string[] | undefined
  for (let at = 0; at < columns.length; at++) {
    const column = columns[at]
    const text = values[at]
    if (column === undefined || text === undefined || isMissing(text)) continue
    if (readValue(record, column, text, zone)) continue
    record.extra = { ...record.extra, [column.name]: text }
    if (column.reads !== 'extra') (unread ??= []).push(column.name)
  }
  if (record.workDir !== undefined) {
    const fullHash = hashOfWorkDir(record.workDir)
    if (fullHash !== undefined) record.fullHash = fullHash
  }
  return { record, unread: unread ?? [] }
}

function readValue(record: TaskRecord, column: Column, text: string, zone: Zone | undefined): boolean {
  switch (column.reads) {
    case 'text':
    case 'free':
    case 'status':
    case 'taskId':
      record[column.field] = text
      return true
    case 'hash':
      if (!isShortHash(text)) return false
      record.hash = text
      return true
    case 'date':
      return readDate(record, column.field, text, zone)
    case 'extra':
      return false
    default:
      return readNumber(record, column, text)
  }
}

type NumberColumn = Extract<Column, { reads: 'integer' | 'date' | 'duration' | 'memory' | 'percent' }>

function readNumber(record: TaskRecord, column: NumberColumn, text: string): boolean {
  const value = parseNumber(column, text)
  if (value === undefined) return false
  if (column.field !== 'exit' || value !== UNSET_EXIT) record[column.field] = value
  return true
}

function parseNumber(column: NumberColumn, text: string): number | undefined {
  if (column.reads === 'memory') return parseMemory(text)
  if (column.reads === 'duration') return parseDuration(text)
  return column.reads === 'percent' ? parsePercent(text) : parseInteger(text)
}

function readDate(record: TaskRecord, field: NumberField, text: string, zone: Zone | undefined): boolean {
  if (text === '0') return true // raw: never submitted
  const date = parseTraceDate(text)
  if (date === undefined) return false
  if (date.isLocal && zone === undefined) record.timesAreLocal = true
  record[field] = date.isLocal && zone !== undefined ? toEpochMs(date.ms, zone) : date.ms
  return true
}
