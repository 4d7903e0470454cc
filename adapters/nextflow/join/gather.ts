import type { FileSource } from '../../../core/adapter.ts'
import { openCache, type TaskCache } from '../cache/open-cache.ts'
import { readHistory } from '../cache/read-history.ts'
import { notingSource } from '../find/noting-source.ts'
import { Places, type Place } from '../find/places.ts'
import { surveyLeftovers, type Survey } from '../find/survey.ts'
import { readReport } from '../report/read-report.ts'
import { parseTaskScript } from '../work/task-script.ts'
import { addLog } from './add-log.ts'
import { addPages } from './add-pages.ts'
import { assignTraces } from './assign-traces.ts'
import { GapBox, guarded } from './gap-box.ts'
import { addWeblogs } from './add-weblogs.ts'
import type { Gathered } from './gathered.ts'
import { hintStart } from './hint-start.ts'
import { LineageStore } from './lineage-store.ts'
import { best, Pipelines, type Pipeline } from './pipeline.ts'
import { shareCode } from './share-code.ts'

/** Reads every source that speaks of whole runs, and finds out which task sources belong to which run. */
export async function gather(sources: readonly [FileSource, ...FileSource[]]): Promise<Gathered> {
  const gaps = new GapBox()
  const tell = (path: string, message: string): void => { gaps.unreadable(path, message) } // prettier-ignore
  const [first, ...others] = sources
  const home = notingSource(first, tell)
  const homes = [home, ...others.map((source) => notingSource(source, tell))]
  const open: Place[] = []
  const survey = await surveyLeftovers(homes, (file) => open.push(file))
  const pipelines = new Pipelines()
  const places = new Places(homes)
  for (const folder of survey.workFolders) {
    places.addWorkFolder(folder)
    await learnFromTask(folder, places)
  }
  for (const place of survey.histories) await addHistory(place, pipelines, gaps)
  const caches = await openCaches(survey, pipelines, gaps)
  for (const place of oldestFirst(survey.files.log))
    await guarded(gaps, place, async () => {
      const pipeline = await addLog(place, pipelines, gaps)
      if (pipeline !== undefined) learnFromLog(place, pipeline, places)
    })
  for (const place of survey.files.report) await addReport(place, pipelines, gaps)
  const stores = await openStores(survey, pipelines, gaps)
  const posted = await addWeblogs(survey.files.weblog, pipelines, gaps)
  await addPages(survey, open, pipelines, gaps)
  await assignTraces(survey.files.trace, pipelines, gaps)
  for (const pipeline of pipelines.all) await hintStart(pipeline, caches)
  shareCode(pipelines.all)
  learnLaunchFolders(survey, pipelines, places)
  const launch = survey.histories[0]?.source ?? home
  const isNear = homes.every((source) => source.localPath('') !== undefined)
  return { homes, isNear, launch, survey, places, pipelines, caches, open, stores, posted, gaps }
}

/** The run as its report tells it; the report's tasks are read when the run's turn comes. */
async function addReport(place: Place, pipelines: Pipelines, gaps: GapBox): Promise<void> {
  await guarded(gaps, place, async () => {
    for await (const record of readReport(place.source, place.path)) {
      if (record.kind !== 'run') continue
      const isNamed = record.runName !== undefined || record.sessionId !== undefined
      const pipeline = isNamed ? pipelines.add(record) : undefined
      if (pipeline === undefined) gaps.say('report.run-unknown', place.path, 'the report does not name its run')
      else pipeline.reports.push(place)
      break
    }
  })
}

async function openStores(survey: Survey, pipelines: Pipelines, gaps: GapBox): Promise<LineageStore[]> {
  const stores: LineageStore[] = []
  for (const place of survey.lineageStores) {
    const store = new LineageStore(place)
    await guarded(gaps, place, async () => store.open(pipelines, gaps))
    stores.push(store)
  }
  return stores
}

/** `.nextflow.log.9` is older than `.nextflow.log.1`, and that than `.nextflow.log`. */
function oldestFirst(logs: readonly Place[]): Place[] {
  const age = ({ path }: Place): number => Number(/\.(\d+)$/.exec(path)?.[1] ?? 0)
  return [...logs].sort((a, b) => age(b) - age(a))
}

