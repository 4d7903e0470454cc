import type { ArtifactUid } from '../../../core/adapter.ts'
import type { Places } from '../find/places.ts'
import type { Areas } from './areas.ts'
import type { MovedFiles } from './moved-files.ts'
import type { OutputBook } from './output-book.ts'
import type { Spans } from './spans.ts'

/** A publication that an engine record names. */
export interface RecordedPublication {
  readonly from: string
  readonly to: string
  /** Natural key of the run that made the bytes, and of its place in the order of pipeline runs. */
  readonly version?: string
  readonly order: number
  readonly sizeBytes?: number
  readonly createdMs?: number
}

/** A version of a published path, for those who read it later. */
export interface PublishedVersion {
  readonly uid: ArtifactUid
  readonly order: number
  /** Written there by the run itself: its own later tasks may read it. */
  readonly isOwn?: boolean
}

/** What is needed to tell where a file outside came from. */
export interface PublishContext {
  readonly places: Places
  /** The outputs of all tasks, once they are known. */
  book(): OutputBook
  readonly areas: Areas
  readonly moved: MovedFiles
  /** Somebody leads to a file in a task's folder. */
  noteUse(path: string): void
  /** Files in a folder that a task left are used, and never the folder itself. */
  isParted(folder: string): boolean
  /** Order of the first pipeline run that read the path or a folder above it. */
  readBefore(path: string): number | undefined
  readonly spans: Spans
  /** Natural key and order of the run that made what lies in a task's folder. */
  makerOf(path: string): { readonly key: string; readonly order: number } | undefined
}
