import type { Call } from './calls.ts'
import { isExpression, toCallExpression } from '../values/expressions.ts'
import type { CallExpression } from '../values/expressions.ts'
import type { FileRef } from '../values/file-refs.ts'
import { filesIn } from '../values/file-refs.ts'
import { pickleHash } from '../values/fingerprint.ts'
import { encodePlain } from '../values/pickle/encode-plain.ts'
import type { PythonValue } from '../values/pickle/python-value.ts'
import { toKind } from '../values/pickle/python-value.ts'
import { toPythonText } from '../values/pickle/python-text.ts'
import type { Step } from './step.ts'

/** What an argument was when its call began, as far as finished calls tell. */
export interface Resolved {
  /** The value as text: equal values have equal texts. */
  readonly text: string
  /** redun's hash of the value, where it can be known. */
  readonly hash: string | undefined
  readonly files: readonly FileRef[]
  /** When the last of the calls that it waits for was done. */
  readonly readyMs: number
  readonly upstream: readonly string[]
}

const WHOLE = { maxLength: 100_000, isSecretName: () => false }
const DEEPEST = 60

/** Resolves expressions against the finished jobs below one parent. */
export class ExpressionResolver {
  private readonly finished = new Map<string, { step: Step; call: Call }[]>()

  constructor(siblings: readonly Step[], calls: ReadonlyMap<string, Call>) {
    for (const step of siblings) {
      const call = step.callHash === undefined ? undefined : calls.get(step.callHash)
      if (call === undefined) continue
      const texts = call.args.filter((arg) => arg.position !== undefined).map((arg) => textOf(arg.contents.value))
      const key = keyOf(step.task.name, texts)
      const group = this.finished.get(key)
      if (group === undefined) this.finished.set(key, [{ step, call }])
      else group.push({ step, call })
    }
  }

  /** The finished job that is this call, if there is one. */
  find(call: CallExpression, depth = 0): { readonly step: Step; readonly call: Call } | undefined {
    const positional = call.positional.map((arg) => this.resolve(arg, depth + 1))
    if (positional.some((arg) => arg === undefined)) return undefined
    const key = keyOf(
      call.task,
      positional.map((arg) => arg?.text ?? ''),
    )
    return this.finished.get(key)?.find((candidate) => this.hasKeywords(candidate.call, call, depth))
  }

  /** `undefined` when the value depends on something that did not finish or cannot be followed. */
  resolve(value: PythonValue, depth = 0): Resolved | undefined {
    if (depth > DEEPEST) return undefined
    const call = toCallExpression(value)
    if (call !== undefined) return this.resultOf(call, depth)
    if (isExpression(value)) return undefined
    const kind = toKind(value)
    if (kind === undefined || !('items' in kind || kind.kind === 'dict')) return literal(value)
    if (kind.kind === 'object') return literal(value)
    const parts = kind.kind === 'dict' ? kind.entries.flat() : kind.items
    const resolved = parts.map((part) => this.resolve(part, depth + 1))
    return together(kind.kind, resolved)
  }

  private resultOf(call: CallExpression, depth: number): Resolved | undefined {
    const found = this.find(call, depth)
    if (found === undefined || found.step.outcome === 'failed') return undefined
    const { result } = found.call
    if (result === undefined) return undefined
    return {
      text: textOf(result.value),
      hash: found.step.valueHash,
      files: [...result.files, ...result.members],
      readyMs: found.step.endMs ?? 0,
      upstream: found.step.callHash === undefined ? [] : [found.step.callHash],
    }
  }

  /** Keywords that the call names; defaults are added by redun and are not in the expression. */
  private hasKeywords(found: Call, wanted: CallExpression, depth: number): boolean {
    for (const [name, value] of wanted.keywords) {
      const arg = found.args.find((each) => each.position === undefined && each.name === name)
      if (arg === undefined || textOf(arg.contents.value) !== this.resolve(value, depth + 1)?.text) return false
    }
    return true
  }
}

function literal(value: PythonValue): Resolved {
  const encoded = encodePlain(value)
  return {
    text: textOf(value),
    hash: encoded === undefined ? undefined : pickleHash(encoded),
    files: filesIn(value),
    readyMs: 0,
    upstream: [],
  }
}

function together(kind: string, parts: readonly (Resolved | undefined)[]): Resolved | undefined {
  const known = parts.filter((part) => part !== undefined)
  if (known.length < parts.length) return undefined
  const files = new Map(known.flatMap((part) => part.files).map((ref) => [`${ref.hash}${ref.path}`, ref]))
  const texts = known.map((part) => part.text)
  return {
    text: containerText(kind, texts),
    hash: undefined,
    files: [...files.values()],
    readyMs: Math.max(0, ...known.map((part) => part.readyMs)),
    upstream: [...new Set(known.flatMap((part) => part.upstream))],
  }
}

/** The same text as a decoded container of these parts has. */
function containerText(kind: string, texts: readonly string[]): string {
  if (kind === 'list') return `[${texts.join(', ')}]`
  if (kind === 'tuple') return `(${texts.join(', ')}${texts.length === 1 ? ',' : ''})`
  if (kind === 'frozenset') return `frozenset({${texts.join(', ')}})`
  if (kind === 'set') return texts.length === 0 ? 'set()' : `{${texts.join(', ')}}`
  const pairs: string[] = []
  for (let at = 0; at + 1 < texts.length; at += 2) pairs.push(`${texts[at] ?? ''}: ${texts[at + 1] ?? ''}`)
  return `{${pairs.join(', ')}}`
}

function textOf(value: PythonValue | undefined): string {
  return value === undefined ? '?' : toPythonText(value, WHOLE)
}

function keyOf(task: string, texts: readonly string[]): string {
  return [task, ...texts].join('\0')
}
