import type { Stat } from '../../../core/adapter.ts'
import { inputsOf, outputsOf, type Input, type MadeFiles } from '../facts/task-edges.ts'
import { taskOfPath } from '../find/places.ts'
import type { ReadGap } from '../records.ts'
import { readErrorTail, type TaskFolder } from '../work/task-folder.ts'
import { taskDisagreements } from './disagreements.ts'
import type { Gathered } from './gathered.ts'
import { locateTask, type LocatedTask } from './locate-task.ts'
import { told, type TaskView } from './task.ts'
import { findLineage } from './tasks-of.ts'

/** All that is to be read of a task from files, before its facts are made in order. */
export interface PreparedTask extends LocatedTask {
  readonly view: TaskView
  readonly errorText: string | undefined
  readonly inputs: readonly (Input & { readonly stat?: Stat | undefined })[]
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
  return {
    workDir: undefined,
    folder: undefined,
    view,
    errorText: undefined,
    inputs: NO_INPUTS,
    made: NOTHING,
    gaps: view.records.length < 2 ? NO_GAPS : gapsOf(view, undefined),
  }
}

async function readTask(thin: TaskView, gathered: Gathered): Promise<PreparedTask> {
  const lineage =
    thin.fullHash === undefined || gathered.stores.length === 0 ? undefined : await findLineage(gathered, thin.fullHash)
  const view: TaskView = lineage === undefined ? thin : { ...thin, lineage }
  const { folder, workDir } = await locateTask(view, gathered)
  const isOver = hasFailed(view)
  return {
    workDir,
    folder,
    view,
    errorText: folder === undefined || !isOver ? undefined : await readErrorTail(folder.place),
    made: isOver ? NOTHING : await outputsOf(view, folder, workDir, gathered.places),
    inputs: await inputsWithStat(inputsOf(view, folder), gathered),
    gaps: gapsOf(view, folder),
  }
}

function gapsOf(view: TaskView, folder: TaskFolder | undefined): readonly ReadGap[] {
  const gaps = view.records.length < 2 ? [] : [...taskDisagreements(view)]
  if (folder?.damage !== undefined) {
    gaps.push({ kind: 'gap', code: 'work.damaged', place: folder.place.path, message: folder.damage })
  }
  return gaps
}

/** Ended without being accepted: what it left counts for nothing, its errors do. */
function hasFailed(view: TaskView): boolean {
  if (view.isCached) return false
  const status = told(view).status ?? view.logged?.status
  return status === 'FAILED' || status === 'ABORTED'
}

async function inputsWithStat(inputs: readonly Input[], gathered: Gathered): Promise<PreparedTask['inputs']> {
  const { isNear, places } = gathered
  const asked = isNear
    ? inputs.filter(({ path }) => places.workFolders.length > 0 || taskOfPath(path) === undefined)
    : []
  if (asked.length === 0) return inputs
  const stats = new Map<string, Stat>()
  await Promise.all(
    asked.map(async ({ path }) => {
      const found = await places.find(path)
      if (found !== undefined) stats.set(path, found.stat)
    }),
  )
  return inputs.map(({ path, role }) => ({ path, role, stat: stats.get(path) }))
}
