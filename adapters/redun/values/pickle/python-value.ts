/** What a pickle describes, as inert data: classes are only names, nothing of them is ever called. */
export type PythonValue =
  | null
  | boolean
  | string
  | bigint
  | number
  | Uint8Array
  | PythonFloat
  | PythonSequence
  | PythonDict
  | PythonGlobal
  | PythonObject
  | PythonOpaque

/** `number` and `bigint` are Python's int; a float keeps its own kind so that 1.0 does not turn into 1. */
export interface PythonFloat {
  readonly kind: 'float'
  readonly value: number
}

export interface PythonSequence {
  readonly kind: 'list' | 'tuple' | 'set' | 'frozenset'
  readonly items: PythonValue[]
}

export interface PythonDict {
  readonly kind: 'dict'
  readonly entries: [PythonValue, PythonValue][]
}

/** A class or function, by name. */
export interface PythonGlobal {
  readonly kind: 'global'
  readonly module: string
  readonly name: string
}

/** An instance: the class, what its constructor would have been given, and what would have been set on it afterwards. */
export interface PythonObject {
  readonly kind: 'object'
  readonly type: PythonValue
  readonly args: readonly PythonValue[]
  state: PythonValue | undefined
  readonly items: PythonValue[]
  readonly entries: [PythonValue, PythonValue][]
}

/** Something that the reader refuses to interpret (persistent ids, extension codes). */
export interface PythonOpaque {
  readonly kind: 'opaque'
  readonly why: string
}

export type PythonKind = Exclude<PythonValue, null | boolean | string | bigint | number | Uint8Array>

/** The value as one of the structured kinds, or `undefined` for plain ones. */
export function toKind(value: PythonValue | undefined): PythonKind | undefined {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array) ? value : undefined
}

/** The full name of an object's class, `''` for anything else. */
export function className(value: PythonValue | undefined): string {
  const type = toKind(toKind(value)?.kind === 'object' ? objectType(value) : undefined)
  return type?.kind === 'global' ? `${type.module}.${type.name}` : ''
}

function objectType(value: PythonValue | undefined): PythonValue | undefined {
  const found = toKind(value)
  return found?.kind === 'object' ? found.type : undefined
}

/** The attributes of an object as its pickle sets them: a dict, or the dict of slots in `(None, {…})`. */
export function attributesOf(value: PythonValue | undefined): ReadonlyMap<string, PythonValue> {
  const found = toKind(value)
  const attributes = new Map<string, PythonValue>()
  if (found?.kind !== 'object') return attributes
  const state = toKind(found.state)
  const parts = state?.kind === 'tuple' ? state.items : state === undefined ? [] : [state]
  for (const part of parts) {
    const dict = toKind(part)
    if (dict?.kind !== 'dict') continue
    for (const [key, entry] of dict.entries) if (typeof key === 'string') attributes.set(key, entry)
  }
  return attributes
}
