import type { RunFact } from '../../../core/adapter.ts'
import type { PythonValue } from '../values/pickle/python-value.ts'
import { attributesOf, className, toKind } from '../values/pickle/python-value.ts'
import type { TextStyle } from '../values/pickle/python-text.ts'
import { toPythonText } from '../values/pickle/python-text.ts'

type RunError = NonNullable<RunFact['error']>

const MOST_FRAMES = 50

/** The error that redun kept as the result of a failed call (`redun.ErrorValue`). */
export function toRunError(value: PythonValue | undefined, style: TextStyle): RunError {
  const attributes = attributesOf(value)
  const { type, args } = exceptionParts(attributes.get('error') ?? null)
  const frames = attributesOf(attributes.get('traceback')).get('frames')
  const stack = stackText(frames)
  return {
    ...(type === '' ? {} : { type: type.replace(/^builtins\./, '') }),
    message: messageText(args, style),
    ...(stack === '' ? {} : { stack }),
  }
}

/** Exceptions are pickled as a call of their class, or of tblib's helper with class and arguments inside. */
function exceptionParts(error: PythonValue): { type: string; args: readonly PythonValue[] } {
  const kind = toKind(error)
  if (kind?.kind !== 'object') return { type: '', args: typeof error === 'string' ? [error] : [] }
  if (className(error) !== 'tblib.pickling_support.unpickle_exception')
    return { type: className(error), args: kind.args }
  const inner = toKind(kind.args[0])
  if (inner?.kind === 'global') {
    const given = toKind(kind.args[1])
    return { type: `${inner.module}.${inner.name}`, args: given?.kind === 'tuple' ? given.items : [] }
  }
  // tblib keeps (class, arguments…) in one tuple.
  const parts = inner?.kind === 'tuple' ? inner.items : []
  const type = toKind(parts[0])
  return { type: type?.kind === 'global' ? `${type.module}.${type.name}` : '', args: parts.slice(1) }
}

function messageText(args: readonly PythonValue[], style: TextStyle): string {
  const [code, text, place] = args
  // As Python prints an OSError.
  if (typeof code === 'number' && typeof text === 'string')
    return `[Errno ${String(code)}] ${text}${typeof place === 'string' ? `: '${place}'` : ''}`.slice(0, style.maxLength)
  const texts = args.map((arg) => {
    if (typeof arg === 'string') return arg
    return arg instanceof Uint8Array ? new TextDecoder().decode(arg) : toPythonText(arg, style)
  })
  return texts.join(', ').slice(0, style.maxLength)
}

function stackText(frames: PythonValue | undefined): string {
  const list = toKind(frames)
  if (list?.kind !== 'list') return ''
  return list.items
    .slice(-MOST_FRAMES)
    .map((frame) => {
      const parts = attributesOf(frame)
      const line = parts.get('_line') ?? parts.get('line')
      const place = `File "${textOf(parts.get('filename'))}", line ${textOf(parts.get('lineno'))}, in ${textOf(parts.get('name'))}`
      return typeof line === 'string' && line.trim() !== '' ? `${place}\n    ${line.trim()}` : place
    })
    .join('\n')
}

function textOf(value: PythonValue | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '?'
}
