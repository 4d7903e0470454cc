import type { FileSource, Source } from '../../../core/adapter.ts'

type Group = readonly [FileSource, ...FileSource[]]

/**
 * Sources that are read together. Launch folders stand for themselves: each knows its runs, and nothing of the others'
 * should be taken for its own. As soon as something else is named beside them (a trace, a report, a work directory, a
 * folder of results), it belongs to the runs of the others, so all are read as one.
 */
export async function groupSources(sources: readonly Source[]): Promise<readonly Group[]> {
  const files = sources.filter((source) => source.kind === 'files')
  const [first, ...others] = [...new Map(files.map((source) => [source.uri, source])).values()]
  if (first === undefined) return []
  const all: Group = [first, ...others]
  for (const source of all) if (!(await isLaunchFolder(source))) return [all]
  return all.map((source): Group => [source])
}

async function isLaunchFolder(source: FileSource): Promise<boolean> {
  return (await source.lstat('.nextflow').catch(() => undefined))?.type === 'folder'
}
