import { normalizePath } from '../../../core/adapter.ts'
import { join, type Place } from '../find/places.ts'
import type { LineageRef } from '../lineage/lid.ts'
import { parseRecord } from '../lineage/parse-record.ts'
import { readLineage } from '../lineage/read-lineage.ts'
import type {
  LineageFileOutput,
  LineageOutputs,
  LineageParameter,
  LineageRecord,
  LineageRun,
  LineageTask as TaskRecord,
} from '../lineage/lineage-record.ts'
import type { RunRecord } from '../records.ts'
import type { GapBox } from './gap-box.ts'
import { isWhole, placeFolders, toRunRecord, toStartRecord, workFolderOf } from './lineage-run.ts'
import type { LineageFile, LineageTask } from './lineage-tasks.ts'
import type { Pipeline, Pipelines } from './pipeline.ts'

const MAX_RECORD_BYTES = 64 * 1024 * 1024

/** A file that the store says was published, in the order of the store's keys. */
export interface RecordedCopy {
  readonly from: string
  readonly to: string
  readonly pipeline: Pipeline
  readonly sizeBytes?: number
  readonly createdMs?: number
}

/** A published file before its source has been looked up. */
interface Published {
  readonly to: string
  readonly source: LineageRef
  readonly runKey: string
  readonly sizeBytes?: number
  readonly createdMs?: number
}

/** One lineage store. What is said of runs is kept, what is said of tasks is read when they are looked at. */
export class LineageStore {
  readonly #place: Place
  readonly #runs = new Map<string, Pipeline>()
  readonly #records = new Map<string, RunRecord>()
  readonly #published: Published[] = []
  /** Files that the engine itself wrote for a run: index files of an `output` block. */
  readonly written: { readonly path: string; readonly pipeline: Pipeline }[] = []

  constructor(place: Place) {
    this.#place = place
  }

  /** Reads the store once and adds its runs and which tasks they executed. */
  async open(pipelines: Pipelines, gaps: GapBox): Promise<void> {
    const tasks: { hash: string; runKey: string }[] = []
    const files: Published[] = []
    const made: { path: string; runKey: string }[] = []
    const starts: RunRecord[] = []
    const workFolders = new Map<string, string>()
    for await (const record of readLineage(this.#place.source, this.#place.path)) {
      if (record.kind === 'gap') gaps.add(record)
      else if (record.record === 'run') this.#addRun(record, pipelines)
      else if (record.record === 'history') starts.push(toStartRecord(record))
      else if (record.record === 'task' && record.runKey !== undefined)
        tasks.push({ hash: record.key, runKey: record.runKey })
      else if (record.record === 'file' && record.taskKey !== undefined) learnWorkFolder(record, workFolders)
      else if (record.record === 'file' && record.source !== undefined) {
        const { path: to, source, runKey, sizeBytes, createdMs } = record
        if (runKey === undefined) continue
        if ('key' in source && source.key === runKey && source.relative === undefined) made.push({ path: to, runKey })
        else
          files.push({
            to,
            source,
            runKey,
            ...(sizeBytes === undefined ? {} : { sizeBytes }),
            ...(createdMs === undefined ? {} : { createdMs }),
          })
      }
    }
    for (const start of starts) pipelines.find(start.sessionId, start.runName)?.records.push(start)
    const [only, ...more] = new Set(workFolders.values())
    for (const [key, record] of this.#records) {
      placeFolders(record, workFolders.get(key) ?? (more.length === 0 ? only : undefined))
    }
    for (const { hash, runKey } of tasks) this.#runs.get(runKey)?.lineageTasks.push(hash)
    this.#published.push(...files)
    for (const { path, runKey } of made) {
      const pipeline = this.#runs.get(runKey)
      if (pipeline !== undefined) this.written.push({ path, pipeline })
    }
  }

  #addRun(record: LineageRun, pipelines: Pipelines): void {
    const told = toRunRecord(record)
    const pipeline = pipelines.add(told)
    this.#records.set(record.key, told)
    pipeline.lineageKey = record.key
    this.#runs.set(record.key, pipeline)
  }

