import { hashOfWorkDir, isShortHash } from '../hash.ts'
import type { Column } from './columns.ts'
import { parseTraceDate } from './date.ts'
import { parseDuration } from './duration.ts'
import { parseMemory } from './memory.ts'
import { parseInteger, parsePercent } from './number.ts'

const STATUSES = new Set(['NEW', 'SUBMITTED', 'RUNNING', 'COMPLETED', 'FAILED', 'ABORTED', 'CACHED'])

/** Nextflow prints `-` for whatever it does not know. */
export function isMissing(text: string): boolean {
  return text === '-' || text === ''
}

/** Whether a text can be a value of this column. */
export function fits(column: Column, text: string): boolean {
  if (isMissing(text)) return column.reads !== 'taskId' && column.reads !== 'status'
  switch (column.reads) {
    case 'taskId':
      return parseInteger(text) !== undefined
    case 'hash':
      return isShortHash(text)
    case 'status':
      return STATUSES.has(text)
    case 'integer':
      return parseInteger(text) !== undefined
    case 'date':
      return text === '0' || parseTraceDate(text) !== undefined
    case 'duration':
      return parseDuration(text) !== undefined
    case 'memory':
      return parseMemory(text) !== undefined
    case 'percent':
      return parsePercent(text) !== undefined
    case 'text':
      return column.field !== 'workDir' || hashOfWorkDir(text) !== undefined
    case 'free':
      // The environment is `NAME=value` lines, each with its end, when it is there at all.
      return column.field !== 'env' || (text.endsWith('\n') && text.includes('='))
    case 'extra':
      return true
  }
}

/** How many pieces, at most, a value may have been torn into by its own separators. */
export function widthOf(column: Column): number {
  if (column.reads === 'free') return Number.POSITIVE_INFINITY
  if (column.reads === 'text') return column.field === 'workDir' ? 16 : 1
  // `1d 2h 3m 4s` when the separator is a blank, `97,3%` when it is a comma
  return column.reads === 'extra' ? 1 : 4
}

/** Whether a value at the end of a cut file shows by itself that it is whole. */
export function isSurelyWhole(column: Column, text: string): boolean {
  if (column.reads === 'date') return text.length === 23
  if (column.reads === 'percent') return text.endsWith('%')
  if (column.reads === 'memory') return text.endsWith('B')
  if (column.reads === 'duration') return text.endsWith('s')
  if (column.reads === 'text' && column.field === 'workDir') return fits(column, text)
  return (column.reads === 'hash' || column.reads === 'status') && fits(column, text)
}
