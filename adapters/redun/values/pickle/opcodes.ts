import type { PickleMachine } from './machine.ts'
import { DamagedPickle, dict, instance, sequence } from './machine.ts'
import type { PythonValue } from './python-value.ts'
import { toKind } from './python-value.ts'

type Handler = (machine: PickleMachine) => void

const LONGEST_INTEGER_BYTES = 65_536

/** Little-endian two's complement. */
function toInteger(bytes: Uint8Array): number | bigint {
  if (bytes.length > LONGEST_INTEGER_BYTES) throw new DamagedPickle('an integer beyond all bounds')
  let digits = ''
  for (const byte of bytes) digits = byte.toString(16).padStart(2, '0') + digits
  const raw = digits === '' ? 0n : BigInt(`0x${digits}`)
  const value = BigInt.asIntN(bytes.length * 8, raw)
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value
}

function remember(machine: PickleMachine, index: number): void {
  machine.memo.set(index, machine.peek())
}

function recall(machine: PickleMachine, index: number): void {
  const value = machine.memo.get(index)
  if (value === undefined) throw new DamagedPickle('recalls what was never kept')
  machine.push(value)
}

/** A call, kept as data; the two set types are the only ones that become what they would be. */
function reduce(machine: PickleMachine): void {
  const args = machine.pop()
  const callable = machine.pop()
  const made = instance(callable, args)
  const type = toKind(callable)
  const given = toKind(made.args[0])
  if (type?.kind === 'global' && type.module === 'builtins' && given !== undefined && 'items' in given) {
    if (type.name === 'set' || type.name === 'frozenset') {
      machine.push(sequence(type.name, given.items))
      return
    }
  }
  machine.push(made)
}

function build(machine: PickleMachine): void {
  const state = machine.pop()
  const target = toKind(machine.peek())
  if (target?.kind === 'object') target.state = state
}

function stackGlobal(machine: PickleMachine): void {
  const name = machine.pop()
  const module = machine.pop()
  if (typeof name !== 'string' || typeof module !== 'string') throw new DamagedPickle('a class without a name')
  machine.push({ kind: 'global', module, name })
}

function fold(count: number): Handler {
  return (machine) => {
    const items: PythonValue[] = []
    for (let at = 0; at < count; at++) items.unshift(machine.pop())
    machine.push(sequence('tuple', items))
  }
}

function newObject(machine: PickleMachine): void {
  const args = machine.pop()
  machine.push(instance(machine.pop(), args))
}

function opaque(why: string): Handler {
  return (machine) => {
    machine.push({ kind: 'opaque', why })
  }
}

const plain: Record<string, Handler> = {
  '(': (m) => { m.mark() },
  '0': (m) => { m.drop() },
  '1': (m) => { m.popToMark() },
  '2': (m) => { m.push(m.peek()) },
  N: (m) => { m.push(null) },
  '\x88': (m) => { m.push(true) },
  '\x89': (m) => { m.push(false) },
  J: (m) => { m.push(m.signed32()) },
  K: (m) => { m.push(m.unsigned(1)) },
  M: (m) => { m.push(m.unsigned(2)) },
  G: (m) => { m.push({ kind: 'float', value: m.double() }) },
  '\x8a': (m) => { m.push(toInteger(m.take(m.unsigned(1)))) },
  '\x8b': (m) => { m.push(toInteger(m.take(m.signed32()))) },
  X: (m) => { m.push(m.string(m.unsigned(4))) },
  '\x8c': (m) => { m.push(m.string(m.unsigned(1))) },
  '\x8d': (m) => { m.push(m.string(m.unsigned(8))) },
  B: (m) => { m.push(m.take(m.unsigned(4)).slice()) },
  C: (m) => { m.push(m.take(m.unsigned(1)).slice()) },
  '\x8e': (m) => { m.push(m.take(m.unsigned(8)).slice()) },
  '\x96': (m) => { m.push(m.take(m.unsigned(8)).slice()) },
  ']': (m) => { m.push(sequence('list', [])) },
  ')': (m) => { m.push(sequence('tuple', [])) },
  '}': (m) => { m.push(dict()) },
  '\x8f': (m) => { m.push(sequence('set', [])) },
  l: (m) => { m.push(sequence('list', m.popToMark())) },
  t: (m) => { m.push(sequence('tuple', m.popToMark())) },
  d: (m) => { m.push(dict(m.popToMark())) },
  '\x91': (m) => { m.push(sequence('frozenset', m.popToMark())) },
  '\x85': fold(1),
  '\x86': fold(2),
  '\x87': fold(3),
  a: (m) => { m.append([m.pop()]) },
  e: (m) => { m.append(m.popToMark()) },
  '\x90': (m) => { m.append(m.popToMark()) },
  s: (m) => { const value = m.pop(); m.setItems([m.pop(), value]) },
  u: (m) => { m.setItems(m.popToMark()) },
  c: (m) => { const module = m.line(); m.push({ kind: 'global', module, name: m.line() }) },
  '\x93': stackGlobal,
  R: reduce,
  '\x81': newObject,
  '\x92': (m) => { m.pop(); newObject(m) },
  b: build,
  q: (m) => { remember(m, m.unsigned(1)) },
  r: (m) => { remember(m, m.unsigned(4)) },
  '\x94': (m) => { remember(m, m.memo.size) },
  h: (m) => { recall(m, m.unsigned(1)) },
  j: (m) => { recall(m, m.unsigned(4)) },
  '\x80': (m) => { if (m.unsigned(1) > 5) throw new DamagedPickle('a protocol from the future') },
  '\x95': (m) => { m.unsigned(8) },
  // Never written by redun itself; kept as marks in the data so that the rest stays readable.
  P: (m) => { m.line(); opaque('persistent id')(m) },
  Q: (m) => { m.pop(); opaque('persistent id')(m) },
  '\x82': (m) => { m.unsigned(1); opaque('extension')(m) },
  '\x83': (m) => { m.unsigned(2); opaque('extension')(m) },
  '\x84': (m) => { m.unsigned(4); opaque('extension')(m) },
  '\x97': opaque('buffer'),
  '\x98': () => undefined,
} // prettier-ignore

/** What each opcode does to the machine, by its byte. STOP is not here. */
export const opcodes: ReadonlyMap<number, Handler> = new Map(
  Object.entries(plain).map(([opcode, handler]) => [opcode.charCodeAt(0), handler]),
)
