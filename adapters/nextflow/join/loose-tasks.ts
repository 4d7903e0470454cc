import type { FileSource } from '../../../core/adapter.ts'
import { join } from '../find/places.ts'
import { shortHash } from '../hash.ts'
import { isArrayScript } from '../work/task-script.ts'
import type { Gathered } from './gathered.ts'
import type { Pipeline } from './pipeline.ts'
import type { TaskView } from './task.ts'

/** The header stands first. */
const HEAD_BYTES = 16_384

/**
 * Tasks of work folders of which no other source speaks: nothing says which run they belong to. Only folders with the
 * engine's wrapper are tasks. Where other tasks are listed by their runs, one that is not may have been in flight when
 * its run was killed, whatever its folder looks like.
 */
export async function* looseTasks(
  gathered: Gathered,
  isTold: (shortHash: string) => boolean,
): AsyncIterable<readonly TaskView[]> {
  const isDoubtful = gathered.pipelines.all.some((pipeline) => listsTasks(pipeline) || gathered.posted.has(pipeline))
  for (const folder of gathered.places.workFolders) {
    let count = 0
    for await (const outer of folder.source.list(folder.path)) {
      if (outer.type !== 'folder' || !/^[0-9a-f]{2}$/.test(outer.name)) continue
      for await (const inner of folder.source.list(join(folder.path, outer.name))) {
        const fullHash = outer.name + inner.name
        if (!/^[0-9a-f]{30}$/.test(inner.name) || isTold(shortHash(fullHash))) continue
        const script = join(folder.path, `${outer.name}/${inner.name}/.command.run`)
        if (!(await isTask(folder.source, script))) continue
        count++
        const view = { shortHash: shortHash(fullHash), fullHash, records: [], isCached: false }
        yield [isDoubtful ? { ...view, isDoubtful } : view]
      }
    }
    if (count > 0) gathered.gaps.say('run.unknown', folder.path, `no source says which run ${count} tasks belong to`)
  }
}

/** Its wrapper is there, and not the one that starts the tasks of a job array. */
async function isTask(source: FileSource, script: string): Promise<boolean> {
  if ((await source.lstat(script)) === undefined) return false
  const decoder = new TextDecoder()
  let head = ''
  try {
    for await (const chunk of source.open(script, { start: 0, end: HEAD_BYTES })) head += decoder.decode(chunk, { stream: true }) // prettier-ignore
  } catch {
    return true // what is wrong with it is told when the task is read
  }
  return !isArrayScript(head)
}

function listsTasks(pipeline: Pipeline): boolean {
  const { index, logged, lineageTasks, traces, reports } = pipeline
  return index !== undefined || logged.size > 0 || lineageTasks.length > 0 || traces.length + reports.length > 0
}
