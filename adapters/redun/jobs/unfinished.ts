import type { Argument, CallReader } from './calls.ts'
import type { ContentsReader } from '../values/contents.ts'
import type { CallExpression } from '../values/expressions.ts'
import { callsIn } from '../values/expressions.ts'
import { argumentsHash } from '../values/fingerprint.ts'
import { groupBy } from '../group-by.ts'
import type { Resolved } from './resolved.ts'
import { ExpressionResolver } from './resolved.ts'
import type { RowReader } from '../tables/rows.ts'
import { EvaluationRow } from '../tables/schema.ts'
import { parameterName } from './signature.ts'
import type { Step } from './step.ts'
import type { Steps } from './steps.ts'

/** The call of a job that never finished, concluded from what its parent asked for. */
export interface InferredCall {
  readonly args: readonly Argument[]
  /** redun's hash of the arguments, where all of their values are known exactly. */
  readonly argsHash: string | undefined
  readonly method: 'only-open-call' | 'start-order'
}

/** A call of an expression with all arguments known, waiting for its job. */
interface OpenCall {
  readonly call: CallExpression
  readonly args: readonly (readonly [name: string | number, value: Resolved])[]
  readonly readyMs: number
}

/** An expression of more calls is larger than what is read of a value. */
const MOST_SIBLINGS = 20_000

const EVALUATIONS = `select args_hash, value_hash from evaluation where task_hash = ? limit 20`

/**
 * redun writes a call down only when it ends; of a job that was cut off nothing but its task is recorded. What its
 * parent's body returned, though, is kept in the evaluation table: an expression of calls. Those whose arguments were
 * all made, and that no finished job stands for, are the ones that were at work. Several calls of one task are told
 * apart by the order in which they became ready: redun's scheduler is one queue and starts jobs in that order. Where
 * two became ready at the same time nothing is concluded.
 */
export async function* inferCalls(
  steps: Steps,
  { rows, contents, reader }: Lookup,
): AsyncIterable<readonly [Step, InferredCall]> {
  for (const parent of steps.parentsOfOpen()) {
    const siblings = steps.childrenOf(parent, MOST_SIBLINGS)
    const calls = await reader.read(siblings)
    const resolver = new ExpressionResolver(siblings, calls)
    const expression = await expressionOf(parent, siblings, resolver, { rows, contents, reader })
    const unfinished = siblings.filter((step) => step.callHash === undefined)
    for (const group of groupBy(unfinished, (step) => step.task).values())
      yield* assign(group, openCalls(expression, group, resolver))
  }
}

interface Lookup {
  readonly rows: RowReader
  readonly reader: CallReader
  readonly contents: ContentsReader
}

/** What the parent's body returned; without its arguments only if a single kept result explains all finished children. */
async function expressionOf(
  parent: Step,
  siblings: readonly Step[],
  resolver: ExpressionResolver,
  { rows, contents }: Lookup,
): Promise<readonly CallExpression[]> {
  const kept = rows
    .read(EvaluationRow, 'evaluation', EVALUATIONS, [parent.task.hash])
    .filter((row) => parent.argsHash === undefined || row.args_hash === parent.argsHash)
  await contents.load(kept.map((row) => row.value_hash))
  const finished = siblings.filter((step) => step.callHash !== undefined)
  const fitting = kept
    .map((row) => callsIn(contents.get(row.value_hash).value ?? null))
    .filter((calls) => {
      if (parent.argsHash !== undefined) return true
      const explained = new Set(calls.map((call) => resolver.find(call)?.step.callHash))
      return calls.length > 0 && finished.every((step) => explained.has(step.callHash))
    })
  return fitting.length === 1 ? (fitting[0] ?? []) : []
}

/** Calls of the group's task that could have begun and have no finished job, each once. */
function openCalls(
  expression: readonly CallExpression[],
  group: readonly Step[],
  resolver: ExpressionResolver,
): readonly OpenCall[] {
  const name = group[0]?.task.name
  const open = new Map<string, OpenCall>()
  for (const call of expression) {
    if (call.task !== name || resolver.find(call) !== undefined) continue
    const args: (readonly [string | number, Resolved])[] = []
    for (const [key, value] of [...call.positional.entries(), ...call.keywords]) {
      const resolved = resolver.resolve(value)
      if (resolved !== undefined) args.push([key, resolved])
    }
    if (args.length < call.positional.length + call.keywords.size) continue
    const text = args.map(([key, value]) => `${String(key)}=${value.text}`).join('\0')
    const readyMs = Math.max(0, ...args.map(([, value]) => value.readyMs))
    if (!open.has(text)) open.set(text, { call, args, readyMs })
  }
  return [...open.values()].sort((a, b) => a.readyMs - b.readyMs)
}

function assign(group: readonly Step[], open: readonly OpenCall[]): readonly (readonly [Step, InferredCall])[] {
  const started = [...group].sort((a, b) => (a.startMs ?? 0) - (b.startMs ?? 0))
  if (open.length < started.length) return []
  const only = open.length === 1
  const distinct = open.every((call, at) => at === 0 || call.readyMs > (open[at - 1]?.readyMs ?? 0))
  if (!only && !distinct) return []
  const pairs = started.flatMap((step, at) => {
    const call = open[at]
    return call === undefined ? [] : [[step, call] as const]
  })
  // A job that began before its arguments were there shows that the order was another.
  if (pairs.some(([step, call]) => (step.startMs ?? 0) < call.readyMs)) return []
  return pairs.map(([step, call]) => [step, toInferredCall(step, call, only ? 'only-open-call' : 'start-order')])
}

function toInferredCall(step: Step, open: OpenCall, method: InferredCall['method']): InferredCall {
  const positional: string[] = []
  const keywords = new Map<string, string>()
  for (const [key, { hash }] of open.args) {
    if (hash === undefined) continue
    if (typeof key === 'number') positional.push(hash)
    else keywords.set(key, hash)
  }
  const whole = positional.length + keywords.size === open.args.length
  return {
    method,
    argsHash: whole ? argumentsHash(positional, keywords) : undefined,
    args: open.args.map(([key, value]) => ({
      name: typeof key === 'number' ? parameterName(step.task.signature, key) : key,
      position: typeof key === 'number' ? key : undefined,
      valueHash: value.hash ?? '',
      contents: { type: '', sizeBytes: 0, value: undefined, files: value.files, members: [], handle: undefined },
      upstream: new Set(value.upstream),
    })),
  }
}
