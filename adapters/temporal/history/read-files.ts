import { StemmaError } from '../../../core/adapter.ts'
import type { Fact, FileSource } from '../../../core/adapter.ts'
import type { TemporalOptions } from './options.ts'
import { readPieces } from './pieces.ts'
import { foldPieces, surveyPieces } from './read-history.ts'
import type { Surveyed } from './read-history.ts'
import { isStandalone, standaloneFacts } from './standalone.ts'

const NAMES = /\.(jsonl?|history|binpb|pb|bin|proto)(\.gz)?$/i
const DEEPEST_FOLDER = 8
const MOST_FILES = 200_000

/** A file, or all files below a folder whose names may be histories, in the order of their names. */
export async function* historyFiles(source: FileSource): AsyncIterable<string> {
  const root = await source.stat('')
  if (root?.type === 'folder') yield* filesBelow(source, '', 0, { left: MOST_FILES })
  else yield ''
}

async function* filesBelow(
  source: FileSource,
  folder: string,
  depth: number,
  budget: { left: number },
): AsyncIterable<string> {
  for await (const entry of source.list(folder)) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.type === 'folder' && depth < DEEPEST_FOLDER && !entry.name.startsWith('.')) {
      yield* filesBelow(source, path, depth + 1, budget)
    } else if (entry.type === 'file' && NAMES.test(entry.name) && budget.left-- > 0) yield path
  }
}

/** Facts of a file of histories or activity descriptions. A single file that is neither is refused; in a folder it is passed over. */
export async function* readHistoryFile(
  source: FileSource,
  path: string,
  options: TemporalOptions,
  seen: Map<string, number>,
): AsyncIterable<Fact> {
  const feed = (): ReturnType<typeof readPieces> => readPieces(source, path)
  const surveyed = await surveyPieces(feed)
  const place = path === '' ? (source.uri.split('/').at(-1) ?? '') : path
  const standalone = surveyed.objects.filter(isStandalone)
  if (surveyed.histories.length === 0 && standalone.length === 0) {
    if (path === '') throw refusal(source, surveyed)
    yield { kind: 'gap', code: 'temporal.not-a-history', place, message: 'no events of a workflow history inside' }
    return
  }
  const { namespace, workflowId, values } = options
  yield* foldPieces(feed, surveyed, { place, namespace, workflowId, values, seen })
  for (const value of standalone) yield* standaloneFacts(value, { namespace: namespace ?? 'default', values })
}

function refusal(source: FileSource, surveyed: Surveyed): StemmaError {
  const keys = surveyed.objects[0] === undefined ? [] : Object.keys(surveyed.objects[0])
  const isDescription = keys.includes('workflowExecutionInfo') || keys.includes('executionConfig')
  const what = isDescription ? 'a description of a workflow, without its events' : 'no workflow history'
  return new StemmaError('source.not-recognised', `${what}: "${source.uri}"`, {
    detail: { path: source.uri },
    advice: 'Save the history with `temporal workflow show --workflow-id … --output json`, then import that file.',
  })
}
