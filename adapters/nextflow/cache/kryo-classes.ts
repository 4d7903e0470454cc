import { KryoDamage } from './kryo-bytes.ts'
import type { KryoStream, Structured } from './kryo-stream.ts'
import type { KryoMap, KryoObject, KryoValue } from './kryo-value.ts'

/** Makes a container known before it is filled: it may hold references to itself. */
type Early = (value: KryoValue) => void
type BodyReader = (reader: KryoStream, early: Early, name: string) => KryoValue

const readers = new Map<string, BodyReader>([
  ['[B', readByteArray],
  ['[Ljava.lang.String;', readStringArray],
  ['[Ljava.lang.Object;', readObjectArray],
  ['java.util.TreeMap', readSortedMap],
  ['java.util.TreeSet', readSortedSet],
  ['java.util.Collections$EmptyList', () => []],
  ['java.util.Collections$EmptySet', () => []],
  ['java.util.Collections$EmptyMap', () => ({ type: 'map', entries: [] })],
  ['java.util.Collections$SingletonList', (reader) => [reader.classAndObject()]],
  ['java.util.Collections$SingletonSet', (reader) => [reader.classAndObject()]],
  ['java.util.Collections$SingletonMap', readPair],
  ['java.util.Date', (reader) => reader.bytes.unsignedVarlong()],
  ['java.math.BigInteger', readBigInteger],
  ['java.math.BigDecimal', readBigDecimal],
  ['java.util.Locale', (reader) => [reader.bytes.string(), reader.bytes.string(), reader.bytes.string()]],
  ['nextflow.processor.TaskId', (reader) => reader.bytes.signedVarint()],
  ['nextflow.processor.TaskPath', readTaskPath],
  ['nextflow.util.MemoryUnit', (reader) => reader.bytes.signedVarlong()],
  ['nextflow.util.Duration', (reader) => reader.bytes.signedVarlong()],
  ['nextflow.util.ArrayTuple', readTuple],
  ['nextflow.util.BlankSeparatedList', readWrappedList],
  ['nextflow.util.ArrayBag', readWrappedList],
])

/** Body readers of whole families: by the end of the name. Collections write a count, maps count and pairs. */
const families: readonly (readonly [RegExp, BodyReader])[] = [
  [/^(?:java\.util|nextflow\.util)\.\w*(?:List|Set|Bag|Vector|Deque|Queue)$/, readList],
  [/^java\.util\.(?:concurrent\.)?\w*(?:Map|Hashtable)$/, readMap],
  [/^java\.util\.Arrays\$ArrayList$/, readList],
  [/^(?:org\.codehaus\.groovy\.runtime|groovy\.lang)\.GString\w*$/, readGroovyString],
]

/** After Kryo's own numbers come seven read-only collections; then Nextflow's paths, whose order changes by version. */
const FIRST_READ_ONLY = 10
const FIRST_OWN = 17

/** Reads an object's fields; a class that is not known ends the decoding. */
export function readBody(reader: KryoStream, type: Structured, early: Early): KryoValue {
  if ('registered' in type) return readRegistered(reader, type.registered, early)
  const known = readers.get(type.name) ?? families.find(([pattern]) => pattern.test(type.name))?.[1]
  if (known === undefined) throw new KryoDamage(`unknown class "${type.name}"`)
  return known(reader, early, type.name)
}

function readRegistered(reader: KryoStream, id: number, early: Early): KryoValue {
  if (id >= FIRST_READ_ONLY && id < FIRST_OWN) {
    reader.bytes.varint() // which of the seven; the number said so already
    const inner = reader.classAndObject()
    early(inner)
    return inner
  }
  return readPath(reader)
}

/**
 * What Nextflow registers by number is told by its content: a path of any file system is its scheme and path, a URL or
 * remote path one uri, a file its path. Anything else ends the decoding.
 */
function readPath(reader: KryoStream): KryoValue {
  const first = reader.bytes.string() ?? ''
  if (first.includes('://')) return toUrl(first)
  if (first.startsWith('/')) return { type: 'path', scheme: 'file', path: first }
  if (!/^[A-Za-z][A-Za-z0-9+.-]{1,31}$/.test(first)) throw new KryoDamage('an object of a class without a name')
  return { type: 'path', scheme: first.toLowerCase(), path: reader.bytes.string() ?? '' }
}