/** A launch folder holds `.nextflow`, and `.lineage` by default; runs say what it was called, the latest one last. */
function learnLaunchFolders(survey: Survey, pipelines: Pipelines, places: Places): void {
  const histories = launchFolders(survey.histories, '.nextflow/history')
  const folders = histories.length > 0 ? histories : launchFolders(survey.lineageStores, '.lineage')
  const start = (pipeline: Pipeline): number => best(pipeline, 'startMs') ?? pipeline.startHintMs ?? 0
  for (const pipeline of [...pipelines.all].sort((a, b) => start(a) - start(b))) {
    const launchDir = best(pipeline, 'launchDir')
    const [only, ...others] =
      folders.length > 1 ? folders.filter(({ leftover }) => speaksOf(leftover, pipeline)) : folders
    if (launchDir?.startsWith('/') === true && only !== undefined && others.length === 0)
      places.addRoot(launchDir, only.folder)
  }
}

function launchFolders(found: readonly Place[], name: string): { readonly leftover: Place; readonly folder: Place }[] {
  return found
    .filter(({ path }) => path === name || path.endsWith(`/${name}`))
    .map((leftover) => ({
      leftover,
      folder: { source: leftover.source, path: leftover.path.slice(0, -name.length).replace(/\/$/, '') },
    }))
}

function speaksOf({ path }: Place, pipeline: Pipeline): boolean {
  return pipeline.records.some(({ origin }) => origin.path === path || origin.path.startsWith(`${path}/`))
}

async function addHistory(place: Place, pipelines: Pipelines, gaps: GapBox): Promise<void> {
  await guarded(gaps, place, async () => {
    for await (const record of readHistory(place.source, place.path)) {
      if (record.kind === 'gap') gaps.add(record)
      else pipelines.add(record)
    }
  })
}

async function openCaches(survey: Survey, pipelines: Pipelines, gaps: GapBox): Promise<Map<string, TaskCache>> {
  const caches = new Map<string, TaskCache>()
  for (const folder of survey.caches) {
    for (const { runName, place } of folder.indexes) pipelines.of(folder.session, runName).index = place
    await guarded(gaps, folder.db, async () => {
      const cache = await openCache(folder.db.source, folder.db.path)
      for (const gap of cache.takeGaps()) gaps.add(gap)
      caches.set(folder.session, cache)
    })
  }
  return caches
}

/** Wrappers that are asked what their folder was called: all say it, but for damaged ones. */
const MOST_ASKED = 100

/** A task's own script says what its folder was called: enough for all folders beside it. */
async function learnFromTask(folder: Place, places: Places): Promise<void> {
  let asked = 0
  for await (const outer of folder.source.list(folder.path)) {
    if (outer.type !== 'folder' || !/^[0-9a-f]{2}$/.test(outer.name)) continue
    for await (const inner of folder.source.list(`${folder.path}/${outer.name}`.replace(/^\//, ''))) {
      const path = `${folder.path}/${outer.name}/${inner.name}`.replace(/^\//, '')
      const text = await folder.source.readText(`${path}/.command.run`, 1 << 26).catch(() => undefined)
      const workDir = text === undefined ? undefined : parseTaskScript(text).workDir
      if (text !== undefined && workDir?.startsWith('/') !== true && ++asked >= MOST_ASKED) return
      if (workDir?.startsWith('/') !== true) continue
      places.learn(workDir, { source: folder.source, path })
      return
    }
  }
}

/** The launcher writes its log into the folder it was started in, and the work folder is `work` there unless named. */
function learnFromLog(log: Place, pipeline: Pipeline, places: Places): void {
  const record = pipeline.records.find((each) => each.origin.source === 'log' && each.origin.path === log.path)
  const folder = log.path.includes('/') ? log.path.slice(0, log.path.lastIndexOf('/')) : ''
  const configs = record?.configFiles?.filter((path) => path.endsWith('/nextflow.config')) ?? []
  const workDir = /^(\/.*)\/work$/.exec(record?.workDir ?? '')?.[1]
  const launch = configs.map((path) => path.slice(0, path.lastIndexOf('/'))).find((path) => path === workDir) ?? workDir
  if (launch !== undefined && !/\s-(w|work-dir)\s/.test(record?.commandLine ?? '')) {
    places.addRoot(launch, { source: log.source, path: folder })
  }
}

/** Any source that names files: only then somebody asks whose they are. */
export function tellsOfFiles({ survey, caches, open }: Gathered): boolean {
  return survey.workFolders.length > 0 || survey.lineageStores.length > 0 || caches.size > 0 || open.length > 0
}
