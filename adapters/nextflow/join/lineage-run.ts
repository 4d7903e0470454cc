import type { LineageFileOutput, LineageHistory, LineageRun } from '../lineage/lineage-record.ts'
import { toNativeRunRecord } from '../native-run.ts'
import type { RunRecord } from '../records.ts'

/** What a store says of a run: its record, since 26.04 with the engine's whole account of the launch. */
export function toRunRecord(run: LineageRun): RunRecord {
  const origin = { source: 'lineage', path: run.place } as const
  const record: RunRecord = {
    ...toNativeRunRecord(run.metadata ?? {}, origin, 'start'),
    params: plainPaths(run.params),
  }
  if (run.sessionId !== undefined) record.sessionId = run.sessionId
  if (run.runName !== undefined) record.runName = run.runName
  if (run.repository !== undefined) record.repository = run.repository
  if (run.commitId !== undefined) record.commitId = run.commitId
  if (run.workDir !== undefined) record.workDir ??= run.workDir
  if (run.outputDir !== undefined) record.outputDir ??= run.outputDir
  const script = run.scripts[0]?.ref
  if (script !== undefined && 'path' in script) record.scriptFile = script.path.replace(/^file:\/\//, '')
  return record
}

/** The store writes absolute paths as uris; the parameter was a path. */
function plainPaths(params: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const plain = (value: unknown): unknown => (typeof value === 'string' ? value.replace(/^file:\/\/(?=\/)/, '') : value)
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, plain(value)]))
}

/** The start as the store's history has it, to the second: local time unless the zone is UTC. */
export function toStartRecord(history: LineageHistory): RunRecord {
  const { startMs, timesAreLocal, sessionId, runName, place } = history
  return {
    kind: 'run',
    origin: { source: 'lineage', path: place },
    sessionId,
    runName,
    ...(startMs === undefined ? {} : { startMs }),
    ...(timesAreLocal ? { timesAreLocal } : {}),
  }
}

/** The work folder that a task's file shows by its own path: `<work>/ab/cdef…/<its place in the task's folder>`. */
export function workFolderOf({ path, taskKey, key, relative }: LineageFileOutput): string | undefined {
  const tail = `/${key.slice(0, 2)}/${key.slice(2)}/${relative}`
  return taskKey === key && path.endsWith(tail) && isWhole(path) ? path.slice(0, -tail.length) : undefined
}

/** The configuration may name folders relative to the launch folder: where that was, another source must tell. */
export function isWhole(path: string): boolean {
  return path.startsWith('/') || /^[a-z][a-z0-9+.-]*:\/\//.test(path)
}

/** Makes the folders of a run's record whole, with the work folder that its files show (or none does). */
export function placeFolders(record: RunRecord, workFolder: string | undefined): void {
  const named = record.workDir
  if (named !== undefined && isWhole(named)) return
  if (workFolder === undefined) {
    delete record.workDir
    return
  }
  record.workDir = workFolder
  const tail = `/${(named ?? '').replace(/^(\.\/)+/, '').replace(/\/+$/, '')}`
  if (tail !== '/' && workFolder.endsWith(tail)) record.launchDir ??= workFolder.slice(0, -tail.length)
}
