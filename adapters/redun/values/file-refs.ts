import type { PythonValue } from './pickle/python-value.ts'
import { attributesOf, className, toKind } from './pickle/python-value.ts'

/** A file-like value: where, and in which state redun saw it. */
export interface FileRef {
  /** As the user wrote it; of a file set its pattern. */
  readonly path: string
  /** redun's hash of the value. */
  readonly hash: string
  readonly kind: 'file' | 'folder' | 'set'
  /** The hash changes with every write (path, size and time); otherwise equal bytes give an equal hash. */
  readonly stamped: boolean
}

const HASH = /^[0-9a-f]{40}$/
const DEEPEST = 100
const MOST_REFS = 200_000
/** Unevaluated code: what it names was not yet read or made. */
const UNEVALUATED = /^redun\.(expression|task|promise|scheduler|scheduler_config)\./

/** All file-like values in a decoded value, at any depth of containers and objects. */
export function filesIn(value: PythonValue): readonly FileRef[] {
  const found = new Map<string, FileRef>()
  const seen = new Set<PythonValue>()
  /** @returns whether there was any */
  const visit = (part: PythonValue, depth: number): boolean => {
    const kind = toKind(part)
    if (kind === undefined || depth > DEEPEST || found.size >= MOST_REFS || seen.has(part)) return false
    seen.add(part)
    if (UNEVALUATED.test(className(part))) return false
    const ref = toFileRef(part)
    let holds = false
    // A user's own value may have a path, a hash and files: then it is only what keeps these files.
    if (ref === undefined || !className(part).startsWith('redun.file.'))
      for (const child of childrenOf(part)) holds = visit(child, depth + 1) || holds
    if (ref === undefined || holds) return holds
    found.set(`${ref.hash}:${ref.path}`, ref)
    return true
  }
  visit(value, 0)
  return [...found.values()]
}

/** Everything directly inside a container or an object. */
export function childrenOf(value: PythonValue): readonly PythonValue[] {
  const kind = toKind(value)
  if (kind === undefined || kind.kind === 'float' || kind.kind === 'global' || kind.kind === 'opaque') return []
  if (kind.kind === 'dict') return kind.entries.flat()
  if (kind.kind !== 'object') return kind.items
  const state = kind.state === undefined ? [] : [kind.state]
  return [...kind.args, ...state, ...kind.items, ...kind.entries.flat()]
}

/** `undefined` when the value is not a File, Dir or FileSet of any class. */
export function toFileRef(value: PythonValue): FileRef | undefined {
  const type = className(value)
  if (type === '') return undefined
  const attributes = attributesOf(value)
  const hash = attributes.get('hash')
  const path = attributes.get('path')
  const pattern = attributes.get('pattern')
  if (typeof hash !== 'string' || !HASH.test(hash)) return undefined
  if (typeof path === 'string') return fileRef(type, path, hash)
  return typeof pattern === 'string' ? fileRef(type, pattern, hash, 'set') : undefined
}

/** @param type name of the class, as a pickle or redun's `value.type` has it */
export function fileRef(type: string, path: string, hash: string, kind: FileRef['kind'] = kindOf(type)): FileRef {
  return { path, hash, kind, stamped: isStamped(type, path) }
}

function kindOf(type: string): FileRef['kind'] {
  if (type.endsWith('FileSet')) return 'set'
  return /(Dir|Dataset)$/.test(type) ? 'folder' : 'file'
}

/** `redun.ConentFile` and `redun.CnotentFileSet` are how redun spells them. */
function isStamped(type: string, path: string): boolean {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(path) && !path.startsWith('file://')) return false
  return !/(Con?n?t?ent|Cnotent)|\.I(File|Dir|FileSet)$/.test(type)
}

/** Standard output and error of a script, not files. */
export function isStream(path: string): boolean {
  return path === '-' || path === ''
}
