import { runUid, toUri, transformUid, type RunFact, type TransformFact, toIso } from '../../../core/adapter.ts'
import { best, type Pipeline } from '../join/pipeline.ts'
import { absoluteMs } from './times.ts'
import { pipelineOutcome } from './outcome.ts'

export const ENGINE = 'nextflow'

/** The facts of one pipeline run, and what its tasks need of it. */
export interface PipelineFacts {
  readonly transform: TransformFact
  readonly run: RunFact
  /** Natural key: session and run name. */
  readonly key: string
  readonly codeVersion?: string
  /** Its start is only known in local time of an unknown zone. */
  readonly timesLeftOut: boolean
}

/** Describes an execution of a pipeline and the pipeline itself. */
export function pipelineFacts(pipeline: Pipeline, key: string, params: NonNullable<RunFact['params']>): PipelineFacts {
  const transform = pipelineTransform(pipeline)
  const end = pipelineEnd(pipeline)
  const startedAt = toIso(pipelineStart(pipeline))
  const engineVersion = best(pipeline, 'engineVersion')
  const workDir = toUri(best(pipeline, 'workDir') ?? '')
  const errorMessage = best(pipeline, 'errorMessage')
  const outcome = pipelineOutcome(pipeline)
  const command = best(pipeline, 'commandLine')
  const host = best(pipeline, 'host')
  const exitCode = best(pipeline, 'exitStatus')
  const container = best(pipeline, 'container')
  const run: RunFact = {
    kind: 'run',
    uid: runUid(ENGINE, key),
    transform: transform.uid,
    engine: ENGINE,
    key,
    name: pipeline.runName ?? key,
    outcome,
    ...(engineVersion === undefined ? {} : { engineVersion }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(end === undefined ? {} : { endedAt: end }),
    ...(Object.keys(params).length === 0 ? {} : { params }),
    ...(command === undefined ? {} : { command }),
    ...(workDir === undefined ? {} : { workDir }),
    ...(host === undefined ? {} : { host }),
    ...(container === undefined || container === '' ? {} : { container }),
    ...(exitCode === undefined || outcome === 'unknown' ? {} : { exitCode }),
    ...(errorMessage === undefined || errorMessage === '' || outcome === 'succeeded'
      ? {}
      : { error: { message: errorMessage } }),
    ...labels(pipeline),
  }
  const codeVersion = best(pipeline, 'commitId') ?? best(pipeline, 'scriptId')
  const timesLeftOut = startedAt === undefined && pipeline.records.some((record) => record.startMs !== undefined)
  return { transform, run, key, timesLeftOut, ...(codeVersion === undefined ? {} : { codeVersion }) }
}

/** Start in absolute time, from the most exact source whose zone is known. */
export function pipelineStart(pipeline: Pipeline): number | undefined {
  const known = pipeline.records.flatMap((record) => {
    const ms = absoluteMs(record.startMs, record.timesAreLocal, pipeline.zone)
    // the history of a lineage store counts whole seconds, from when the script is ready
    const isLate = record.origin.path.includes('/.history/')
    return ms === undefined ? [] : [{ ms, isLocal: record.timesAreLocal === true, isLate }]
  })
  const exact = known.find((each) => !each.isLocal && !each.isLate)
  return (exact ?? known.find((each) => each.isLocal) ?? known[0])?.ms
}

function pipelineEnd(pipeline: Pipeline): string | undefined {
  for (const record of [...pipeline.records].sort(
    (a, b) => Number(a.timesAreLocal === true) - Number(b.timesAreLocal === true),
  )) {
    const complete = absoluteMs(record.completeMs, record.timesAreLocal, pipeline.zone)
    if (complete !== undefined) return toIso(complete)
    const start = absoluteMs(record.startMs, record.timesAreLocal, pipeline.zone)
    if (start !== undefined && record.durationMs !== undefined) return toIso(start + record.durationMs)
  }
  return undefined
}

/** The pipeline is named by its repository, else by its main script. */
function pipelineTransform(pipeline: Pipeline): TransformFact {
  const repository = best(pipeline, 'repository') ?? pipeline.code?.repository
  const file = best(pipeline, 'scriptFile') ?? pipeline.code?.scriptFile
  const script = file ?? best(pipeline, 'project') ?? best(pipeline, 'scriptName')
  const manifest = best(pipeline, 'manifest') ?? pipeline.code?.manifest
  const manifestName = typeof manifest?.name === 'string' && manifest.name !== '' ? manifest.name : undefined
  const version = best(pipeline, 'commitId') ?? best(pipeline, 'scriptId')
  const key = repository ?? script ?? manifestName ?? 'unknown'
  const isScript = version !== undefined && /^[0-9a-f]{32}$/.test(version)
  return {
    kind: 'transform',
    uid: transformUid(ENGINE, `pipeline:${key}`, version),
    name: manifestName ?? projectName(repository) ?? script?.slice(script.lastIndexOf('/') + 1) ?? '(unknown)',
    type: 'pipeline',
    engine: ENGINE,
    ...(version === undefined ? {} : { version }),
    ...(script === undefined ? {} : { sourcePath: script }),
    // The engine's id of a local script: murmur3 over its UTF-16 text
    ...(isScript
      ? { sourceDigest: { algorithm: 'murmur3-128-utf16', value: version, scope: 'engine', evidence: 'recorded' } }
      : {}),
  }
}

function projectName(repository: string | undefined): string | undefined {
  return repository === undefined ? undefined : /([^/]+\/[^/]+?)(\.git)?$/.exec(repository)?.[1]
}

function labels(pipeline: Pipeline): { labels?: RunFact['labels'] } {
  const values = {
    session: pipeline.session,
    profile: best(pipeline, 'profile'),
    revision: best(pipeline, 'revision'),
    launchDir: best(pipeline, 'launchDir'),
    user: best(pipeline, 'userName'),
    resumed: best(pipeline, 'resumed') === true ? true : undefined,
    stub: best(pipeline, 'stubRun') === true ? true : undefined,
    processGraph: pipeline.graph === undefined || pipeline.graph.length === 0 ? undefined : toPairs(pipeline.graph),
    software: pipeline.software === undefined ? undefined : toTree(pipeline.software),
    skippedAsStored: pipeline.stored.length === 0 ? undefined : pipeline.stored,
  }
  const kept = Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
  return kept.length === 0 ? {} : { labels: Object.fromEntries(kept) }
}

/** Edges of a graph that a person would still look at. */
const MOST_EDGES = 5000

function toPairs(edges: readonly (readonly [string, string])[]): string[][] {
  return edges.slice(0, MOST_EDGES).map(([from, to]) => [from, to])
}

function toTree(software: NonNullable<Pipeline['software']>): Record<string, Record<string, string>> {
  return Object.fromEntries(Object.entries(software).map(([process, tools]) => [process, { ...tools }]))
}
