import type { Place } from '../find/places.ts'
import type { Survey } from '../find/survey.ts'
import { parseCommandLine } from '../params/command-line.ts'
import { parseSoftwareVersions } from '../params/software-versions.ts'
import type { RunRecord } from '../records.ts'
import { processEdges, readDag } from '../report/read-dag.ts'
import { readTimeline } from '../report/read-timeline.ts'
import { guarded, type GapBox } from './gap-box.ts'
import { best, type Pipeline, type Pipelines } from './pipeline.ts'

const VERSIONS = /(?:^|\/)(?:\w+_)?(?:software_versions|software_mqc_versions)\.ya?ml$/
const MOST_VERSIONS_BYTES = 4 << 20
/** A timeline notes the start of a run within moments of the other sources, whatever their zone. */
const START_SLACK_MS = 20_000
const QUARTER_HOUR_MS = 900_000

/**
 * Pages that say something of a run without naming it: timelines (exact start and end), process graphs, versions of
 * tools. Each counts only for the one run that it must belong to.
 */
export async function addPages(
  survey: Survey,
  open: readonly Place[],
  pipelines: Pipelines,
  gaps: GapBox,
): Promise<void> {
  for (const place of survey.files.timeline) await guarded(gaps, place, () => addTimeline(place, pipelines, gaps))
  for (const place of survey.files.dag) await guarded(gaps, place, () => addGraph(place, pipelines))
  const [only] = pipelines.all
  const versions = open.filter((place) => VERSIONS.test(place.path))
  const [place] = versions
  if (place === undefined || versions.length !== 1 || only === undefined || pipelines.all.length !== 1) return
  await guarded(gaps, place, () => addVersions(place, only))
}

async function addTimeline(place: Place, pipelines: Pipelines, gaps: GapBox): Promise<void> {
  for await (const record of readTimeline(place.source, place.path)) {
    if (record.kind === 'gap') gaps.add(record)
    if (record.kind !== 'run' || record.startMs === undefined) continue
    const owners = pipelines.all.filter((pipeline) => hasStart(pipeline, record))
    const owner = owners.length > 1 ? onlyOne(owners.filter((each) => names(each, 'timeline', place))) : owners[0]
    owner?.records.push(record)
  }
}

/** Whether another source gives the same start, or gives it in local time of some zone. */
function hasStart(pipeline: Pipeline, { startMs = 0 }: RunRecord): boolean {
  return pipeline.records.some((record) => {
    if (record.startMs === undefined) return false
    const difference = Math.abs(record.startMs - startMs)
    const rest = record.timesAreLocal === true ? difference % QUARTER_HOUR_MS : difference
    return Math.min(rest, record.timesAreLocal === true ? QUARTER_HOUR_MS - rest : rest) <= START_SLACK_MS
  })
}

async function addGraph(place: Place, pipelines: Pipelines): Promise<void> {
  const named = pipelines.all.filter((pipeline) => names(pipeline, 'dag', place))
  // A file of that name was written again by the last run that asked for it.
  const owner = named.at(-1) ?? (pipelines.all.length === 1 ? pipelines.all[0] : undefined)
  const dag = owner === undefined ? undefined : await readDag(place.source, place.path)
  if (owner !== undefined && dag !== undefined && dag.nodes.length > 0) owner.graph = processEdges(dag)
}

async function addVersions(place: Place, pipeline: Pipeline): Promise<void> {
  const text = await place.source.readText(place.path, MOST_VERSIONS_BYTES)
  const { processes } = parseSoftwareVersions(text ?? '')
  const told = [...processes].filter(([, tools]) => tools.size > 0)
  if (told.length === 0) return
  pipeline.software = Object.fromEntries(told.map(([name, tools]) => [name, Object.fromEntries(tools)]))
}

/** Whether the run's command line asked for this file. */
function names(pipeline: Pipeline, option: 'timeline' | 'dag', place: Place): boolean {
  const file = parseCommandLine(best(pipeline, 'commandLine') ?? '')[option]
  return typeof file === 'string' && `/${place.path}`.endsWith(`/${file.replace(/^(?:\.?\/)+/, '')}`)
}

function onlyOne<T>(items: readonly T[]): T | undefined {
  return items.length === 1 ? items[0] : undefined
}
