import type { Origin, TaskRecord } from '../records.ts'
import { toNativeTaskRecord } from '../native-record.ts'
import { decodeKryo } from './kryo.ts'
import { isKryo, type KryoValue } from './kryo-value.ts'

/** A file in a task's context. */
export interface CacheFile {
  /** Its name in the task folder (`staged` only). */
  readonly stageName?: string
  /** The real file: an absolute path, or a uri for other file systems. */
  readonly path: string
  /** `true` = an input that was staged; else a value that happens to be a path. */
  readonly staged: boolean
}

/** A variable of the task's context: its inputs, and what the script set. */
export interface CacheVariable {
  readonly name: string
  readonly files: readonly CacheFile[]
  /** The value as plain JSON, files as their stage names; absent when it is only files. */
  readonly value?: unknown
}

/** One entry of the cache: a task as the run that executed it recorded it. */
export interface CacheEntry {
  readonly kind: 'cache'
  readonly fullHash: string
  /** Status, times and task id are those of the run that executed the task. */
  readonly task: TaskRecord
  readonly variables: readonly CacheVariable[]
  /** How many runs use the entry. */
  readonly useCount?: number
  /** Why a part could not be read. */
  readonly problem?: string
}

const MOST_DEPTH = 12
const MOST_FILES = 200_000

/** Decodes a stored value: trace map, context and use count. `undefined`: it is no task entry. */
export function parseCacheEntry(fullHash: string, bytes: Uint8Array, path: string): CacheEntry | undefined {
  const outer = decodeKryo(bytes)
  const [traceBytes, contextBytes, useCount] = Array.isArray(outer.value) ? outer.value : []
  if (!(traceBytes instanceof Uint8Array)) return undefined
  const trace = decodeKryo(traceBytes)
  if (!isKryo(trace.value, 'map')) return undefined
  const context = contextBytes instanceof Uint8Array ? decodeKryo(contextBytes) : undefined
  const problem = outer.problem ?? trace.problem ?? context?.problem
  return {
    kind: 'cache',
    fullHash,
    task: toTask(fullHash, trace.value.entries, { source: 'cache', path }),
    variables: context === undefined ? [] : variablesOf(context.value),
    ...(typeof useCount === 'number' ? { useCount } : {}),
    ...(problem === undefined ? {} : { problem }),
  }
}

function toTask(fullHash: string, entries: readonly (readonly [KryoValue, KryoValue])[], origin: Origin): TaskRecord {
  const task = toNativeTaskRecord(entries, origin)
  task.fullHash = fullHash
  return task
}

function variablesOf(context: KryoValue): CacheVariable[] {
  if (!isKryo(context, 'map')) return []
  const found: CacheVariable[] = []
  for (const [name, value] of context.entries) {
    // `$` is a marker of the engine's own
    if (typeof name !== 'string' || name === '$') continue
    const files: CacheFile[] = []
    collectFiles(value, files, 0)
    found.push({ name, files, ...(isOnlyFiles(value) ? {} : { value: toJson(value, 0) }) })
  }
  return found
}

function collectFiles(value: KryoValue, files: CacheFile[], depth: number): void {
  if (depth > MOST_DEPTH || files.length > MOST_FILES) return
  if (Array.isArray(value)) for (const item of value) collectFiles(item, files, depth + 1)
  else if (isKryo(value, 'map')) for (const [, item] of value.entries) collectFiles(item, files, depth + 1)
  else if (isKryo(value, 'path')) files.push({ path: showPath(value), staged: false })
  else if (isKryo(value, 'object')) {
    const { alias, target } = value.parts
    if (!isKryo(target, 'path')) return
    files.push({ ...(typeof alias === 'string' ? { stageName: alias } : {}), path: showPath(target), staged: true })
  }
}

function showPath(path: { readonly scheme: string; readonly path: string }): string {
  if (path.scheme === 'file') return path.path
  // Object stores print their paths as `/bucket/key`, uris of others come without the leading slash.
  return `${path.scheme}://${path.path.replace(/^\/+/, '')}`
}

function isOnlyFiles(value: KryoValue): boolean {
  if (Array.isArray(value))
    return value.length > 0 && value.every((item) => isKryo(item, 'object') || isKryo(item, 'path'))
  return isKryo(value, 'object') || isKryo(value, 'path')
}

function toJson(value: KryoValue | undefined, depth: number): unknown {
  if (value === undefined || value === null || depth > MOST_DEPTH) return null
  if (value instanceof Uint8Array) return Buffer.from(value.subarray(0, 1024)).toString('base64')
  if (Array.isArray(value)) return value.map((item) => toJson(item, depth + 1))
  if (isKryo(value, 'path')) return showPath(value)
  if (isKryo(value, 'object')) return toJson(value.parts.alias ?? value.parts.value, depth + 1)
  if (!isKryo(value, 'map')) return typeof value === 'number' && !Number.isFinite(value) ? null : value
  return Object.fromEntries(value.entries.map(([key, item]) => [showKey(key), toJson(item, depth + 1)]))
}

function showKey(key: KryoValue): string {
  return typeof key === 'object' ? JSON.stringify(toJson(key, MOST_DEPTH)) : String(key)
}
