import { hashOfWorkDir, isShortHash } from './hash.ts'
import type { Origin, TaskRecord } from './records.ts'
import { findColumn, type Column, type NumberField } from './trace/columns.ts'

/** Java's largest int: an exit code that was never set. */
const UNSET_EXIT = 2_147_483_647

/**
 * A task record from a raw trace map: epoch milliseconds, bytes and plain numbers, as the cache and the web log hold
 * them. Values of another type than their field are left out.
 */
export function toNativeTaskRecord(fields: Iterable<readonly [unknown, unknown]>, origin: Origin): TaskRecord {
  const record: TaskRecord = { kind: 'task', origin }
  for (const [name, value] of fields) {
    const column = typeof name === 'string' ? findColumn(name) : undefined
    if (column !== undefined && value !== null && value !== undefined) setField(record, column, value)
  }
  if (record.workDir !== undefined) {
    const fullHash = hashOfWorkDir(record.workDir)
    if (fullHash !== undefined) record.fullHash = fullHash
  }
  return record
}

function setField(record: TaskRecord, column: Column, value: unknown): void {
  if (column.reads === 'extra') return
  switch (column.reads) {
    case 'hash':
    case 'text':
    case 'free':
    case 'status':
    case 'taskId': {
      const text = toText(value)
      if (text === undefined || (column.reads === 'hash' && !isShortHash(text))) return
      record[column.field] = text
      return
    }
    default:
      setNumber(record, column.field, toNumber(value), column.reads === 'date')
  }
}

function setNumber(record: TaskRecord, field: NumberField, value: number | undefined, isDate: boolean): void {
  if (value === undefined) return
  if (field === 'exit' ? value === UNSET_EXIT : value < 0) return
  if (isDate && value === 0) return // never submitted
  record[field] = value
}

/** Lists are modules or nothing; `false` is a scratch that is off. */
function toText(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' || value === '-' ? undefined : value
  if (typeof value === 'number') return String(value)
  if (value === true) return 'true'
  if (!Array.isArray(value)) return undefined
  const texts = value.filter((item) => typeof item === 'string')
  return texts.length === 0 ? undefined : texts.join(':')
}

function toNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}
