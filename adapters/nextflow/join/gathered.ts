import type { FileSource } from '../../../core/adapter.ts'
import type { TaskCache } from '../cache/open-cache.ts'
import type { Place, Places } from '../find/places.ts'
import type { Survey } from '../find/survey.ts'
import type { TaskRecord } from '../records.ts'
import type { GapBox } from './gap-box.ts'
import type { LineageStore } from './lineage-store.ts'
import type { Pipeline, Pipelines } from './pipeline.ts'

/** All that was found out before the first task is looked at. */
export interface Gathered {
  /** What is read together. */
  readonly homes: readonly FileSource[]
  /** All that is read together lies on this machine: where hundreds of thousands of look-ups cost a request each, inputs are not looked at. */
  readonly isNear: boolean
  /** The source that the runs were launched in, as far as one shows it: relative names count from its root. */
  readonly launch: FileSource
  readonly survey: Survey
  readonly places: Places
  readonly pipelines: Pipelines
  /** By session. */
  readonly caches: ReadonlyMap<string, TaskCache>
  /** Files outside of work folders that are no leftovers. */
  readonly open: readonly Place[]
  readonly stores: readonly LineageStore[]
  /** Tasks as posted events tell them, by short hash. */
  readonly posted: ReadonlyMap<Pipeline, ReadonlyMap<string, TaskRecord>>
  readonly gaps: GapBox
}
