import { filePath } from '../../core/adapter.ts'
import type { Fact, FileSource, GapFact, ReadOptions, Source } from '../../core/adapter.ts'
import { findStores, join } from './find-stores.ts'
import { gap } from './gaps.ts'
import { joinJobs } from './join/join-jobs.ts'
import type { Joined } from './join/join-jobs.ts'
import { readExecutions } from './live/read-executions.ts'
import { readEnvironments } from './map/conda.ts'
import { Disk } from './map/disk.ts'
import { mapWorkdir } from './map/map-workdir.ts'
import { findPlace } from './map/places.ts'
import { findRoots, findWorkDirs } from './map/work-dirs.ts'
import { groupRecords } from './store/group.ts'
import { findNamedDatabases } from './store/named-database.ts'
import { SharedDatabases } from './store/shared-databases.ts'
import { StoreContent } from './store/store-content.ts'
import { readFileStore } from './store/read-files.ts'
import type { Workdir } from './workdir.ts'

/** Reads all working directories of all sources. */
export async function* readSnakemake(sources: readonly Source[], options: ReadOptions): AsyncIterable<Fact> {
  const found = []
  const shared = new SharedDatabases()
  for (const source of sources) {
    if (source.kind !== 'files') continue
    const stores = await findStores(source)
    found.push(stores)
    for (const database of stores.databases) await shared.add(stores.source, database, { isAsked: true })
  }
  for (const { source, folders } of found) {
    const workdirs: Loaded[] = []
    for (const folder of folders) workdirs.push(await loadWorkdir(source, folder, shared))
    for (const loaded of adoptLogs(workdirs)) yield* readWorkdir(source, loaded, options)
  }
  yield* shared.gaps
  for (const { namespace, content, source } of shared.unclaimed()) {
    const workdir = toWorkdir('', [], content, namespace)
    const there = await source.reach(namespace.replace(/\/\.snakemake\/?$/, ''))
    const loaded = { workdir, gaps: content.gaps, hasStore: true, isNowhere: there === undefined }
    yield* readWorkdir(there ?? source, loaded, options)
  }
}

interface Loaded {
  readonly workdir: Workdir
  readonly gaps: readonly GapFact[]
  /** Records of its own, not only logs. */
  readonly hasStore: boolean
  /** Only a database speaks of the folder: it is not there. */
  readonly isNowhere?: boolean
}

async function loadWorkdir(source: FileSource, folder: string, shared: SharedDatabases): Promise<Loaded> {
  const store = join(folder, '.snakemake')
  const content = new StoreContent()
  const { executions, gaps } = await readExecutions(source, store)
  const own = `${store}/metadata.db`
  let namespace: string | undefined
  if ((await source.stat(own))?.type === 'file') await shared.add(source, own, { store, isAsked: true })
  for await (const item of readFileStore(source, store)) content.add(item)
  for (const named of await findNamedDatabases(source, folder, executions)) {
    await shared.add(named.source, named.path, { isAsked: false })
  }
  const claimed = await shared.claim(source, store, executions)
  for (const { content: more, namespace: name } of claimed) {
    content.merge(more)
    namespace = name
  }
  const hasStore = content.records.length > 0
  return { workdir: toWorkdir(folder, executions, content, namespace), gaps: [...gaps, ...content.gaps], hasStore }
}

function toWorkdir(
  folder: string,
  executions: Workdir['executions'],
  content: StoreContent,
  namespace?: string,
): Workdir {
  return {
    folder,
    logFolder: folder,
    executions: executions.filter((execution) => !execution.notRun),
    recorded: groupRecords(content.records),
    incomplete: content.incomplete,
    locked: content.locked,
    ...(namespace === undefined ? {} : { namespace }),
  }
}

/**
 * With `workdir:` in the Snakefile the logs stay where Snakemake was started, and the records lie in the folder below
 * that it went to. Logs without records belong to records without logs when they speak of the same outputs.
 */
