import type { FileSource } from '../../../core/adapter.ts'
import type { Place, Places } from '../find/places.ts'
import type { StagedInput } from './staging.ts'

/** A link that a copying program wrote as a small file with its target as text. */
const MOST_LINK_BYTES = 4096

/**
 * Whether what lies under the name of a staged input is the task's own work: a file with other bytes than the input has.
 * `false` also where it cannot be told. A work folder copied with its links followed holds the inputs as files, so the
 * kind of the entry alone says nothing.
 */
export async function wasReplaced(at: Place, input: StagedInput, places: Places): Promise<boolean> {
  const stat = await at.source.lstat(at.path)
  if (stat?.type !== 'file') return false
  const source = await places.find(input.from)
  if (source?.stat.type !== 'file') return false
  if (stat.fileId !== undefined && stat.fileId === source.stat.fileId) return false
  if (stat.sizeBytes <= MOST_LINK_BYTES && (await isLinkText(at, input))) return false
  if (stat.sizeBytes !== source.stat.sizeBytes) return true
  const digest = await digestAt(at)
  const other = digest === undefined ? undefined : await digestAt(source)
  return digest !== undefined && other !== undefined && digest !== other
}

async function isLinkText({ source, path }: Place, { from }: StagedInput): Promise<boolean> {
  const text = await source.readText(path, MOST_LINK_BYTES).catch(() => undefined)
  return text !== undefined && text !== '' && from.endsWith(text.replace(/^(\.\.?\/)+/, ''))
}

async function digestAt({
  source,
  path,
}: {
  readonly source: FileSource
  readonly path: string
}): Promise<string | undefined> {
  return (await source.digest(path).catch(() => undefined))?.value
}
