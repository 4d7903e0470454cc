import type { SqliteFile } from '../../../core/adapter.ts'
import { KnownFiles } from './known-files.ts'

export const HISTORY_TABLES = `
create table maker (hash text, at integer, run text, end_ms real, primary key (hash, at)) without rowid;
  create table first_read (hash text primary key, start_ms real) without rowid;
  create table call (task_hash text, args_hash text, run text, primary key (args_hash, task_hash)) without rowid;`

const MAKERS = `select m.hash, m.run, m.end_ms from json_each(?) wanted cross join maker m on m.hash = wanted.value`
const READS = `select r.hash, r.start_ms from json_each(?) wanted cross join first_read r on r.hash = wanted.value`
const CALL = 'select run from call where task_hash = ? and args_hash = ?'
const ADD_MAKERS = `insert into maker select o.hash, row_number() over (order by o.hash, o.at) + ?, r.id, coalesce(s.end_ms, 0)
  from output o join step s on s.place = o.place join step r on r.place = o.run where o.fresh`
// Failed results are never used again.
const ADD_CALLS = `insert or replace into call select s.task_hash, s.args_hash, r.id
  from step s join step r on r.place = coalesce(s.run, s.place)
  where s.args_hash is not null and not s.cached and s.outcome = 'succeeded' order by s.place`
// Of files with a maker the maker tells enough.
const ADD_READS = `insert into first_read
  select hash, start_ms from first_here where not exists (select 1 from maker m where m.hash = first_here.hash)
  on conflict (hash) do update set start_ms = min(start_ms, excluded.start_ms)`

const CHUNK = 1000

/** What the executions read so far made, read and called. It grows with every job, so it lies in a private database. */
export class History {
  private readonly database: SqliteFile
  private makers = 0

  /** @param database with the tables of the history and those of an execution */
  constructor(database: SqliteFile) {
    this.database = database
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

  /** Keeps what later executions may take from the one that was just read. */
  add(): void {
    this.database.run(ADD_CALLS)
    this.makers += this.database.run(ADD_MAKERS, [this.makers])
    this.database.run(ADD_READS)
  }

  private isEmpty(): boolean {
    return this.database.all('select 1 from first_read limit 1').length === 0
  }
}
