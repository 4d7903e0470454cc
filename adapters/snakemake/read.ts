import { FactStream, filePath, openPrivateDatabase } from '../../core/adapter.ts'
import type { Fact, FileSource, GapFact, ReadOptions, Source } from '../../core/adapter.ts'
import { findStores, join } from './find-stores.ts'
import { gap } from './gaps.ts'
import { joinJobs } from './join/join-jobs.ts'
import type { Joined } from './join/join-jobs.ts'
import { readExecutions } from './live/read-executions.ts'
import { readEnvironments } from './map/conda.ts'
import { Disk } from './map/disk.ts'
import type { Found } from './map/disk.ts'
import { mapWorkdir } from './map/map-workdir.ts'
import { findPlace } from './map/places.ts'
import { findRoots, findWorkDirs } from './map/work-dirs.ts'
import { findNamedDatabases } from './store/named-database.ts'
import { RecordSpill } from './store/record-spill.ts'
import { RecordedJobs } from './store/recorded-jobs.ts'
import { SharedDatabases } from './store/shared-databases.ts'
import { StoreContent } from './store/store-content.ts'
import { readFileStore } from './store/read-files.ts'
import type { Workdir } from './workdir.ts'

/** Reads all working directories of all sources. */
export function readSnakemake(sources: readonly Source[], options: ReadOptions): FactStream {
  return new FactStream(readPortions(sources, options))
}

async function* readPortions(sources: readonly Source[], options: ReadOptions): AsyncIterable<readonly Fact[]> {
  const spill = await RecordSpill.open()
  try {
    yield* readAll(sources, options, spill)
  } finally {
    spill.close()
  }
}

async function* readAll(
  sources: readonly Source[],
  options: ReadOptions,
  spill: RecordSpill,
): AsyncIterable<readonly Fact[]> {
  const found = []
  const shared = new SharedDatabases(spill)
  for (const source of sources) {
    if (source.kind !== 'files') continue
    const stores = await findStores(source)
    found.push(stores)
    for (const database of stores.databases) await shared.add(stores.source, database, { isAsked: true })
  }
  for (const { source, folders } of found) {
    const workdirs: Loaded[] = []
    for (const folder of folders) workdirs.push(await loadWorkdir(source, folder, shared, spill))
    for (const loaded of adoptLogs(workdirs, spill)) yield* readWorkdir(source, loaded, options, spill)
  }
  yield shared.gaps
  for (const { namespace, content, source } of shared.unclaimed()) {
    const there = await source.reach(namespace.replace(/\/\.snakemake\/?$/, ''))
    const isNowhere = there === undefined
    const loaded = { folder: '', logFolder: '', executions: [], content, gaps: content.gaps, namespace, isNowhere }
    yield* readWorkdir(there ?? source, loaded, options, spill)
  }
}

/** A working directory before its records are put together. */
interface Loaded extends Pick<Workdir, 'folder' | 'logFolder' | 'executions' | 'namespace'> {
  readonly content: StoreContent
  readonly gaps: readonly GapFact[]
  /** Only a database speaks of the folder: it is not there. */
  readonly isNowhere?: boolean
}

async function loadWorkdir(
  source: FileSource,
  folder: string,
  shared: SharedDatabases,
  spill: RecordSpill,
): Promise<Loaded> {
  const store = join(folder, '.snakemake')
  const content = new StoreContent(spill)
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
  const known = namespace === undefined ? {} : { namespace }
  const run = executions.filter((execution) => !execution.notRun)
  return { folder, logFolder: folder, executions: run, content, gaps: [...gaps, ...content.gaps], ...known }
}

/**
 * With `workdir:` in the Snakefile the logs stay where Snakemake was started, and the records lie in the folder below
 * that it went to. Logs without records belong to records without logs when they speak of the same outputs.
 */
