import type { SqliteFile } from '../../../core/adapter.ts'
import { byCodePoint, splitByTime } from './group.ts'
import type { JobOutput } from './group.ts'
import type { RecordSpill, Range } from './record-spill.ts'
import type { FamilyDetails } from './family-details.ts'
import { FORMAT_OF_DOUBT, RecordedJob, toJobOutput, toOutline } from './recorded-job.ts'
import type { JobOutline } from './recorded-job.ts'

/** Whether a job is known to have ended well by what a log or its own record says. */
export type Standing = 'certain' | 'doubtful'
/** Where a job was found: in a log's block, in the time of an execution, or nowhere. */
export type Placement = 'logged' | number | undefined

/** Families, or jobs, looked at in one go: while rows are stepped through, none can be written. */
const AT_ONCE = 400
/** From and to, both included. */
interface Span {
  readonly from: number
  readonly to: number
}

const TABLE = `DROP TABLE IF EXISTS job;
  CREATE TABLE job (id INTEGER PRIMARY KEY, family INTEGER NOT NULL, outputs TEXT NOT NULL, first TEXT NOT NULL,
    started REAL, ended REAL, written REAL, checksums TEXT, execution INTEGER NOT NULL DEFAULT -1, standing TEXT);
  DROP TABLE IF EXISTS sequence;
  CREATE TABLE sequence (place INTEGER PRIMARY KEY, job INTEGER NOT NULL, execution INTEGER NOT NULL)`
/** Stands in `execution` for a job that a log speaks of, and for one of no known execution. */
const LOGGED = -2
const NOWHERE = -1
/** Only jobs of which no log speaks. */
export const UNLOGGED = `AND execution <> ${LOGGED}`
/** Only jobs whose record tells checksums of what they read. */
export const WITH_CHECKSUMS = 'AND checksums IS NOT NULL'

const OUTLINE = 'job.id, rule, format, outputs, started, ended, written'
const WHOLE = `${OUTLINE}, job.family, checksums, inputs, standing`
const JOBS = 'job JOIN family ON family.id = job.family'
const IN_SEQUENCE = 'sequence CROSS JOIN job ON job.id = sequence.job CROSS JOIN family ON family.id = job.family'

/** The jobs of one working directory by their records, outside of memory. One at a time: the next takes the table. */
export class RecordedJobs {
  readonly #database: SqliteFile
  readonly #details: FamilyDetails
  #spans: ReadonlyMap<number, Span> | undefined

