import type { Tables } from '../tables/tables.ts'
import type { FileRef } from './file-refs.ts'

const HOUR_MS = 60 * 60_000
/** More than any zone's difference: redun's times may be local ones. */
const DAY_MS = 24 * HOUR_MS

/** A state of a path is the last one that redun saw when none was recorded after it. */
const LATEST = 'select value_hash from file where path = ? order by rowid desc limit 1'

/**
 * A project that was copied without the times of its files: then no hash of redun's can be proven any more, as each
 * covers a time, and nothing speaks against the bytes either. It shows by the database itself, which redun writes last
 * when an execution ends.
 */
export class CopiedTimes {
  private readonly tables: Tables
  private readonly copiedMs: number

  private constructor(tables: Tables, copiedMs: number) {
    this.tables = tables
    this.copiedMs = copiedMs
  }

  /**
   * @param writtenMs when the database file was last written
   * @param lastMs when the last of its executions was last active
   */
  static find(tables: Tables, writtenMs: number | undefined, lastMs: number | undefined): CopiedTimes | undefined {
    if (writtenMs === undefined || lastMs === undefined || writtenMs <= lastMs + DAY_MS) return undefined
    return new CopiedTimes(tables, writtenMs)
  }

  /** Whether a file of this time was copied with the database, in the last state that redun saw, as far as anybody can say. */
  hold(ref: FileRef, modifiedMs: number): boolean {
    if (Math.abs(modifiedMs - this.copiedMs) > HOUR_MS) return false
    return this.tables.all(LATEST, [ref.path])[0]?.value_hash === ref.hash
  }
}
