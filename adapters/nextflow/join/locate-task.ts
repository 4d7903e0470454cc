import { join, type Places } from '../find/places.ts'
import { readTaskFolder, type TaskFolder } from '../work/task-folder.ts'
import type { Gathered } from './gathered.ts'
import { best } from './pipeline.ts'
import { told, type TaskView } from './task.ts'

/** A task's folder: what it was called, and what lies there now. */
export interface LocatedTask {
  readonly workDir: string | undefined
  readonly folder: TaskFolder | undefined
}

/** Finds a task's folder: by the path that a record gives, by the run's work folder, or by its hash in any work folder. */
export async function locateTask(view: TaskView, gathered: Gathered): Promise<LocatedTask> {
  const { fullHash } = view
  const named = told(view).workDir ?? view.logged?.workDir
  const under = view.pipeline === undefined ? undefined : best(view.pipeline, 'workDir')
  const tail = fullHash === undefined ? undefined : `${fullHash.slice(0, 2)}/${fullHash.slice(2)}`
  const guess = named ?? (under !== undefined && tail !== undefined ? join(under, tail) : undefined)
  const folder = await findFolder(guess, tail, gathered)
  const seen = folder?.script?.workDir ?? (folder === undefined ? undefined : gathered.places.original(folder.place))
  return { workDir: named ?? seen ?? guess, folder }
}

async function findFolder(
  guess: string | undefined,
  tail: string | undefined,
  { places }: Gathered,
): Promise<TaskFolder | undefined> {
  if (guess?.startsWith('/') === true) {
    const folder = await firstFolder(guess, places)
    if (folder !== undefined) return folder
    const place = await places.findTaskElsewhere(guess)
    const elsewhere = place === undefined ? undefined : await readTaskFolder(place)
    if (elsewhere !== undefined) return elsewhere
  }
  return tail === undefined ? undefined : firstFolder(`/${tail}`, places)
}

async function firstFolder(path: string, places: Places): Promise<TaskFolder | undefined> {
  for (const place of places.guesses(path)) {
    const mayExist = places.mayExist(place)
    const folder = (mayExist instanceof Promise ? await mayExist : mayExist) ? await readTaskFolder(place) : undefined
    if (folder !== undefined) return folder
  }
  return undefined
}
