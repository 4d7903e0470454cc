import type { SqliteFile } from '../../../core/adapter.ts'
import { StepOutcome } from '../tables/schema.ts'
import type { Step } from './step.ts'
import type { TaskReader } from './tasks.ts'

type Row = ReturnType<SqliteFile['all']>[number]

const PAGE = 200
const BY_CALL = `select wanted.value hash, (select s.place from step s where s.call_hash = wanted.value
  order by s.cached, case when s.cached then -s.place else s.place end limit 1) place from json_each(?) wanted`
/** Steps that have others below them repeat all the time; an execution of no more than these is kept whole. */
const MOST_KEPT = 5000

/** The jobs of an execution. They lie in the private database: a step may be there as two objects of one `place`. */
export class Steps {
  readonly count: number
  /** `undefined`: the zone of the job times could not be told and they stand as written. */
  readonly shiftMs: number | undefined
  private readonly database: SqliteFile
  private readonly tasks: TaskReader
  private kept = new Map<number, Step>()

  constructor(database: SqliteFile, tasks: TaskReader, size: { count: number; shiftMs: number | undefined }) {
    this.database = database
    this.tasks = tasks
    this.count = size.count
    this.shiftMs = size.shiftMs
  }

  /** In the order of their starts. */
  *pages(): Iterable<readonly Step[]> {
    const isSmall = this.count <= MOST_KEPT
    for (let after = 0; after < this.count; after += PAGE) {
      const known = isSmall ? this.keptPage(after) : []
      if (known.length > 0) {
        yield known
        continue
      }
      const rows = this.database.all('select * from step where place > ? order by place limit ?', [after, PAGE])
      const page = rows.map((row) => this.kept.get(Number(row.place)) ?? this.toStep(row))
      if (isSmall) for (const step of page) this.keep(step)
      yield page
    }
  }

  /** A page all of whose steps are in memory. */
  private keptPage(after: number): readonly Step[] {
    const page: Step[] = []
    for (let place = after + 1; place <= Math.min(after + PAGE, this.count); place++) {
      const step = this.kept.get(place)
      if (step === undefined) return []
      page.push(step)
    }
    return page
  }

  get(place: number): Step {
    const known = this.kept.get(place)
    if (known !== undefined) return known
    const step = this.first('select * from step where place = ?', [place])
    if (step === undefined) throw new RangeError(`no step ${place}`)
    return this.keep(step)
  }

  /** Makes `get` fast for these. */
  load(places: readonly number[]): void {
    const wanted = JSON.stringify([...new Set(places)].filter((place) => !this.kept.has(place)))
    if (wanted === '[]') return
    const found = this.database.all('select s.* from json_each(?) wanted cross join step s on s.place = wanted.value', [wanted]) // prettier-ignore
    for (const row of found) this.keep(this.toStep(row))
  }

  findById(id: string): Step | undefined {
    return this.first('select * from step where id = ? limit 1', [id])
  }

  /** The step that stands as a run for this one: itself, or the script that it is a part of. */
  runOf(step: Step): Step {
    return step.run === step.place ? step : this.get(step.run)
  }

  commandOf(step: Step): Step | undefined {
    return step.command === undefined ? undefined : this.get(step.command)
  }

  /** The job that each of these calls was made by: one that really ran, if there is any. */
  findByCalls(callHashes: Iterable<string>): ReadonlyMap<string, Step> {
    const found = new Map<string, Step>()
    const rows = this.database.all(BY_CALL, [JSON.stringify([...callHashes])])
    this.load(rows.flatMap(({ place }) => (typeof place === 'number' ? [place] : [])))
    for (const { hash, place } of rows) if (typeof place === 'number') found.set(String(hash), this.get(place))
    return found
  }

  /** The last job that ran this task with these arguments. */
  findFresh(taskHash: string, argsHash: string): Step | undefined {
    return this.first(
      'select * from step where args_hash = ? and task_hash = ? and not cached order by place desc limit 1',
      [argsHash, taskHash],
    )
  }

  /** @returns nothing when there are more than `most` */
  childrenOf(parent: Step, most: number): readonly Step[] {
    const rows = this.database.all('select * from step where parent = ? order by place limit ?', [parent.place, most + 1]) // prettier-ignore
    return rows.length > most ? [] : rows.map((row) => this.toStep(row))
  }

  /** Steps above jobs of which no call was written down. */
  *parentsOfOpen(): Iterable<Step> {
    const next = 'select parent from step where parent > ? and +call_hash is null order by parent limit 1'
    for (let after = 0; ;) {
      const parent = this.database.all(next, [after])[0]?.parent
      if (typeof parent !== 'number') return
      yield this.get(parent)
      after = parent
    }
  }

  private first(sql: string, parameters: readonly unknown[]): Step | undefined {
    const [row] = this.database.all(sql, parameters)
    return row === undefined ? undefined : this.toStep(row)
  }

  private keep(step: Step): Step {
    if (this.kept.size > MOST_KEPT) this.kept = new Map()
    this.kept.set(step.place, step)
    return step
  }

  private toStep(row: Row): Step {
    let parent = this.above(row.parent)
    const open: Row[] = []
    for (let at = row.parent; parent === undefined && typeof at === 'number'; parent = this.above(at)) {
      const [above] = this.database.all('select * from step where place = ?', [at])
      if (above === undefined) break
      open.push(above)
      at = above.parent ?? null
    }
    for (const above of open.reverse()) parent = this.keep(this.make(above, parent))
    return this.make(row, parent)
  }

  private above(place: unknown): Step | undefined {
    return typeof place === 'number' ? this.kept.get(place) : undefined
  }

  private make(row: Row, parent: Step | undefined): Step {
    const place = Number(row.place)
    return {
      place,
      id: String(row.id),
      task: this.tasks.get(String(row.task_hash), String(row.name)),
      parent,
      cached: row.cached === 1,
      callHash: textOf(row.call_hash),
      argsHash: textOf(row.args_hash),
      valueHash: textOf(row.value_hash),
      outcome: StepOutcome.parse(row.outcome),
      startMs: numberOf(row.start_ms),
      endMs: numberOf(row.end_ms),
      run: numberOf(row.run) ?? place,
      command: numberOf(row.command),
    }
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}
