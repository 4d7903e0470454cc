import type { SqliteFile } from '../../../core/adapter.ts'
import { needIndex } from './execution-tables.ts'
import type { FileRef } from '../values/file-refs.ts'
import { Marks } from '../jobs/marks.ts'
import { DoubtedRuns } from '../tables/schema.ts'
import type { Step } from '../jobs/step.ts'
import type { Steps } from '../jobs/steps.ts'

type Row = ReturnType<SqliteFile['all']>[number]

/** A file that came out of a run. */
export interface Output {
  readonly ref: FileRef
  /** The job whose result names it. */
  readonly step: Step
  /** The run that it is credited to. */
  readonly run: Step
  /** Which version of the path it is: the run that wrote it, or only the state that redun saw. */
  readonly version: string
}

/** A file that a job's result names. */
export interface Emission {
  readonly ref: FileRef
  readonly step: Step
  readonly run: Step
}

const PAGE = 500
/** Of one file; as many say all that can be said of who made it. */
const MOST_OUTPUTS = 500

/** The files of an execution, by redun's hash: what its jobs named, read and made. They lie in the private database. */
export class ExecutionFiles {
  private readonly database: SqliteFile
  private readonly steps: Steps
  /** Runs that made a file. */
  private readonly makers: Marks

  constructor(database: SqliteFile, steps: Steps) {
    this.database = database
    this.steps = steps
    this.makers = new Marks(steps.count)
  }

  /** @param given whether the job had been given the file itself: then it only hands it on */
  addResult({ hash, path, kind, stamped }: FileRef, step: Step, at: number, given: boolean): void {
    const row = [hash, step.place, at, path, kind, Number(stamped), Number(given)]
    this.database.run('insert into result values (?, ?, ?, ?, ?, ?, ?)', row)
  }

  addRead(hash: string, startMs: number): void {
    this.database.run('insert into read values (?, ?)', [hash, startMs])
  }

  /** After the last result and read: puts them in order. */
  settle(): void {
    this.database.script(`insert or ignore into emission
      select hash, place, at, path, kind, stamped from result where not is_given order by hash, place, at;
      insert into first_here select hash, min(start_ms) from read group by hash order by hash; delete from read`)
  }

  /** States of a path that some call returned, the last ones. */
  statesOf(path: string, most: number): readonly string[] {
    needIndex(this.database, 'result_path')
    const sql = 'select hash from result where path = ? group by hash order by min(place) desc, min(at) desc limit ?'
    return this.database.all(sql, [path, most]).map((row) => String(row.hash)).reverse() // prettier-ignore
  }

  /** Emissions file by file, some hundred at a time; those of one file are never parted. */
  *groups(): Iterable<readonly (readonly Emission[])[]> {
    let groups: Emission[][] = []
    let count = 0
    for (const page of this.emissions()) {
      for (const emission of page) {
        const last = groups.at(-1)
        if (last?.[0]?.ref.hash === emission.ref.hash) last.push(emission)
        else {
          if (count >= PAGE) {
            yield groups
            groups = []
            count = 0
          }
          groups.push([emission])
        }
        count += 1
      }
    }
    if (groups.length > 0) yield groups
  }

  private *emissions(): Iterable<readonly Emission[]> {
    const sql = 'select * from emission where (hash, place, at) > (?, ?, ?) order by hash, place, at limit ?'
    for (let after: readonly unknown[] = ['', 0, 0]; ;) {
      const rows = this.database.all(sql, [...after, PAGE])
      const last = rows.at(-1)
      if (last === undefined) return
      this.steps.load(rows.map((row) => Number(row.place)))
      yield rows.map((row) => {
        const step = this.steps.get(Number(row.place))
        return { ref: refOf(row), step, run: this.steps.runOf(step) }
      })
      after = [last.hash, last.place, last.at]
    }
  }

  /** When each of these files was first read in this execution. */
  firstReads(hashes: Iterable<string>): ReadonlyMap<string, number> {
    const sql = 'select r.hash, r.start_ms from json_each(?) wanted cross join first_here r on r.hash = wanted.value'
    return new Map(
      this.database.all(sql, [JSON.stringify([...hashes])]).map((row) => [String(row.hash), Number(row.start_ms)]),
    )
  }

  addOutput({ ref, step, run, version }: Output, at: number): void {
    const row = [ref.hash, at, step.place, run.place, version, Number(!run.cached), ref.path, ref.kind, Number(ref.stamped)] // prettier-ignore
    this.database.run('insert into output values (?, ?, ?, ?, ?, ?, ?, ?, ?)', row)
    this.makers.add(run.place)
  }

  /** Several runs may have made this file, and nothing tells which. */
  addDoubt({ hash, path, kind, stamped }: FileRef, runs: readonly string[]): void {
    this.database.run('insert into doubt values (?, ?, ?, ?, ?)', [hash, path, kind, Number(stamped), JSON.stringify(runs)]) // prettier-ignore
  }

  *doubts(): Iterable<{ readonly ref: FileRef; readonly runs: readonly string[] }> {
    for (let after = 0; ;) {
      const rows = this.database.all('select rowid at, * from doubt where rowid > ? order by rowid limit ?', [
        after,
        PAGE,
      ])
      const last = rows.at(-1)
      if (last === undefined) return
      for (const row of rows) yield { ref: refOf(row), runs: DoubtedRuns.parse(JSON.parse(String(row.runs))) }
      after = Number(last.at)
    }
  }

  isMaker(run: Step): boolean {
    return this.makers.has(run.place)
  }

  outputsOf(hashes: Iterable<string>): readonly Output[] {
    const sql = `select o.* from json_each(?) wanted cross join output o on o.hash = wanted.value and o.at <= ${MOST_OUTPUTS}`
    return this.toOutputs(this.database.all(sql, [JSON.stringify([...hashes])]))
  }

  outputsOfSteps(steps: readonly Step[]): readonly Output[] {
    needIndex(this.database, 'output_place')
    const places = JSON.stringify(steps.map((step) => step.place))
    const sql = 'select o.* from json_each(?) wanted cross join output o on o.place = wanted.value'
    return this.toOutputs(this.database.all(sql, [places]))
  }

  private toOutputs(rows: readonly Row[]): readonly Output[] {
    this.steps.load(rows.map((row) => Number(row.place)))
    return rows.map((row) => {
      const step = this.steps.get(Number(row.place))
      return { ref: refOf(row), step, run: this.steps.get(Number(row.run)), version: String(row.version) }
    })
  }
}

function refOf(row: Row): FileRef {
  const kind = row.kind === 'file' || row.kind === 'folder' ? row.kind : 'set'
  return { path: String(row.path), hash: String(row.hash), kind, stamped: row.stamped === 1 }
}
