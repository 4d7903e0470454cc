import { best, type Pipeline, type SharedCode } from './pipeline.ts'

/**
 * Logs are kept of the last ten runs only, and of older ones the history tells no more than `run main.nf` and the digest
 * of that script. Runs of the same revision are runs of the same pipeline, as far as those that say where its code lies
 * agree.
 */
export function shareCode(pipelines: readonly Pipeline[]): void {
  const byVersion = new Map<string, Pipeline[]>()
  for (const pipeline of pipelines) {
    const version = best(pipeline, 'commitId') ?? best(pipeline, 'scriptId')
    if (version === undefined) continue
    const same = byVersion.get(version)
    if (same === undefined) byVersion.set(version, [pipeline])
    else same.push(pipeline)
  }
  for (const same of byVersion.values()) {
    const code = sharedBy(same)
    for (const pipeline of same) pipeline.code = code
  }
}

function sharedBy(pipelines: readonly Pipeline[]): SharedCode {
  const repository = agreed(pipelines.map((each) => best(each, 'repository')))
  const scriptFile = agreed(pipelines.map((each) => best(each, 'scriptFile')))
  const manifest = agreed(pipelines.map((each) => best(each, 'manifest')))
  return {
    ...(repository === undefined ? {} : { repository }),
    ...(scriptFile === undefined ? {} : { scriptFile }),
    ...(manifest === undefined ? {} : { manifest }),
  }
}

/** The only value that any of them tells. */
function agreed<V>(told: readonly (V | undefined)[]): V | undefined {
  const [only, ...others] = told.filter((value) => value !== undefined)
  return others.every((value) => JSON.stringify(value) === JSON.stringify(only)) ? only : undefined
}
