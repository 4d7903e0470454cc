import type { FileRef } from './file-refs.ts'
import { fileRef, filesIn, isStream } from './file-refs.ts'
import { groupBy } from '../group-by.ts'
import { LostValues } from './lost-values.ts'
import { attributesOf, className } from './pickle/python-value.ts'
import type { PythonValue } from './pickle/python-value.ts'
import { NO_PICKLE, readPickle } from './pickle/read-pickle.ts'
import type { RowReader } from '../tables/rows.ts'
import type { SubvalueRow, ValueRow } from '../tables/schema.ts'
import { SubvalueRow as Subvalue, ValueRow as Value } from '../tables/schema.ts'

/** What is known of one recorded value. */
export interface Contents {
  readonly type: string
  readonly sizeBytes: number
  /** Decoded; `undefined` when too large, missing or no pickle. */
  readonly value: PythonValue | undefined
  /** Files named by the value itself. */
  readonly files: readonly FileRef[]
  /** Files that a Dir or FileSet in it listed when it was recorded. */
  readonly members: readonly FileRef[]
  /** Name of the handle that this value is a state of. */
  readonly handle: string | undefined
}

/** Reads the bytes of values that lie outside the database. */
export type ValueStore = (valueHash: string, maxBytes: number) => Promise<Uint8Array | undefined>

/** Larger blobs stay unread: what they hold is told by `subvalue` rows as far as redun itself looked. */
const LARGEST_BLOB = 4 * 1024 * 1024
const LARGEST_SUBVALUE = 64 * 1024
/** Values kept decoded; they repeat within an execution (a reference genome, an options dict). */
const MOST_KEPT = 4000
/** Bytes of their pickles; decoded they take some ten times as much. */
const MOST_KEPT_BYTES = 4 * 1024 * 1024

const NOTHING: Contents = { type: '', sizeBytes: 0, value: undefined, files: [], members: [], handle: undefined }

/** Looks up values by hash, decoded once while they are in use. */
export class ContentsReader {
  private readonly rows: RowReader
  private readonly store: ValueStore
  private kept = new Map<string, Contents>()
  private keptBytes = 0
  readonly lost = new LostValues()

  constructor(rows: RowReader, store: ValueStore) {
    this.rows = rows
    this.store = store
  }

  /** After `load`; nothing is known of a hash without a row. */
  get(valueHash: string): Contents {
    return this.kept.get(valueHash) ?? NOTHING
  }

  /** Makes `get` know these values. */
  async load(valueHashes: Iterable<string>): Promise<void> {
    if (this.kept.size > MOST_KEPT || this.keptBytes > MOST_KEPT_BYTES) {
      this.kept = new Map()
      this.keptBytes = 0
    }
    const wanted = [...new Set(valueHashes)].filter((hash) => !this.kept.has(hash))
    for (let at = 0; at < wanted.length; at += 500) await this.loadSome(wanted.slice(at, at + 500))
  }

  private async loadSome(hashes: readonly string[]): Promise<void> {
    const rows = this.rows.read(Value, 'value', VALUES, [LARGEST_BLOB, JSON.stringify(hashes)])
    const containers = rows.filter((row) => !isPlain(row.type)).map((row) => row.value_hash)
    const inside = groupBy(
      this.rows.read(Subvalue, 'subvalue', SUBVALUES, [LARGEST_SUBVALUE, JSON.stringify(containers)]),
      (row) => row.parent_value_hash,
    )
    for (const row of rows) {
      const read = await this.decode(row)
      this.keptBytes += row.size
      this.kept.set(row.value_hash, toContents(row, read, inside.get(row.value_hash) ?? []))
    }
  }

  /** The bytes of a value as redun hashed them; `undefined` when too large or missing. */
  async readBytes(valueHash: string): Promise<Uint8Array | undefined> {
    const [row] = this.rows.read(Value, 'value', VALUES, [LARGEST_BLOB, JSON.stringify([valueHash])])
    return row?.bytes?.length === 0 ? this.store(valueHash, LARGEST_BLOB) : row?.bytes
  }

  private async decode(row: ValueRow): Promise<PythonValue | undefined> {
    const isElsewhere = row.bytes?.length === 0
    const bytes = isElsewhere ? await this.store(row.value_hash, LARGEST_BLOB) : row.bytes
    if (bytes === undefined || bytes.length === 0) {
      if (isElsewhere) this.lost.addMissing(row.value_hash)
      return undefined
    }
    const read = readPickle(bytes)
    // Types with a format of their own (a `FileCache` keeps a file name) are no pickles, and no damage.
    if (!read.ok && read.why !== NO_PICKLE) this.lost.addDamaged(row.value_hash)
    return read.ok ? read.value : undefined
  }
}

// Of a file the row tells all, so its bytes are left where they are.
const VALUES = `select v.value_hash, v.type, length(v.value) size, f.path, h.fullname handle,
  case when f.path is null and length(v.value) <= ? then v.value end bytes
  from json_each(?) wanted cross join value v on v.value_hash = wanted.value
  left join file f on f.value_hash = v.value_hash
  left join handle h on h.hash = v.value_hash`