function toUrl(text: string | null): KryoValue {
  const parts = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/(.*)$/s.exec(text ?? '')
  return parts === null ? text : { type: 'path', scheme: (parts[1] ?? '').toLowerCase(), path: parts[2] ?? '' }
}

function readCount(reader: KryoStream): number {
  const count = reader.bytes.varint()
  if (count > reader.bytes.left) throw new KryoDamage('a list is longer than the value')
  return count
}

function readList(reader: KryoStream, early: Early): KryoValue {
  const list: KryoValue[] = []
  early(list)
  for (let left = readCount(reader); left > 0; left--) list.push(reader.classAndObject())
  return list
}

function readMap(reader: KryoStream, early: Early): KryoValue {
  const map: KryoMap = { type: 'map', entries: [] }
  early(map)
  for (let left = readCount(reader); left > 0; left--) readEntry(reader, map)
  return map
}

/** The pair is there before its value is complete, so that damage inside loses only what comes after. */
function readEntry(reader: KryoStream, map: KryoMap): void {
  const key = reader.classAndObject()
  map.entries.push([key, reader.classAndObject()])
}

function readPair(reader: KryoStream): KryoValue {
  return { type: 'map', entries: [[reader.classAndObject(), reader.classAndObject()]] }
}

function readSortedMap(reader: KryoStream, early: Early): KryoValue {
  reader.classAndObject() // the comparator
  return readMap(reader, early)
}

function readSortedSet(reader: KryoStream, early: Early): KryoValue {
  reader.classAndObject() // the comparator
  return readList(reader, early)
}

/** Tuples of channels: a count of four bytes. */
function readTuple(reader: KryoStream, early: Early): KryoValue {
  const list: KryoValue[] = []
  early(list)
  const count = reader.bytes.int32()
  if (count < 0 || count > reader.bytes.left) throw new KryoDamage('a tuple is longer than the value')
  for (let left = count; left > 0; left--) list.push(reader.classAndObject())
  return list
}

/** Lists that hold another list in a field of a known class: its reference, then its body. */
function readWrappedList(reader: KryoStream): KryoValue {
  return reader.object({ name: 'java.util.ArrayList' })
}

/** Arrays write their length plus one; 0 stands for null. */
function readByteArray(reader: KryoStream): KryoValue {
  const length = reader.bytes.varint()
  return length === 0 ? null : reader.bytes.take(length - 1)
}

function readStringArray(reader: KryoStream): KryoValue {
  const texts: KryoValue[] = []
  for (let left = readCount(reader) - 1; left > 0; left--) texts.push(reader.string())
  return texts
}

function readObjectArray(reader: KryoStream, early: Early): KryoValue {
  const list: KryoValue[] = []
  early(list)
  for (let left = readCount(reader) - 1; left > 0; left--) list.push(reader.classAndObject())
  return list
}

/** `"a${b}c"`: the values and the texts around them, as two arrays; becomes the text that it stands for. */
function readGroovyString(reader: KryoStream): KryoValue {
  const values = reader.object({ name: '[Ljava.lang.Object;' })
  const texts = reader.object({ name: '[Ljava.lang.String;' })
  if (!Array.isArray(values) || !Array.isArray(texts)) return null
  return texts.map((text, at) => showText(text) + showText(values[at])).join('')
}

function showText(value: KryoValue | undefined): string {
  if (value === undefined) return ''
  if (typeof value === 'object' && value !== null) return 'type' in value && value.type === 'path' ? value.path : '?'
  return String(value)
}

function readBigInteger(reader: KryoStream): number | string | null {
  const length = reader.bytes.varint()
  if (length === 0) return null
  const bytes = reader.bytes.take(length - 1)
  if (bytes.length > 64) throw new KryoDamage('a number is longer than any number')
  const hex = Buffer.from(bytes).toString('hex')
  const value = BigInt.asIntN(bytes.length * 8, BigInt(`0x${hex === '' ? '0' : hex}`))
  return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString()
}

function readBigDecimal(reader: KryoStream): KryoValue {
  const digits = readBigInteger(reader)
  const scale = reader.bytes.signedVarint()
  return digits === null ? null : Number(`${digits}e${-scale}`)
}

/** A staged input: the name in the task (alias) and the real file. */
function readTaskPath(reader: KryoStream, early: Early, name: string): KryoValue {
  const parts: KryoObject['parts'] = {}
  const value: KryoValue = { type: 'object', className: name, parts }
  early(value)
  parts.alias = reader.string()
  parts.target = reader.classAndObject()
  return value
}
