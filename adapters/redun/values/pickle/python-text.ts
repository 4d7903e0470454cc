import type { PythonObject, PythonValue } from './python-value.ts'
import { attributesOf, className, toKind } from './python-value.ts'

export const MASK = '<redacted>'

/** How a value is shown: bounds, and which names hide their value. */
export interface TextStyle {
  readonly maxLength: number
  isSecretName(name: string): boolean
}

const DEEPEST = 12

/** A parameter for people and programs: plain values as JSON, the rest as Python prints it. */
export function toParameter(value: PythonValue, style: TextStyle): string | number | boolean | null {
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'string') return cut(value, style.maxLength)
  if (typeof value === 'number') return value
  const kind = toKind(value)
  if (kind?.kind === 'float' && Number.isFinite(kind.value)) return kind.value
  return cut(toPythonText(value, style), style.maxLength)
}

/** Python's `repr` as far as a pickle tells; longer texts stop where `style` says. */
export function toPythonText(value: PythonValue, style: TextStyle): string {
  let budget = style.maxLength
  const write = (part: PythonValue, depth: number): string => {
    if (budget <= 0 || depth > DEEPEST) return '…'
    const text = plainText(part) ?? structured(part, (child) => write(child, depth + 1), style)
    budget -= plainText(part) === undefined ? 2 : text.length
    return text
  }
  return write(value, 0)
}

function plainText(value: PythonValue): string | undefined {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  if (value instanceof Uint8Array) return `b${quote(Buffer.from(value.subarray(0, 4096)).toString('latin1'))}`
  if (value.kind === 'float') return floatText(value.value)
  if (value.kind === 'global') return `<class '${value.module}.${value.name}'>`
  return value.kind === 'opaque' ? `<${value.why}>` : undefined
}

function structured(value: PythonValue, write: (child: PythonValue) => string, style: TextStyle): string {
  const kind = toKind(value)
  if (kind === undefined || kind.kind === 'float' || kind.kind === 'global' || kind.kind === 'opaque') return '…'
  if (kind.kind === 'dict') return `{${entries(kind.entries, write, style)}}`
  if (kind.kind === 'object') return objectText(kind, write, style)
  const items = list(kind.items, write)
  if (kind.kind === 'list') return `[${items}]`
  if (kind.kind === 'tuple') return `(${items}${kind.items.length === 1 ? ',' : ''})`
  if (kind.kind === 'frozenset') return `frozenset({${items}})`
  return kind.items.length === 0 ? 'set()' : `{${items}}`
}

/** redun prints its files as `File(path=a.txt, hash=01234567)`; other objects by their attributes. */
function objectText(value: PythonObject, write: (child: PythonValue) => string, style: TextStyle): string {
  const name = className(value).split('.').at(-1) ?? 'object'
  const attributes = attributesOf(value)
  const hash = attributes.get('hash')
  for (const where of ['path', 'pattern']) {
    const place = attributes.get(where)
    if (typeof place === 'string' && typeof hash === 'string')
      return `${name}(${where}=${place}, hash=${hash.slice(0, 8)})`
  }
  const parts = [
    ...value.args.slice(0, 100).map(write),
    ...[...attributes]
      .slice(0, 100)
      .map(([key, part]) => `${key}=${style.isSecretName(key) ? quote(MASK) : write(part)}`),
  ]
  if (value.items.length > 0) parts.push(`[${list(value.items, write)}]`)
  if (value.entries.length > 0) parts.push(`{${entries(value.entries, write, style)}}`)
  return `${name}(${parts.join(', ')})`
}

function list(items: readonly PythonValue[], write: (child: PythonValue) => string): string {
  const shown: string[] = []
  for (const item of items) {
    const text = write(item)
    shown.push(text)
    if (text === '…') break
  }
  return shown.join(', ')
}

function entries(
  pairs: readonly (readonly [PythonValue, PythonValue])[],
  write: (child: PythonValue) => string,
  style: TextStyle,
): string {
  const shown: string[] = []
  for (const [key, value] of pairs) {
    const hidden = typeof key === 'string' && style.isSecretName(key)
    const text = hidden ? quote(MASK) : write(value)
    shown.push(`${write(key)}: ${text}`)
    if (text === '…') break
  }
  return shown.join(', ')
}

function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'"
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replaceAll(mark, `\\${mark}`)
    .replace(/\p{Cc}|\u00a0/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
  return mark + escaped + mark
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  return Number.isInteger(value) && Math.abs(value) < 1e16 ? value.toFixed(1) : String(value)
}

function cut(text: string, maxLength: number): string {
  return text.length > maxLength ? `${text.slice(0, maxLength)}…` : text
}
