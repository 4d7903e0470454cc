import type { Stat } from '../../../core/adapter.ts'
import { inputsOf, mayLook, outputsOf, type Input, type MadeFiles } from '../facts/task-edges.ts'
import { taskOfPath } from '../find/places.ts'
import type { ReadGap } from '../records.ts'
import { readErrorTail } from '../work/task-folder.ts'
import { taskDisagreements } from './disagreements.ts'
import type { Gathered } from './gathered.ts'
import { locateTask, type LocatedTask } from './locate-task.ts'
import { told, type TaskView } from './task.ts'
import { findLineage } from './tasks-of.ts'

/** All that is to be read of a task from files, before its facts are made in order. */
export interface PreparedTask extends LocatedTask {
  readonly view: TaskView
  readonly errorText: string | undefined
  readonly inputs: readonly (Input & { readonly stat?: Stat })[]
  readonly made: MadeFiles
  readonly gaps: readonly ReadGap[]
}

const NOTHING: MadeFiles = { outputs: [], gone: [], isListed: false }
const NO_GAPS: readonly ReadGap[] = []
const NO_INPUTS: PreparedTask['inputs'] = []

/**
 * Reads a task's folder and records. Nothing here depends on other tasks, so several are read at once; of a task that
 * nothing leads to but its row, all is known already.
 */
export function prepareTask(view: TaskView, gathered: Gathered): PreparedTask | Promise<PreparedTask> {
  const isRowOnly = view.fullHash === undefined && told(view).workDir === undefined
  if (!isRowOnly || view.logged?.workDir !== undefined) return readTask(view, gathered)
  const gaps = view.records.length < 2 ? NO_GAPS : [...taskDisagreements(view)]
  return {
    workDir: undefined,
    folder: undefined,
    view,
    errorText: undefined,
    inputs: NO_INPUTS,
    made: NOTHING,
    gaps,
  }
}

async function readTask(thin: TaskView, gathered: Gathered): Promise<PreparedTask> {
  const { fullHash } = thin
  const lineage = fullHash === undefined ? undefined : await findLineage(gathered, fullHash)
  const view: TaskView = lineage === undefined ? thin : { ...thin, lineage }
  const located = await locateTask(view, gathered)
  const { folder, workDir } = located
  const isOver = hasFailed(view)
  const errorText = folder === undefined || !isOver ? undefined : await readErrorTail(folder.place)
  const made = isOver ? NOTHING : await outputsOf(view, folder, workDir, gathered.places)
  const inputs = await Promise.all(inputsOf(view, folder).map(async (input) => withStat(input, gathered)))
  const gaps = [...taskDisagreements(view)]
  if (folder?.damage !== undefined) {
    gaps.push({ kind: 'gap', code: 'work.damaged', place: folder.place.path, message: folder.damage })
  }
  return { ...located, view, errorText, inputs, made, gaps }
}

/** Ended without being accepted: what it left counts for nothing, its errors do. */
function hasFailed(view: TaskView): boolean {
  if (view.isCached) return false
  const status = told(view).status ?? view.logged?.status
  return status === 'FAILED' || status === 'ABORTED'
}

async function withStat(input: Input, { homes, places }: Gathered): Promise<Input & { readonly stat?: Stat }> {
  if (!homes.every(mayLook) || (taskOfPath(input.path) !== undefined && places.workFolders.length === 0)) return input
  const found = await places.find(input.path)
  return found === undefined ? input : { ...input, stat: found.stat }
}
