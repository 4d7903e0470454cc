import { childrenOf } from './file-refs.ts'
import type { PythonValue } from './pickle/python-value.ts'
import { attributesOf, className, toKind } from './pickle/python-value.ts'
import { readPickle } from './pickle/read-pickle.ts'

/** A call that a task's result asks for, not yet evaluated: its arguments may be calls themselves. */
export interface CallExpression {
  readonly task: string
  readonly positional: readonly PythonValue[]
  readonly keywords: ReadonlyMap<string, PythonValue>
}

const TASK_CALL = 'redun.expression.TaskExpression'
const MOST_CALLS = 20_000
const DEEPEST = 60

export function isExpression(value: PythonValue): boolean {
  return className(value).startsWith('redun.expression.')
}

/** The call that an expression object stands for. Its arguments are pickles inside the pickle. */
export function toCallExpression(value: PythonValue): CallExpression | undefined {
  if (className(value) !== TASK_CALL) return undefined
  const attributes = attributesOf(value)
  const task = attributes.get('task_name')
  const positional = toKind(inner(attributes.get('args')))
  const keywords = toKind(inner(attributes.get('kwargs')))
  if (typeof task !== 'string' || positional?.kind !== 'tuple' || keywords?.kind !== 'dict') return undefined
  const named = keywords.entries.flatMap(([key, item]) => (typeof key === 'string' ? [[key, item] as const] : []))
  return { task, positional: positional.items, keywords: new Map(named) }
}

/** Every call in a value, those nested in the arguments of others included, in the order of the text. */
export function callsIn(value: PythonValue): readonly CallExpression[] {
  const found: CallExpression[] = []
  const visit = (part: PythonValue, depth: number): void => {
    if (depth > DEEPEST || found.length >= MOST_CALLS) return
    const call = toCallExpression(part)
    if (call !== undefined) {
      for (const arg of [...call.positional, ...call.keywords.values()]) visit(arg, depth + 1)
      found.push(call)
      return
    }
    const attributes = isExpression(part) ? attributesOf(part) : undefined
    const children =
      attributes === undefined
        ? childrenOf(part)
        : [inner(attributes.get('args')), inner(attributes.get('kwargs'))].filter((child) => child !== undefined)
    for (const child of children) visit(child, depth + 1)
  }
  visit(value, 0)
  return found
}

function inner(bytes: PythonValue | undefined): PythonValue | undefined {
  if (!(bytes instanceof Uint8Array)) return bytes
  const read = readPickle(bytes)
  return read.ok ? read.value : undefined
}
