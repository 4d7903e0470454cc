import { join } from '../find/places.ts'
import { shortHash } from '../hash.ts'
import type { Gathered } from './gather.ts'
import type { TaskView } from './task.ts'

/**
 * Tasks of work folders of which no other source is left: nothing says which run they belong to. Only folders with the
 * engine's wrapper are tasks.
 */
export async function* looseTasks(gathered: Gathered): AsyncIterable<readonly TaskView[]> {
  for (const folder of gathered.places.workFolders) {
    for await (const outer of folder.source.list(folder.path)) {
      if (outer.type !== 'folder' || !/^[0-9a-f]{2}$/.test(outer.name)) continue
      for await (const inner of folder.source.list(join(folder.path, outer.name))) {
        const script = join(folder.path, `${outer.name}/${inner.name}/.command.run`)
        if (!/^[0-9a-f]{30}$/.test(inner.name) || (await folder.source.lstat(script)) === undefined) continue
        const fullHash = outer.name + inner.name
        yield [{ shortHash: shortHash(fullHash), fullHash, records: [], isCached: false }]
      }
    }
    gathered.gaps.say('run.unknown', folder.path, 'no history, log, cache or trace says which runs the tasks belong to')
  }
}
