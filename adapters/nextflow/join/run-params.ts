import { z } from 'zod'
import type { RunFact } from '../../../core/adapter.ts'
import { join, type Place } from '../find/places.ts'
import { parseCommandLine } from '../params/command-line.ts'
import { readConfigParams, readParamsFile, readScriptParams } from '../params/read-params.ts'
import type { Gathered } from './gathered.ts'
import { best, type Pipeline } from './pipeline.ts'

type Params = NonNullable<RunFact['params']>

const Json = z.json()

/**
 * Puts the parameters of a run together, each from the best source that has it: what the engine posted or recorded
 * while it ran, then how it was called, its parameter file, its configuration, and last the script's own defaults, which
 * count only where the script is proven to be the one that ran.
 */
export async function runParams(gathered: Gathered, pipeline: Pipeline): Promise<Params> {
  const layers = [await scriptLayer(gathered, pipeline), ...(await callLayers(gathered, pipeline))]
  for (const source of ['log', 'lineage', 'weblog', 'report'] as const) {
    for (const record of pipeline.records) {
      if (record.origin.source === source && record.params !== undefined)
        layers.push({ values: record.params, unknown: [] })
    }
  }
  const dumped = await dumpedParams(gathered, pipeline)
  if (dumped !== undefined) layers.push({ values: dumped, unknown: [] })
  return merged(layers)
}

/** Values that a layer sets, and names that it sets to something that cannot be read off. */
interface Layer {
  readonly values: Readonly<Record<string, unknown>>
  readonly unknown: Iterable<string>
}

const NOTHING: Layer = { values: {}, unknown: [] }

function merged(layers: readonly Layer[]): Params {
  const known = new Map<string, Params[string]>()
  for (const { values, unknown } of layers) {
    for (const name of unknown) known.delete(name)
    for (const [name, value] of Object.entries(values)) {
      const parsed = Json.safeParse(value)
      if (parsed.success && name !== '') known.set(name, parsed.data)
    }
  }
  return Object.fromEntries(known)
}

/** Defaults that the main script sets to plain values. */
async function scriptLayer(gathered: Gathered, pipeline: Pipeline): Promise<Layer> {
  // the log shows the first ten digits
  const id = best(pipeline, 'scriptId') ?? best(pipeline, 'commitId') ?? best(pipeline, 'revision')
  if (id === undefined || !/^([0-9a-f]{10}|[0-9a-f]{32})$/.test(id)) return NOTHING
  for (const place of await scripts(gathered, pipeline)) {
    const found = await readScriptParams(place.source, place.path, id).catch(() => undefined)
    if (found?.isProven === true) return found
  }
  return NOTHING
}

async function scripts(gathered: Gathered, pipeline: Pipeline): Promise<Place[]> {
  const named = [best(pipeline, 'scriptFile'), best(pipeline, 'project'), best(pipeline, 'scriptName')]
  const typed = parseCommandLine(best(pipeline, 'commandLine') ?? '').project
  const found: Place[] = []
  for (const name of new Set([...named, typed, 'main.nf'])) {
    const place = name === undefined ? undefined : await launchFile(gathered, pipeline, name)
    if (place !== undefined) found.push(place)
  }
  return found
}

/** Configuration, parameter file and command line, the weakest first. */
async function callLayers(gathered: Gathered, pipeline: Pipeline): Promise<Layer[]> {
  const command = parseCommandLine(best(pipeline, 'commandLine') ?? '')
  const layers: Layer[] = []
  const configs = new Set([...(best(pipeline, 'configFiles') ?? ['nextflow.config']), ...command.configFiles])
  const profiles = command.profiles.length > 0 ? command.profiles : ['standard']
  for (const name of configs) {
    const place = await launchFile(gathered, pipeline, name)
    const found = place && (await readConfigParams(place.source, place.path, profiles).catch(() => undefined))
    if (found !== undefined) layers.push(found)
  }
  for (const name of command.paramsFiles) {
    const place = await launchFile(gathered, pipeline, name)
    const values = place && (await readParamsFile(place.source, place.path).catch(() => undefined))
    if (values !== undefined) layers.push({ values, unknown: [] })
  }
  layers.push({ values: command.params, unknown: [] })
  return layers
}

/** A file that a run names; relative names count from its launch folder. */
async function launchFile(gathered: Gathered, pipeline: Pipeline, name: string): Promise<Place | undefined> {
  const { places, homes } = gathered
  if (name.startsWith('/')) return places.find(name)
  const launch = best(pipeline, 'launchDir') ?? places.original({ source: gathered.launch, path: '' })
  const found = launch === undefined ? undefined : await places.find(join(launch, name))
  if (found !== undefined) return found
  for (const source of homes) if ((await source.lstat(name)) !== undefined) return { source, path: name }
  return undefined
}

/** nf-core pipelines write all their parameters some seconds after the start: the file's name says when. */
async function dumpedParams(gathered: Gathered, pipeline: Pipeline): Promise<Record<string, unknown> | undefined> {
  const mine = gathered.survey.files.params.filter((place) => {
    const [only] = gathered.pipelines.all
    const time = stampOf(place.path)
    if (gathered.pipelines.all.length === 1) return only === pipeline && gathered.survey.files.params.length === 1
    return (
      time !== undefined &&
      gathered.pipelines.all.filter((each) => wasRunning(each, time)).length === 1 &&
      wasRunning(pipeline, time)
    )
  })
  const [place] = mine
  if (place === undefined || mine.length !== 1) return undefined
  return readParamsFile(place.source, place.path).catch(() => undefined)
}

/** `params_2025-06-26_10-06-26.json` in the launcher's local time, counted as though it were UTC. */
function stampOf(path: string): number | undefined {
  const parts = /params_(\d{4}-\d\d-\d\d)_(\d\d)-(\d\d)-(\d\d)\.json$/.exec(path)
  const [, day = '', hour = '', minute = '', second = ''] = parts ?? []
  return parts === null ? undefined : Date.parse(`${day}T${hour}:${minute}:${second}Z`)
}

function wasRunning(pipeline: Pipeline, localMs: number): boolean {
  const record = pipeline.records.find((each) => each.timesAreLocal === true && each.startMs !== undefined)
  if (record?.startMs === undefined) return false
  const end = record.durationMs === undefined ? record.startMs + 600_000 : record.startMs + record.durationMs
  return localMs >= record.startMs - 2000 && localMs <= end + 2000
}