const SUBVALUES = `select s.parent_value_hash, s.value_hash, v.type, f.path,
  case when f.path is null and length(v.value) <= ? then v.value end bytes
  from json_each(?) wanted cross join subvalue s on s.parent_value_hash = wanted.value
  cross join value v on v.value_hash = s.value_hash left join file f on f.value_hash = s.value_hash`

/** Values that contain no others. */
function isPlain(type: string): boolean {
  return /^(builtins\.(int|str|float|bool|NoneType|bytes|complex)|redun\.File)$/.test(type)
}

/** Exports lack the table of handles; the state of one tells its full name. */
function handleOf(value: PythonValue | undefined): string | undefined {
  const state = attributesOf(value)
  if (!['class_name', 'call_hash', 'key', 'args', 'kwargs'].every((name) => state.has(name))) return undefined
  const [name, namespace] = [state.get('name'), state.get('namespace')]
  if (typeof name !== 'string') return undefined
  return typeof namespace === 'string' && namespace !== '' ? `${namespace}.${name}` : name
}

function toContents(row: ValueRow, decoded: PythonValue | undefined, inside: readonly SubvalueRow[]): Contents {
  // Not by `??`: Python's None is `null`.
  const value = decoded === undefined && row.path !== undefined ? fileValue(row, row.path) : decoded
  const handle = row.handle ?? (isPlain(row.type) ? undefined : handleOf(value))
  const listed = inside.flatMap((sub) => subvalueRef(sub))
  const own = handle === undefined ? ownFiles(row, value, inside) : []
  const named = new Set(own.map((ref) => ref.hash))
  const others = listed.filter((ref) => !named.has(ref.hash))
  const isWhole = value !== undefined && handle === undefined
  return {
    type: row.type,
    sizeBytes: row.size,
    value,
    // What redun listed and the pickle does not name itself is a member of one of its folders.
    files: (isWhole ? own : [...own, ...others]).filter((ref) => !isStream(ref.path)),
    members: isWhole ? membersOf(own, others) : [],
    handle,
  }
}

/** A folder that is the working folder itself, or above it: it holds the code, the database and everything else. */
const WHOLE_PROJECT = /^(?:\.{1,2}(?:\/\.{1,2})*)?\/?$/

function membersOf(own: readonly FileRef[], others: readonly FileRef[]): readonly FileRef[] {
  const lists = own.filter((ref) => ref.kind !== 'file')
  const narrow = lists.filter((ref) => !WHOLE_PROJECT.test(ref.path))
  if (lists.length === narrow.length) return lists.length === 0 ? [] : others
  const inside = (ref: FileRef): boolean =>
    narrow.some((list) => list.kind === 'set' || ref.path.startsWith(`${list.path.replace(/\/+$/, '')}/`))
  return others.filter(inside)
}

/** A file as its pickle would describe it. */
function fileValue(row: ValueRow, path: string): PythonValue {
  // redun spells the type of a ContentFile wrong.
  const name = (row.type.split('.').at(-1) ?? 'File').replace('ConentFile', 'ContentFile')
  return {
    kind: 'object',
    type: { kind: 'global', module: 'redun.file', name },
    args: [],
    state: { kind: 'dict', entries: [['path', path], ['hash', row.value_hash]] }, // prettier-ignore
    items: NONE,
    entries: NO_ENTRIES,
  }
}

const NONE: PythonValue[] = []
const NO_ENTRIES: [PythonValue, PythonValue][] = []

function ownFiles(row: ValueRow, value: PythonValue | undefined, inside: readonly SubvalueRow[]): readonly FileRef[] {
  if (row.path !== undefined) return [fileRef(row.type, row.path, row.value_hash, 'file')]
  if (value === undefined) return []
  // Every File has a row in `file`, whatever its class is called: what has none is a folder of a class of the user's.
  const folders = new Set(inside.filter((sub) => sub.path === undefined).map((sub) => sub.value_hash))
  folders.add(row.value_hash)
  return filesIn(value).map((ref) => (ref.kind === 'file' && folders.has(ref.hash) ? { ...ref, kind: 'folder' } : ref))
}

function subvalueRef(row: SubvalueRow): readonly FileRef[] {
  if (row.path !== undefined) return [fileRef(row.type, row.path, row.value_hash, 'file')]
  if (row.bytes === undefined || !/(Dir|FileSet)$/.test(row.type)) return []
  const read = readPickle(row.bytes)
  if (!read.ok) return []
  const attributes = attributesOf(read.value)
  const place = attributes.get('path') ?? attributes.get('pattern')
  return typeof place === 'string'
    ? [fileRef(className(read.value), place, row.value_hash, kindOfFolder(row.type))]
    : []
}

function kindOfFolder(type: string): FileRef['kind'] {
  return type.endsWith('FileSet') ? 'set' : 'folder'
}
