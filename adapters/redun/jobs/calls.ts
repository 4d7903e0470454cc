import type { Contents, ContentsReader } from '../values/contents.ts'
import type { FileRef } from '../values/file-refs.ts'
import { groupBy } from '../group-by.ts'
import type { RowReader } from '../tables/rows.ts'
import { ArgumentRow, UpstreamRow } from '../tables/schema.ts'
import { parameterName } from './signature.ts'
import { LAST_OF_SCRIPT, isScriptCall } from './step.ts'
import type { Step } from './step.ts'

export interface Argument {
  /** Parameter name, read from the task's source for positional arguments. */
  readonly name: string
  readonly position: number | undefined
  readonly valueHash: string
  readonly contents: Contents
  /** Calls whose results this argument was computed from, as redun wrote them down. */
  readonly upstream: ReadonlySet<string>
}

/** A finished call: shared by all jobs with equal task, arguments, result and inner calls. */
export interface Call {
  readonly args: readonly Argument[]
  readonly result: Contents | undefined
}

const ARGUMENTS = `select a.arg_hash, a.call_hash, a.value_hash, a.arg_position, a.arg_key
  from json_each(?) wanted cross join argument a on a.call_hash = wanted.value`
// The order of the joins is forced: redun's databases have no statistics, and SQLite then begins at the wrong end.
const UPSTREAM = `select a.arg_hash, r.result_call_hash
  from json_each(?) wanted cross join argument a on a.call_hash = wanted.value
  cross join argument_result r on r.arg_hash = a.arg_hash`

const CHUNK = 500
const NONE: ReadonlySet<string> = new Set()

/** Calls kept while they are in use: an execution of so many jobs is decoded once. */
const MOST_CALLS = 2500
/** Bytes of the values that belong to them. */
const MOST_CALL_BYTES = 4 * 1024 * 1024

/** Looks up the calls of steps. */
export class CallReader {
  private readonly rows: RowReader
  private readonly contents: ContentsReader
  private kept = new Map<string, Call>()
  private keptBytes = 0

  constructor(rows: RowReader, contents: ContentsReader) {
    this.rows = rows
    this.contents = contents
  }

  /** The calls of these steps, by call hash. */
  async read(steps: readonly Step[]): Promise<ReadonlyMap<string, Call>> {
    const calls = new Map<string, Call>()
    const wanted = new Map<string, Step>()
    for (const step of steps) {
      if (step.callHash === undefined) continue
      const known = this.kept.get(step.callHash)
      if (known === undefined) wanted.set(step.callHash, step)
      else calls.set(step.callHash, known)
    }
    const all = [...wanted]
    for (let at = 0; at < all.length; at += CHUNK) {
      for (const [hash, call] of await this.readSome(all.slice(at, at + CHUNK))) {
        calls.set(hash, call)
        this.keep(hash, call)
      }
    }
    return calls
  }

  private keep(hash: string, call: Call): void {
    if (this.kept.size >= MOST_CALLS || this.keptBytes >= MOST_CALL_BYTES) {
      this.kept = new Map()
      this.keptBytes = 0
    }
    this.kept.set(hash, call)
    this.keptBytes += (call.result?.sizeBytes ?? 0) + call.args.reduce((sum, arg) => sum + arg.contents.sizeBytes, 0)
  }

  private async readSome(wanted: readonly (readonly [string, Step])[]): Promise<readonly (readonly [string, Call])[]> {
    const hashes = JSON.stringify(wanted.map(([hash]) => hash))
    const rows = this.rows.read(ArgumentRow, 'argument', ARGUMENTS, [hashes])
    const sources = this.rows.read(UpstreamRow, 'argument_result', UPSTREAM, [hashes])
    const upstream = groupBy(sources, (row) => row.arg_hash)
    const values = wanted.flatMap(([, step]) => step.valueHash ?? [])
    await this.contents.load([...rows.map((row) => row.value_hash), ...values])
    const args = groupBy(rows, (row) => row.call_hash)
    return wanted.map(([hash, step]) => {
      const own = (args.get(hash) ?? []).sort(byPosition).map((row) => toArgument(row, step, this.contents, upstream))
      return [hash, { args: own, result: step.valueHash === undefined ? undefined : this.contents.get(step.valueHash) }]
    })
  }
}

function byPosition(a: ArgumentRow, b: ArgumentRow): number {
  const place = (a.arg_position ?? Infinity) - (b.arg_position ?? Infinity)
  return Number.isNaN(place) || place === 0 ? ((a.arg_key ?? '') < (b.arg_key ?? '') ? -1 : 1) : place
}

function toArgument(
  row: ArgumentRow,
  step: Step,
  contents: ContentsReader,
  upstream: ReadonlyMap<string, readonly UpstreamRow[]>,
): Argument {
  const sources = upstream.get(row.arg_hash)
  return {
    name: row.arg_key ?? parameterName(step.task.signature, row.arg_position ?? 0),
    position: row.arg_position,
    valueHash: row.value_hash,
    contents: contents.get(row.value_hash),
    upstream: sources === undefined ? NONE : new Set(sources.map((each) => each.result_call_hash)),
  }
}

/** The call of a finished step. */
export function callOf(step: Step | undefined, calls: ReadonlyMap<string, Call>): Call | undefined {
  return step?.callHash === undefined ? undefined : calls.get(step.callHash)
}

/** A file that a call was given. */
export interface Input {
  readonly ref: FileRef
  readonly role: string
  readonly upstream: ReadonlySet<string>
}

/**
 * The files among a call's arguments. The third argument of `redun.script` and the second of its last part are where
 * outputs will go, not what is read.
 */
export function inputsOf(step: Step, call: Call | undefined): readonly Input[] {
  if (call === undefined || step.task.name === LAST_OF_SCRIPT) return []
  const read = isScriptCall(step) ? call.args.filter((arg) => arg.position === 1 || arg.name === 'inputs') : call.args
  return read.flatMap((arg) =>
    [...arg.contents.files, ...arg.contents.members].map((ref) => ({ ref, role: arg.name, upstream: arg.upstream })),
  )
}
