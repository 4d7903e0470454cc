import { onlyNamesFiles } from './only-names.ts'
import { attributesOf } from '../values/pickle/python-value.ts'
import { readPickle } from '../values/pickle/read-pickle.ts'
import type { RowReader } from '../tables/rows.ts'
import { TaskRow } from '../tables/schema.ts'
import type { Signature } from './signature.ts'
import { NO_SIGNATURE, parseSignature } from './signature.ts'

/** One version of a task. */
export interface Task {
  readonly hash: string
  /** With its namespace: `germline.align`. */
  readonly name: string
  readonly source: string | undefined
  /** Declared by `@task(version=…)`. */
  readonly version: string | undefined
  readonly isScript: boolean
  readonly signature: Signature
  /** Its body names files and cannot write any. */
  readonly onlyNames: boolean
}

const TASK = `select t.hash, t.name, t.namespace, t.source,
  case when length(v.value) <= 1048576 then v.value end pickle
  from task t left join value v on v.value_hash = t.hash where t.hash = ?`

/** Looks up tasks by hash and keeps them: there are as many as there are versions of functions. */
export class TaskReader {
  private readonly rows: RowReader
  private readonly known = new Map<string, Task>()

  constructor(rows: RowReader) {
    this.rows = rows
  }

  /** @param name as the job's call had it, for a task whose own row is missing */
  get(hash: string, name: string | undefined): Task {
    const known = this.known.get(hash)
    if (known !== undefined) return known
    const [row] = this.rows.read(TaskRow, 'task', TASK, [hash])
    const task = row === undefined ? nameless(hash, name) : toTask(row)
    this.known.set(hash, task)
    return task
  }
}

function nameless(hash: string, name: string | undefined): Task {
  return {
    hash,
    name: name ?? `task ${hash.slice(0, 8)}`,
    source: undefined,
    version: undefined,
    isScript: false,
    signature: NO_SIGNATURE,
    onlyNames: false,
  }
}

function toTask(row: TaskRow): Task {
  const read = row.pickle === undefined ? undefined : readPickle(row.pickle)
  const attributes = attributesOf(read?.ok === true ? read.value : undefined)
  const version = attributes.get('version')
  const source = row.source ?? ''
  return {
    hash: row.hash,
    name: row.namespace === undefined || row.namespace === '' ? row.name : `${row.namespace}.${row.name}`,
    source: source === '' ? undefined : source,
    version: typeof version === 'string' && version !== '' ? version : undefined,
    isScript: attributes.get('script') === true,
    signature: parseSignature(source),
    // Of a declared version the source is only that of its first run.
    onlyNames: typeof version !== 'string' && onlyNamesFiles(source),
  }
}