  /** Everything that was published with a record, its sources resolved. */
  async *copies(): AsyncIterable<RecordedCopy> {
    for (const { to, source, runKey, ...rest } of this.#published) {
      const pipeline = this.#runs.get(runKey)
      const from = pipeline === undefined ? undefined : await this.#resolve(source, pipeline)
      if (from !== undefined && pipeline !== undefined && from !== to) yield { from, to, pipeline, ...rest }
    }
  }

  /** What the store says of a task; `undefined` when it has no record of it. */
  async find(hash: string): Promise<LineageTask | undefined> {
    const task = await this.#read(hash, hash, '')
    if (task?.record !== 'task') return undefined
    const output = await this.#read(`${hash}#output`, hash, '')
    const pipeline = task.runKey === undefined ? undefined : this.#runs.get(task.runKey)
    return {
      fullHash: hash,
      inputs: await this.#files(task.inputs, pipeline),
      outputs: output?.record === 'task-output' ? await this.#files(output.outputs, pipeline) : [],
      hasNullOutput: output?.record === 'task-output' && lacksOutput(output),
      ...described(task),
    }
  }

  async #files(parameters: readonly LineageParameter[], pipeline: Pipeline | undefined): Promise<LineageFile[]> {
    const found: LineageFile[] = []
    for (const { type, name, files } of parameters) {
      if (type !== 'path') continue // values, streams and environment are no files, though their text may look so
      for (const { ref } of files) {
        const path = await this.#resolve(ref, pipeline)
        if (path !== undefined) found.push({ path, ...(name === undefined ? {} : { name }) })
      }
    }
    return found
  }

  /** The absolute path (or uri) behind a reference. */
  async #resolve(ref: LineageRef, pipeline: Pipeline | undefined): Promise<string | undefined> {
    const workDir = pipeline?.records.find((record) => record.workDir !== undefined && isWhole(record.workDir))?.workDir
    if ('path' in ref) {
      if (/^[a-z][a-z0-9+.-]*:/.test(ref.path)) return ref.path
      if (ref.path.startsWith('/')) return normalizePath(ref.path)
      // the engine shortens what lies in the work folder to `work/…`, whatever the folder is called
      return workDir !== undefined && ref.path.startsWith('work/')
        ? normalizePath(`${workDir}/${ref.path.slice(5)}`)
        : undefined
    }
    if (ref.relative === undefined) return undefined
    const record = await this.#read(`${ref.key}/${ref.relative}`, ref.key, ref.relative)
    if (record?.record === 'file') return record.path
    if (this.#runs.has(ref.key) || workDir === undefined) return undefined
    return normalizePath(`${workDir}/${ref.key.slice(0, 2)}/${ref.key.slice(2)}/${ref.relative}`)
  }

  async #read(folder: string, key: string, relative: string): Promise<LineageRecord | undefined> {
    if (/(^|\/)\.\.(\/|$)/.test(folder)) return undefined
    const place = join(this.#place.path, `${folder}/.data.json`)
    const text = await this.#place.source.readText(place, MAX_RECORD_BYTES).catch(() => undefined)
    if (text === undefined) return undefined
    const parsed = parseRecord(parseJson(text), { place, key, relative })
    return typeof parsed === 'string' ? undefined : parsed // the first reading has told the damage
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Of each run the first that shows itself: a run has one. */
function learnWorkFolder(file: LineageFileOutput, known: Map<string, string>): void {
  if (file.runKey === undefined || known.has(file.runKey)) return
  const folder = workFolderOf(file)
  if (folder !== undefined) known.set(file.runKey, folder)
}

function lacksOutput(output: LineageOutputs): boolean {
  return output.outputs.some((parameter) => parameter.type === 'path' && parameter.value === null)
}

function described(task: TaskRecord): Partial<Pick<LineageTask, 'name' | 'script' | 'container' | 'codeChecksum'>> {
  const { name, script, container, codeDigest } = task
  return {
    ...(name === undefined ? {} : { name }),
    ...(script === undefined ? {} : { script }),
    ...(container === undefined ? {} : { container }),
    ...(codeDigest === undefined ? {} : { codeChecksum: codeDigest.value }),
  }
}