  /** Puts together the records of one job. */
  constructor(spill: RecordSpill, ranges: readonly Range[]) {
    this.#database = spill.database
    this.#details = spill.families
    this.#database.script(`${TABLE}; CREATE INDEX IF NOT EXISTS output_family ON output (family)`)
    for (const { family, outputs } of this.#families(ranges)) {
      for (const part of splitByTime(outputs)) this.#add(family, part)
    }
    this.#database.run(
      `UPDATE job SET standing = CASE WHEN (SELECT format FROM family WHERE id = job.family) < ?
      THEN 'certain' ELSE 'doubtful' END`,
      [FORMAT_OF_DOUBT],
    )
  }

  /** In the order in which their records were read. Jobs may be placed meanwhile. */
  *outlines(only: '' | typeof UNLOGGED = ''): Iterable<JobOutline> {
    let last = -1
    for (;;) {
      const rows = this.#database.all(
        `SELECT ${OUTLINE} FROM ${JOBS} WHERE job.id > ? ${only} ORDER BY job.id LIMIT ${AT_ONCE}`,
        [last],
      )
      for (const row of rows) yield toOutline(row)
      const end = rows.at(-1)
      if (end === undefined) return
      last = Number(end.id)
    }
  }

  /** Until it is placed, a job is of no known execution and stands as its own record says. */
  place(id: number, placement: Placement, standing: Standing | undefined): void {
    const at = placement === 'logged' ? LOGGED : (placement ?? NOWHERE)
    this.#database.run('UPDATE job SET execution = ?, standing = ? WHERE id = ?', [at, standing ?? null, id])
  }

  get(id: number): RecordedJob {
    const [row] = this.#database.all(`SELECT ${WHOLE} FROM ${JOBS} WHERE job.id = ?`, [id])
    if (row === undefined) throw new RangeError(`no job ${id}`)
    return this.#toJob(row)
  }

  /**
   * Jobs of which no log speaks that ended in the time of an execution, or of no known one; in the order of their ends.
   * All are placed by now.
   */
  *placedIn(execution: number | undefined, only: '' | typeof WITH_CHECKSUMS = ''): Iterable<RecordedJob> {
    const { from, to } = this.#places().get(execution ?? NOWHERE) ?? { from: 0, to: -1 }
    const page = `SELECT ${WHOLE} FROM ${IN_SEQUENCE} WHERE place BETWEEN ? AND ? ${only} ORDER BY place`
    for (let at = from; at <= to; at += AT_ONCE) {
      const rows = this.#database.all(page, [at, Math.min(at + AT_ONCE - 1, to)])
      for (const row of rows) yield this.#toJob(row)
    }
  }

  countPlacedIn(execution: number | undefined): number {
    const { from, to } = this.#places().get(execution ?? NOWHERE) ?? { from: 0, to: -1 }
    return to - from + 1
  }

  /** Where the jobs of each execution stand in the sequence. */
  #places(): ReadonlyMap<number, Span> {
    if (this.#spans !== undefined) return this.#spans
    this.#database.script(`INSERT INTO sequence (job, execution) SELECT id, execution FROM job
      WHERE execution <> ${LOGGED} ORDER BY execution, ended, first`)
    const spans = this.#database.all(
      'SELECT execution, min(place) AS least, max(place) AS most FROM sequence GROUP BY execution',
    )
    this.#spans = new Map(
      spans.map(({ execution, least, most }) => [Number(execution), { from: Number(least), to: Number(most) }]),
    )
    return this.#spans
  }

  *all(): Iterable<RecordedJob> {
    for (const row of this.#database.rows(`SELECT ${WHOLE} FROM ${JOBS}`)) yield this.#toJob(row)
  }

  *doubtful(): Iterable<JobOutline> {
    for (const row of this.#database.rows(`SELECT ${OUTLINE} FROM ${JOBS} WHERE standing = 'doubtful'`))
      yield toOutline(row)
  }

  /** Those that ended well or may have, the last first. Those of unknown end lack. */
  *latestFirst(): Iterable<{ readonly job: RecordedJob; readonly standing: Standing }> {
    this.#database.script('CREATE INDEX IF NOT EXISTS job_end ON job (ended)')
    const order = `SELECT ${WHOLE} FROM ${JOBS} WHERE ended IS NOT NULL AND standing IS NOT NULL ORDER BY ended DESC`
    for (const row of this.#database.rows(order)) {
      yield { job: this.#toJob(row), standing: row.standing === 'certain' ? 'certain' : 'doubtful' }
    }
  }

  #toJob(row: ConstructorParameters<typeof RecordedJob>[0]): RecordedJob {
    return new RecordedJob(row, (family) => this.#details.of(family))
  }

  *#families(ranges: readonly Range[]): Iterable<{ readonly family: number; readonly outputs: JobOutput[] }> {
    const within = ranges.map(([from, to]) => `id BETWEEN ${from} AND ${to}`).join(' OR ') || 'FALSE'
    const [bounds] = this.#database.all(`SELECT min(family) AS least, max(family) AS most FROM output WHERE ${within}`)
    const most = Number(bounds?.most ?? -1)
    for (let from = Number(bounds?.least ?? 0); from <= most; from += AT_ONCE) {
      const rows = this.#database.all(
        `SELECT * FROM output WHERE family >= ? AND family < ? AND (${within})
          ORDER BY family, coalesce(ended, 0), target`,
        [from, from + AT_ONCE],
      )
      for (let at = 0; at < rows.length;) {
        const family = Number(rows[at]?.family)
        const outputs: JobOutput[] = []
        for (let row = rows[at]; Number(row?.family) === family && row !== undefined; row = rows[++at])
          outputs.push(toJobOutput(row))
        yield { family, outputs }
      }
    }
  }

  #add(family: number, part: readonly JobOutput[]): void {
    const last = part.at(-1)
    if (last === undefined) return
    const outputs = [...new Set(part.map(({ target }) => target))].sort(byCodePoint)
    const least = (values: readonly number[]): number | null =>
      values.length === 0 ? null : values.reduce((a, b) => Math.min(a, b))
    const most = (values: readonly number[]): number | null =>
      values.length === 0 ? null : values.reduce((a, b) => Math.max(a, b))
    this.#database.run(
      'INSERT INTO job (id, family, outputs, first, started, ended, written, checksums) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      [
        least(part.map(({ id }) => id)),
        family,
        JSON.stringify(outputs),
        outputs[0] ?? '',
        least(part.flatMap(({ startMs }) => startMs ?? [])),
        most(part.flatMap(({ endMs }) => endMs ?? [])),
        last.writtenMs ?? null,
        last.checksums ?? null,
      ],
    )
  }
}
