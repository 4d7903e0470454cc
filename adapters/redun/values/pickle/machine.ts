import type { PythonDict, PythonObject, PythonSequence, PythonValue } from './python-value.ts'
import { toKind } from './python-value.ts'

/** Thrown inside the reader only: `readPickle` turns it into a result. */
export class DamagedPickle extends Error {}

/** Upper bounds of what one pickle may ask for. */
export interface PickleLimits {
  readonly maxBytes: number
  readonly maxOpcodes: number
}

const MARK = Symbol('mark')
const LONGEST_LINE = 4096

/** The stack machine behind a pickle: reads operands with bounds and builds inert values. */
export class PickleMachine {
  readonly memo = new Map<number, PythonValue>()
  private readonly stack: (PythonValue | typeof MARK)[] = []
  private readonly view: DataView
  private readonly bytes: Uint8Array
  private readonly text = new TextDecoder()
  private at = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  byte(): number {
    const value = this.bytes[this.at]
    if (value === undefined) throw new DamagedPickle('ends in the middle')
    this.at += 1
    return value
  }

  take(length: number): Uint8Array {
    if (length < 0 || this.at + length > this.bytes.length) throw new DamagedPickle('a length beyond the end')
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
  }

  /** A little-endian unsigned number of 1, 2, 4 or 8 bytes. */
  unsigned(size: 1 | 2 | 4 | 8): number {
    const start = this.at
    this.take(size)
    if (size === 1) return this.view.getUint8(start)
    if (size === 2) return this.view.getUint16(start, true)
    if (size === 4) return this.view.getUint32(start, true)
    const value = this.view.getBigUint64(start, true)
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new DamagedPickle('a length beyond the end')
    return Number(value)
  }

  signed32(): number {
    this.take(4)
    return this.view.getInt32(this.at - 4, true)
  }

  /** A big-endian IEEE double. */
  double(): number {
    this.take(8)
    return this.view.getFloat64(this.at - 8, false)
  }

  string(length: number): string {
    return this.text.decode(this.take(length))
  }

  /** Text up to the next newline; a pickle without one is damaged, not endless. */
  line(): string {
    const end = this.bytes.subarray(this.at, this.at + LONGEST_LINE).indexOf(10)
    if (end < 0) throw new DamagedPickle('a name without an end')
    const text = this.string(end)
    this.at += 1
    return text
  }

  push(value: PythonValue): void {
    this.stack.push(value)
  }

  mark(): void {
    this.stack.push(MARK)
  }

  pop(): PythonValue {
    const value = this.stack.pop()
    if (value === undefined || typeof value === 'symbol') throw new DamagedPickle('takes from an empty stack')
    return value
  }

  peek(): PythonValue {
    const value = this.stack.at(-1)
    if (value === undefined || typeof value === 'symbol') throw new DamagedPickle('looks at an empty stack')
    return value
  }

  /** POP takes a mark as well. */
  drop(): void {
    if (this.stack.pop() === undefined) throw new DamagedPickle('takes from an empty stack')
  }

  /** Everything above the last mark, which goes too. */
  popToMark(): PythonValue[] {
    const at = this.stack.lastIndexOf(MARK)
    if (at < 0) throw new DamagedPickle('a mark is missing')
    const values: PythonValue[] = []
    for (const value of this.stack.splice(at)) if (typeof value !== 'symbol') values.push(value)
    return values
  }

  append(items: readonly PythonValue[]): void {
    const target = toKind(this.peek())
    if (target !== undefined && 'items' in target) for (const item of items) target.items.push(item)
    else throw new DamagedPickle('appends to something that is no list')
  }

  setItems(pairs: readonly PythonValue[]): void {
    const target = toKind(this.peek())
    if (target === undefined || !('entries' in target)) throw new DamagedPickle('sets an item of no dict')
    for (let at = 0; at + 1 < pairs.length; at += 2) target.entries.push([pairs[at] ?? null, pairs[at + 1] ?? null])
  }
}

export function sequence(kind: PythonSequence['kind'], items: PythonValue[]): PythonSequence {
  return { kind, items }
}

export function dict(pairs: readonly PythonValue[] = []): PythonDict {
  const entries: [PythonValue, PythonValue][] = []
  for (let at = 0; at + 1 < pairs.length; at += 2) entries.push([pairs[at] ?? null, pairs[at + 1] ?? null])
  return { kind: 'dict', entries }
}

export function instance(type: PythonValue, args: PythonValue): PythonObject {
  const given = toKind(args)
  return {
    kind: 'object',
    type,
    args: given?.kind === 'tuple' ? given.items : [],
    state: undefined,
    items: [],
    entries: [],
  }
}
