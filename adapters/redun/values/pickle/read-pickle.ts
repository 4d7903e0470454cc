import type { PickleLimits } from './machine.ts'
import { DamagedPickle, PickleMachine } from './machine.ts'
import { opcodes } from './opcodes.ts'
import type { PythonValue } from './python-value.ts'

export type PickleResult =
  { readonly ok: true; readonly value: PythonValue } | { readonly ok: false; readonly why: string }

const STOP = 0x2e
const PROTO = 0x80

/** What does not even begin like one. */
export const NO_PICKLE = 'no pickle'

export const PICKLE_LIMITS: PickleLimits = { maxBytes: 16 * 1024 * 1024, maxOpcodes: 4_000_000 }

/**
 * Reads a pickle opcode by opcode into inert data. Nothing is imported or called, so a hostile pickle is only text.
 * All of redun's pickles begin with PROTO; what does not is a blob of another kind (a `FileCache` value is a file name).
 */
export function readPickle(bytes: Uint8Array, limits: PickleLimits = PICKLE_LIMITS): PickleResult {
  if (bytes[0] !== PROTO) return { ok: false, why: NO_PICKLE }
  if (bytes.length > limits.maxBytes) return { ok: false, why: `larger than ${String(limits.maxBytes)} bytes` }
  const machine = new PickleMachine(bytes)
  try {
    for (let count = 0; count < limits.maxOpcodes; count++) {
      const opcode = machine.byte()
      if (opcode === STOP) return { ok: true, value: machine.pop() }
      const handler = opcodes.get(opcode)
      if (handler === undefined) return { ok: false, why: `unknown opcode 0x${opcode.toString(16)}` }
      handler(machine)
    }
    return { ok: false, why: `more than ${String(limits.maxOpcodes)} opcodes` }
  } catch (error) {
    if (error instanceof DamagedPickle) return { ok: false, why: error.message }
    throw error
  }
}