function adoptLogs(loaded: readonly Loaded[], spill: RecordSpill): Loaded[] {
  const homeless = loaded.filter(({ content, executions }) => content.isEmpty && executions.length > 0)
  const adopted = new Set<Loaded>()
  const result = loaded.map((store) => {
    if (store.content.isEmpty || store.executions.length > 0) return store
    const isOutput = (name: string): boolean => spill.has(store.content.ranges, name)
    const logs = homeless.find((other) => isBelow(store.folder, other.folder) && speaksOf(other.executions, isOutput))
    if (logs === undefined) return store
    adopted.add(logs)
    const { executions, folder } = logs
    return { ...store, executions, logFolder: folder, gaps: [...store.gaps, ...logs.gaps] }
  })
  return result.filter((store) => !adopted.has(store))
}

function isBelow(folder: string, above: string): boolean {
  return folder !== above && (above === '' || folder.startsWith(`${above}/`))
}

function speaksOf(executions: Workdir['executions'], isOutput: (name: string) => boolean): boolean {
  const named = executions.flatMap(({ jobs }) =>
    jobs.flatMap((job) => ('text' in job.outputs ? job.outputs.text.split(', ') : job.outputs.names)),
  )
  return named.filter(isOutput).length * 2 > named.length
}

async function* readWorkdir(
  source: FileSource,
  loaded: Loaded,
  options: ReadOptions,
  spill: RecordSpill,
): AsyncIterable<readonly Fact[]> {
  const { content, gaps, isNowhere = false, ...rest } = loaded
  const recorded = new RecordedJobs(spill, content.ranges)
  const workdir: Workdir = { ...rest, recorded, incomplete: content.incomplete, locked: content.locked }
  const workDirs = findWorkDirs(workdir, source)
  const roots = isNowhere ? [] : findRoots(workDirs, source, workdir.folder)
  const moved = roots.map(({ was, now }) => ({ was: filePath(was) ?? '', now: filePath(now) ?? '' }))
  const disk = new Disk(isNowhere ? undefined : source, workdir.folder, moved)
  const look = async (name: string): Promise<Found | undefined> => {
    const { relative } = findPlace(name, workDirs.latest)
    return relative === undefined ? undefined : disk.look(relative)
  }
  yield [...roots, ...gaps]
  const scratch = await openPrivateDatabase('')
  try {
    const joined = await joinJobs(workdir, scratch, options.timezone, look)
    const environments = await readEnvironments(source, join(workdir.folder, '.snakemake'))
    yield* mapWorkdir({ workdir, joined, workDirs, source, disk, environments, scratch })
    yield [...remarks(workdir, joined)]
  } finally {
    scratch.close()
  }
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
  const halfDone = new Set(workdir.incomplete.map(({ target }) => target))
  for (const output of halfDone.size === 0 ? [] : notProduced(workdir, joined)) halfDone.delete(output)
  for (const target of halfDone) {
    yield gap('incomplete-output', target, 'a job began to write it and has not ended, and no log speaks of it')
  }
  for (const at of joined.touched) {
    const why = 'its files are older than its jobs: it was --touch, which runs nothing'
    yield gap('touched', `${place}/log/${workdir.executions[at]?.stem ?? ''}`, why)
  }
  const last = workdir.executions.at(-1)
  if (workdir.locked && last?.closed !== false) {
    yield gap('locked', place, 'Snakemake runs here, or died here: its locks are there')
  }
  const unlogged = workdir.recorded.countPlacedIn(undefined)
  if (unlogged > 0) yield gap('no-log', place, `${unlogged} jobs of which no log speaks: their execution is not known`)
  const timeless = workdir.executions.some(
    (execution, at) => execution.closed && execution.jobs.length > 0 && joined.offsets[at] === undefined,
  )
  if (timeless)
    yield gap('time-zone', place, 'logs tell local time and nothing shows the zone: name it with --timezone')
}

/** Outputs of jobs that a log speaks of and that have not ended well. */
function* notProduced(workdir: Workdir, joined: Joined): Iterable<string> {
  for (const at of workdir.executions.keys()) {
    for (const job of joined.jobsOf(at)) if (job.trace !== undefined && job.produced.length === 0) yield* job.outputs
  }
}
