import { openPrivateDatabase } from '../../../core/adapter.ts'
import type { SqliteFile } from '../../../core/adapter.ts'
import { FamilyDetails } from './family-details.ts'
import { isSameJob, jobKeyOf } from './job-key.ts'
import type { OutputRecord } from './record.ts'

/** Records of one store, by their numbers: from and to, both included. */
export type Range = readonly [number, number]

const TABLES = `${FamilyDetails.tables};
  CREATE TABLE output (id INTEGER PRIMARY KEY, family INTEGER NOT NULL, target TEXT NOT NULL, started REAL, ended REAL,
    written REAL, checksums TEXT)`

/**
 * All records that were read, outside of memory. A family is records that are equal in all that Snakemake computes once a
 * job: one job's, or one's that ran again in the same process.
 */
export class RecordSpill {
  readonly database: SqliteFile
  readonly families: FamilyDetails
  #last: { readonly record: OutputRecord; readonly family: number } | undefined
  #count = 0

  private constructor(database: SqliteFile) {
    this.database = database
    this.families = new FamilyDetails(database)
  }

  static async open(): Promise<RecordSpill> {
    return new RecordSpill(await openPrivateDatabase(TABLES))
  }

  /** @returns the record's number */
  add(record: OutputRecord): number {
    this.#count += 1
    const { target, startMs = null, endMs = null, writtenMs = null, checksums } = record
    const told = checksums.length === 0 ? null : JSON.stringify(checksums)
    const values = [this.#count, this.#familyOf(record), target, startMs, endMs, writtenMs, told]
    this.database.run('INSERT INTO output VALUES (?, ?, ?, ?, ?, ?, ?)', values)
    return this.#count
  }

  /** Whether one of these records is of that output. */
  has(ranges: readonly Range[], target: string): boolean {
    this.database.script('CREATE INDEX IF NOT EXISTS output_target ON output (target)')
    const found = this.database.all('SELECT id FROM output WHERE target = ?', [target])
    return found.some(({ id }) => ranges.some(([from, to]) => Number(id) >= from && Number(id) <= to))
  }

  close(): void {
    this.database.close()
  }

  #familyOf(record: OutputRecord): number {
    // Outputs of one job mostly follow each other.
    if (this.#last !== undefined && isSameJob(this.#last.record, record)) return this.#last.family
    const key = jobKeyOf(record)
    const [known] = this.database.all('SELECT id FROM family WHERE key = ?', [key])
    const family = known === undefined ? this.families.add(key, record) : Number(known.id)
    this.#last = { record, family }
    return family
  }
}