function adoptLogs(loaded: readonly Loaded[]): Loaded[] {
  const homeless = loaded.filter(({ hasStore, workdir }) => !hasStore && workdir.executions.length > 0)
  const adopted = new Set<Loaded>()
  const result = loaded.map((store) => {
    const { workdir } = store
    if (!store.hasStore || workdir.executions.length > 0) return store
    const outputs = new Set(workdir.recorded.flatMap((job) => job.outputs))
    const logs = homeless.find(
      (other) => isBelow(workdir.folder, other.workdir.folder) && speaksOf(other.workdir.executions, outputs),
    )
    if (logs === undefined) return store
    adopted.add(logs)
    const { executions, folder } = logs.workdir
    return { ...store, workdir: { ...workdir, executions, logFolder: folder }, gaps: [...store.gaps, ...logs.gaps] }
  })
  return result.filter((store) => !adopted.has(store))
}

function isBelow(folder: string, above: string): boolean {
  return folder !== above && (above === '' || folder.startsWith(`${above}/`))
}

function speaksOf(executions: Workdir['executions'], outputs: ReadonlySet<string>): boolean {
  const named = executions.flatMap(({ jobs }) =>
    jobs.flatMap((job) => ('text' in job.outputs ? job.outputs.text.split(', ') : job.outputs.names)),
  )
  return named.filter((name) => outputs.has(name)).length * 2 > named.length
}

async function* readWorkdir(source: FileSource, loaded: Loaded, options: ReadOptions): AsyncIterable<Fact> {
  const { workdir } = loaded
  const workDirs = findWorkDirs(workdir, source)
  const roots = loaded.isNowhere === true ? [] : findRoots(workDirs, source, workdir.folder)
  const moved = roots.map(({ was, now }) => ({ was: filePath(was) ?? '', now: filePath(now) ?? '' }))
  const disk = new Disk(loaded.isNowhere === true ? undefined : source, workdir.folder, moved)
  const exists = async (output: string): Promise<boolean> => {
    const { relative } = findPlace(output, workDirs.latest)
    return relative !== undefined && (await disk.look(relative)) !== undefined
  }
  yield* roots
  yield* loaded.gaps
  const joined = await joinJobs(workdir, options.timezone, exists)
  const environments = await readEnvironments(source, join(workdir.folder, '.snakemake'))
  yield* mapWorkdir({ workdir, joined, workDirs, source, disk, environments })
  yield* remarks(workdir, joined)
}

/**
 * What lacks. What a run that is still going on leaves half done is none of it: it would stand as a gap when the run has
 * long ended well. Its job says so, by its outcome.
 */
function* remarks(workdir: Workdir, joined: Joined): Iterable<GapFact> {
  const place = join(workdir.folder, '.snakemake')
  for (const { trace } of joined.unclear) {
    const why = `rule ${trace.rule ?? '?'}: names with ", " in them cannot be told apart in the log`
    yield gap('unclear-names', `${place}: job ${trace.jobId}`, why)
  }
  const open = new Set(
    joined.jobs.filter((job) => job.trace !== undefined && job.produced.length === 0).flatMap((job) => job.outputs),
  )
  for (const { target } of workdir.incomplete) {
    if (open.has(target)) continue
    yield gap('incomplete-output', target, 'a job began to write it and has not ended, and no log speaks of it')
  }
  const last = workdir.executions.at(-1)
  if (workdir.locked && last?.closed !== false) {
    yield gap('locked', place, 'Snakemake runs here, or died here: its locks are there')
  }
  const unlogged = joined.jobs.filter((job) => job.executionIndex === undefined).length
  if (unlogged > 0) yield gap('no-log', place, `${unlogged} jobs of which no log speaks: their execution is not known`)
  const timeless = workdir.executions.some(
    (execution, at) => execution.closed && execution.jobs.length > 0 && joined.offsets[at] === undefined,
  )
  if (timeless)
    yield gap('time-zone', place, 'logs tell local time and nothing shows the zone: name it with --timezone')
}
