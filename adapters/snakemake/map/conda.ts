import type { FileSource } from '../../../core/adapter.ts'

/** A conda environment that Snakemake made: its file and the packages that were resolved from it. */
export interface Environment {
  readonly text: string
  readonly packages: Record<string, string>
}

const MOST_BYTES = 1024 * 1024
const MOST_ENVIRONMENTS = 500

/** The environments below `.snakemake/conda`: `<hash>.yaml` beside `<hash>/conda-meta/<name>-<version>-<build>.json`. */
export async function readEnvironments(source: FileSource, folder: string): Promise<Environment[]> {
  const environments: Environment[] = []
  for await (const entry of source.list(`${folder}/conda`)) {
    if (entry.type !== 'file' || !entry.name.endsWith('.yaml') || environments.length >= MOST_ENVIRONMENTS) continue
    const text = await source.readText(`${folder}/conda/${entry.name}`, MOST_BYTES).catch(() => undefined)
    const packages: Record<string, string> = {}
    for await (const meta of source.list(`${folder}/conda/${entry.name.slice(0, -'.yaml'.length)}/conda-meta`)) {
      const [, name, version] = /^(.+)-([^-]+)-[^-]+\.json$/.exec(meta.name) ?? []
      if (name !== undefined && version !== undefined) packages[name] = version
    }
    if (text !== undefined) environments.push({ text, packages })
  }
  return environments
}
