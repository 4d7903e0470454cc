import { openPrivateDatabase } from '../../core/adapter.ts'
import type { SqliteFile } from '../../core/adapter.ts'
import type { ReadExecution } from './execution-facts.ts'
import { KnownFiles } from './known-files.ts'
import type { Step } from './steps.ts'

const SCHEMA = `create table maker (hash text, at integer, run text, end_ms real, primary key (hash, at)) without rowid;
  create table first_read (hash text primary key, start_ms real) without rowid;
  create table call (task_hash text, args_hash text, run text, primary key (args_hash, task_hash)) without rowid;`

const MAKERS = `select m.hash, m.run, m.end_ms from json_each(?) wanted cross join maker m on m.hash = wanted.value`
const READS = `select r.hash, r.start_ms from json_each(?) wanted cross join first_read r on r.hash = wanted.value`
const CALL = 'select run from call where task_hash = ? and args_hash = ?'
const ADD_MAKER = 'insert into maker values (?, ?, ?, ?)'
const ADD_CALL = 'insert or replace into call values (?, ?, ?)'
// Of files with a maker the maker tells enough.
const ADD_READ = `insert into first_read
  select hash, start_ms from (select ? hash, ? start_ms) read where not exists (select 1 from maker m where m.hash = read.hash)
  on conflict (hash) do update set start_ms = min(start_ms, excluded.start_ms)`

const CHUNK = 1000

/**
 * What the executions read so far made, read and called. It grows with every job, so it lies in a private database that
 * spills to disk and vanishes with the process.
 */
export class History {
  private readonly database: SqliteFile
  private makers = 0

  private constructor(database: SqliteFile) {
    this.database = database
  }

  static async open(): Promise<History> {
    return new History(await openPrivateDatabase(SCHEMA))
  }

  close(): void {
    this.database.close()
  }

  /** What is known of these files, by redun's hash. */
  filesAmong(hashes: ReadonlySet<string>): KnownFiles {
    const known = new KnownFiles()
    if (this.makers === 0 && this.isEmpty()) return known
    const all = [...hashes]
    for (let at = 0; at < all.length; at += CHUNK) {
      const wanted = [JSON.stringify(all.slice(at, at + CHUNK))]
      for (const { hash, run, end_ms } of this.database.rows(MAKERS, wanted))
        known.addMaker(String(hash), { run: String(run), endMs: Number(end_ms) })
      for (const { hash, start_ms } of this.database.rows(READS, wanted)) known.addRead(String(hash), Number(start_ms))
    }
    return known
  }

  /** The latest run of a task with these arguments that really ran and succeeded. */
  findCall(taskHash: string, argsHash: string): string | undefined {
    const [row] = this.database.all(CALL, [taskHash, argsHash])
    return row === undefined ? undefined : String(row.run)
  }

  /** Keeps what later executions may take from this one. */
  add({ steps, outputs, given }: ReadExecution): void {
    for (const step of steps.all) this.addCall(step, steps.runs.get(step) ?? step)
    for (const { ref, run, step } of outputs) {
      if (!run.cached) this.database.run(ADD_MAKER, [ref.hash, ++this.makers, run.id, step.endMs ?? 0])
    }
    for (const [step, inputs] of given) {
      if (step.startMs === undefined) continue
      for (const { ref } of inputs) this.database.run(ADD_READ, [ref.hash, step.startMs])
    }
  }

  /** Failed results are never used again. */
  private addCall(step: Step, run: Step): void {
    if (step.argsHash === undefined || step.cached || step.outcome !== 'succeeded') return
    this.database.run(ADD_CALL, [step.task.hash, step.argsHash, run.id])
  }

  private isEmpty(): boolean {
    return this.database.all('select 1 from first_read limit 1').length === 0
  }
}
