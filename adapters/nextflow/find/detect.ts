import type { Detection, FileSource, Source } from '../../../core/adapter.ts'
import { classify } from './classify.ts'

/** Entries of the top folders that are looked at: detection must stay quick in any folder. */
const MOST_ENTRIES = 2000
/** Where pipelines put their own reports. */
const REPORT_FOLDER = /^(pipeline_info|results?|reports?|weblog)$/

/** Whether a source holds leftovers of Nextflow, and what gives them away. */
export async function detectNextflow(source: Source): Promise<Detection | undefined> {
  if (source.kind !== 'files') return undefined
  const because: string[] = []
  let confidence = 0
  const root = await source.stat('')
  if (root?.type === 'file') {
    const name = decodeURIComponent(source.uri.slice(source.uri.lastIndexOf('/') + 1))
    const kind = await classify({ source, path: '' }, name)
    return kind === undefined || kind === 'params' || kind === 'dag'
      ? undefined
      : { engine: 'nextflow', confidence: 0.95, because: `${name} is a ${kind} file` }
  }
  for (const [path, weight] of [
    ['.nextflow/history', 1],
    ['.nextflow/cache', 1],
    ['history', 0.6],
    ['.lineage', 0.9],
    ['.history', 0.3],
  ] as const) {
    const stat = await source.lstat(path)
    if (stat === undefined || (path === 'history' && (await classify({ source, path }, path)) !== 'history')) continue
    because.push(path)
    confidence = Math.max(confidence, weight)
  }
  for await (const found of findings(source, '', 0)) {
    because.push(found)
    confidence = Math.max(confidence, 0.95)
    if (because.length >= 6) break
  }
  return because.length === 0 || confidence < 0.5
    ? undefined
    : { engine: 'nextflow', confidence, because: because.join(', ') }
}

async function* findings(source: FileSource, folder: string, depth: number): AsyncIterable<string> {
  let entries = 0
  for await (const entry of source.list(folder)) {
    if (++entries > MOST_ENTRIES) return
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.type === 'folder') {
      if (depth < 2 && REPORT_FOLDER.test(entry.name)) yield* findings(source, path, depth + 1)
      else if ((entry.name === 'work' || /^[0-9a-f]{2}$/.test(entry.name)) && (await holdsTask(source, path, 0)))
        yield path
    } else {
      const kind = await classify({ source, path }, entry.name)
      if (kind !== undefined && kind !== 'dag' && kind !== 'params') yield path
    }
  }
}

/** A folder of a task with the engine's wrapper in it, two levels below `work` or one below `ab`. */
async function holdsTask(source: FileSource, folder: string, depth: number): Promise<boolean> {
  let tried = 0
  for await (const entry of source.list(folder)) {
    if (entry.type !== 'folder' || tried++ > 4) continue
    const path = `${folder}/${entry.name}`
    if (/^[0-9a-f]{30}$/.test(entry.name) && (await source.lstat(`${path}/.command.run`)) !== undefined) return true
    if (depth === 0 && /^[0-9a-f]{2}$/.test(entry.name) && (await holdsTask(source, path, 1))) return true
  }
  return false
}
