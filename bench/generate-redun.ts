// Makes a redun database of any size: the schema is that of a real one, the executions are generated.
import { createHash } from 'node:crypto'
import { copyFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { argumentsHash } from '../adapters/redun/values/fingerprint.ts'

const REAL = new URL('../fixtures/redun/0.46.0/two-workflows/source/.redun/redun.db', import.meta.url)
const LEAVES_A_GROUP = 49
const HOUR_MS = 3_600_000

/**
 * @param executions of leaves that make a file, groups that join 49 of them, and one job that gathers all
 * @param groups in each execution; 40 are about 2,000 jobs
 */
export function generateRedun(path: string, executions: number, groups = 40): number {
  copyFileSync(REAL, path)
  const database = new Database(path)
  database.pragma('foreign_keys = off')
  database.pragma('synchronous = off')
  database.pragma('journal_mode = off')
  database.pragma('cache_size = -256000')
  for (const table of [
    'execution',
    'job',
    'call_node',
    'call_edge',
    'call_subtree_task',
    'argument',
    'argument_result',
    'evaluation',
    'subvalue',
    'file',
    'tag',
    'task',
    'value',
  ])
    // prettier-ignore
    database.exec(`delete from ${table}`)
  const rows = new Rows(database)
  let jobs = 0
  for (let at = 0; at < executions; at++) jobs += database.transaction(() => execution(rows, at, groups))()
  database.exec('vacuum')
  database.close()
  return jobs
}

class Rows {
  private readonly database: Database.Database
  private readonly statements = new Map<string, Database.Statement>()
  constructor(database: Database.Database) {
    this.database = database
  }
  add(table: string, row: Readonly<Record<string, unknown>>): void {
    const columns = Object.keys(row)
    const statement =
      this.statements.get(table) ??
      this.database.prepare(
        `insert or ignore into ${table} (${columns.join()}) values (${columns.map(() => '?').join()})`,
      )
    this.statements.set(table, statement)
    statement.run(...Object.values(row))
  }
}

interface Value {
  readonly hash: string
  readonly files: readonly string[]
}

function execution(rows: Rows, number: number, groupCount: number): number {
  const id = uuid(`execution ${number}`)
  // Every second execution repeats the one before it and takes everything from the cache.
  const data = number - (number % 2)
  const began = Date.parse('2026-01-01T00:00:00Z') + number * HOUR_MS
  let jobs = 0
  const job = (
    task: string,
    key: string,
    parent: string | null,
    args: readonly Value[],
    result: Value,
    upstream: readonly string[],
  ): string => {
    // prettier-ignore
    const call = hash(`call ${task} ${data} ${key}`)
    const start = began + jobs * 10
    const jobId = uuid(`job ${number} ${key}`)
    rows.add('job', { id: jobId, start_time: time(start), end_time: time(start + 5), task_hash: hash(task), cached: number % 2, call_hash: call, parent_id: parent, execution_id: id }) // prettier-ignore
    rows.add('call_node', { call_hash: call, task_name: `bench.${task}`, task_hash: hash(task), args_hash: argumentsHash(args.map((arg) => arg.hash), new Map()), value_hash: result.hash, timestamp: time(start + 5) }) // prettier-ignore
    for (const [position, arg] of args.entries()) {
      const argHash = hash(`argument ${call} ${position}`)
      rows.add('argument', { arg_hash: argHash, call_hash: call, value_hash: arg.hash, arg_position: position, arg_key: null }) // prettier-ignore
      for (const from of upstream) rows.add('argument_result', { arg_hash: argHash, result_call_hash: from })
    }
    jobs += 1
    return call
  }
  for (const task of ['main', 'leaf', 'group', 'gather']) addTask(rows, task)
  const main = uuid(`job ${number} main`)
  const summary = file(rows, `out/${data}/all.txt`)
  job('main', 'main', null, [], summary, [])
  const groups: Value[] = []
  const groupCalls: string[] = []
  for (let group = 0; group < groupCount; group++) {
    const leaves: Value[] = []
    const calls: string[] = []
    for (let leaf = 0; leaf < LEAVES_A_GROUP; leaf++) {
      const key = `${group}/${leaf}`
      const made = file(rows, `out/${data}/${key}.txt`)
      calls.push(job('leaf', key, main, [file(rows, `raw/${key}.fq`), integer(rows, leaf)], made, []))
      leaves.push(made)
    }
    const made = file(rows, `out/${data}/g${group}.txt`)
    groupCalls.push(job('group', `g${group}`, main, [list(rows, leaves)], made, calls))
    groups.push(made)
  }
  job('gather', 'gather', main, [list(rows, groups)], summary, groupCalls)
  rows.add('execution', { id, args: JSON.stringify(['redun', 'run', 'bench.py', 'main']), job_id: main, updated_time: time(began) }) // prettier-ignore
  rows.add('tag', { tag_hash: hash(`tag ${id}`), entity_type: 'Execution', entity_id: id, key: 'run', value: `"${number}"`, is_current: 1 }) // prettier-ignore
  return jobs
}

function addTask(rows: Rows, name: string): void {
  rows.add('task', { hash: hash(name), name, namespace: 'bench', source: `def ${name}(source, n): ...` })
}

function file(rows: Rows, path: string): Value {
  const own = hash(`file ${path}`)
  const text = Buffer.from(path)
  const pickle = Buffer.concat([
    Buffer.from('\x80\x03credun.file\nFile\nq\0)\x81q\x01}q\x02(X\x04\0\0\0pathq\x03X', 'latin1'),
    uint32(text.length),
    text,
    Buffer.from('q\x04X\x04\0\0\0hashq\x05X(\0\0\0', 'latin1'),
    Buffer.from(own),
    Buffer.from('q\x06ub.', 'latin1'),
  ])
  rows.add('value', { value_hash: own, type: 'redun.File', format: 'application/python-pickle', value: pickle })
  rows.add('file', { value_hash: own, path })
  return { hash: own, files: [path] }
}

function integer(rows: Rows, value: number): Value {
  const own = hash(`int ${value}`)
  const pickle = Buffer.from([0x80, 3, 0x4b, value, 0x2e])
  rows.add('value', { value_hash: own, type: 'builtins.int', format: 'application/python-pickle', value: pickle })
  return { hash: own, files: [] }
}

function list(rows: Rows, items: readonly Value[]): Value {
  const own = hash(`list ${items.map((item) => item.hash).join()}`)
  const parts = items.flatMap((item) => [
    Buffer.from('credun.file\nFile\n)\x81}(X\x04\0\0\0pathX', 'latin1'),
    uint32(Buffer.byteLength(item.files[0] ?? '')),
    Buffer.from(item.files[0] ?? ''),
    Buffer.from('X\x04\0\0\0hashX(\0\0\0', 'latin1'),
    Buffer.from(item.hash),
    Buffer.from('ub'),
  ])
  const pickle = Buffer.concat([Buffer.from('\x80\x03](', 'latin1'), ...parts, Buffer.from('e.')])
  rows.add('value', { value_hash: own, type: 'builtins.list', format: 'application/python-pickle', value: pickle })
  for (const item of items) rows.add('subvalue', { value_hash: item.hash, parent_value_hash: own })
  return { hash: own, files: items.flatMap((item) => item.files) }
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function hash(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}

function uuid(text: string): string {
  return hash(text).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')
}

function time(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, -1).replace('T', ' ')}000`
}
