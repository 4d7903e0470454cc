import type { TaskRecord } from '../records.ts'

type FieldsOf<Value> = {
  [K in keyof TaskRecord]-?: NonNullable<TaskRecord[K]> extends Value ? K : never
}[keyof TaskRecord]
export type TextField = Exclude<FieldsOf<string>, 'kind'>
export type NumberField = FieldsOf<number>

/** How a column's values are read. `free` text may hold separators and line ends: nothing is quoted in a trace. */
export type Column =
  | { readonly name: string; readonly reads: 'text' | 'free' | 'hash' | 'status' | 'taskId'; readonly field: TextField }
  | {
      readonly name: string
      readonly reads: 'integer' | 'date' | 'duration' | 'memory' | 'percent'
      readonly field: NumberField
    }
  | { readonly name: string; readonly reads: 'extra' }

const KNOWN: readonly Column[] = [
  { name: 'task_id', reads: 'taskId', field: 'taskId' },
  { name: 'hash', reads: 'hash', field: 'hash' },
  { name: 'native_id', reads: 'text', field: 'nativeId' },
  { name: 'process', reads: 'text', field: 'process' },
  { name: 'module', reads: 'free', field: 'module' },
  { name: 'container', reads: 'text', field: 'container' },
  { name: 'tag', reads: 'free', field: 'tag' },
  { name: 'name', reads: 'free', field: 'name' },
  { name: 'status', reads: 'status', field: 'status' },
  { name: 'exit', reads: 'integer', field: 'exit' },
  { name: 'submit', reads: 'date', field: 'submitMs' },
  { name: 'start', reads: 'date', field: 'startMs' },
  { name: 'complete', reads: 'date', field: 'completeMs' },
  { name: 'duration', reads: 'duration', field: 'durationMs' },
  { name: 'realtime', reads: 'duration', field: 'realtimeMs' },
  { name: '%cpu', reads: 'percent', field: 'cpuPercent' },
  { name: '%mem', reads: 'percent', field: 'memoryPercent' },
  { name: 'rss', reads: 'memory', field: 'rssBytes' },
  { name: 'vmem', reads: 'memory', field: 'vmemBytes' },
  { name: 'peak_rss', reads: 'memory', field: 'peakRssBytes' },
  { name: 'peak_vmem', reads: 'memory', field: 'peakVmemBytes' },
  { name: 'rchar', reads: 'memory', field: 'readCharBytes' },
  { name: 'wchar', reads: 'memory', field: 'writeCharBytes' },
  { name: 'syscr', reads: 'integer', field: 'readCalls' },
  { name: 'syscw', reads: 'integer', field: 'writeCalls' },
  { name: 'read_bytes', reads: 'memory', field: 'readBytes' },
  { name: 'write_bytes', reads: 'memory', field: 'writeBytes' },
  { name: 'attempt', reads: 'integer', field: 'attempt' },
  { name: 'workdir', reads: 'text', field: 'workDir' },
  { name: 'script', reads: 'free', field: 'script' },
  { name: 'scratch', reads: 'text', field: 'scratch' },
  { name: 'queue', reads: 'text', field: 'queue' },
  { name: 'cpus', reads: 'integer', field: 'cpus' },
  { name: 'memory', reads: 'memory', field: 'memoryBytes' },
  { name: 'disk', reads: 'memory', field: 'diskBytes' },
  { name: 'time', reads: 'duration', field: 'timeMs' },
  { name: 'env', reads: 'free', field: 'env' },
  { name: 'error_action', reads: 'text', field: 'errorAction' },
  { name: 'vol_ctxt', reads: 'integer', field: 'voluntarySwitches' },
  { name: 'inv_ctxt', reads: 'integer', field: 'involuntarySwitches' },
  { name: 'hostname', reads: 'text', field: 'hostname' },
  { name: 'cpu_model', reads: 'free', field: 'cpuModel' },
  { name: 'accelerator', reads: 'integer', field: 'accelerators' },
  { name: 'accelerator_type', reads: 'text', field: 'acceleratorType' },
]

const BY_NAME = new Map(KNOWN.map((column) => [column.name, column]))

/** The engine's column of that name (a `:type` suffix, as configurations write it, is allowed), else undefined. */
export function findColumn(name: string): Column | undefined {
  return BY_NAME.get(name) ?? BY_NAME.get(name.split(':', 1)[0] ?? '')
}

export const columnNames: readonly string[] = KNOWN.map((column) => column.name)
