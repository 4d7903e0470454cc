import type { Contents, ContentsReader } from './contents.ts'
import type { FileRef } from './file-refs.ts'
import { groupBy } from './group-by.ts'
import type { RowReader } from './rows.ts'
import { ArgumentRow, UpstreamRow } from './schema.ts'
import { parameterName } from './signature.ts'
import type { Step } from './steps.ts'
import { isScriptCall } from './steps.ts'

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

/** The calls of these steps, by call hash. */
export async function readCalls(
  reader: RowReader,
  contents: ContentsReader,
  steps: readonly Step[],
): Promise<ReadonlyMap<string, Call>> {
  const calls = new Map<string, Call>()
  const wanted = new Map<string, Step>()
  for (const step of steps) if (step.callHash !== undefined) wanted.set(step.callHash, step)
  const all = [...wanted]
  for (let at = 0; at < all.length; at += CHUNK) {
    for (const [hash, call] of await readSome(reader, contents, all.slice(at, at + CHUNK))) calls.set(hash, call)
  }
  return calls
}

async function readSome(
  reader: RowReader,
  contents: ContentsReader,
  wanted: readonly (readonly [string, Step])[],
): Promise<readonly (readonly [string, Call])[]> {
  const hashes = JSON.stringify(wanted.map(([hash]) => hash))
  const rows = reader.read(ArgumentRow, 'argument', ARGUMENTS, [hashes])
  const sources = reader.read(UpstreamRow, 'argument_result', UPSTREAM, [hashes])
  const upstream = groupBy(sources, (row) => row.arg_hash)
  await contents.load([...rows.map((row) => row.value_hash), ...wanted.flatMap(([, step]) => step.valueHash ?? [])])
  const args = groupBy(rows, (row) => row.call_hash)
  return wanted.map(([hash, step]) => {
    const own = (args.get(hash) ?? []).sort(byPosition).map((row) => toArgument(row, step, contents, upstream))
    return [hash, { args: own, result: step.valueHash === undefined ? undefined : contents.get(step.valueHash) }]
  })
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
  if (call === undefined || step.task.name === 'redun.postprocess_script') return []
  const read = isScriptCall(step) ? call.args.filter((arg) => arg.position === 1 || arg.name === 'inputs') : call.args
  return read.flatMap((arg) =>
    [...arg.contents.files, ...arg.contents.members].map((ref) => ({ ref, role: arg.name, upstream: arg.upstream })),
  )
}
