import type { PythonValue } from './python-value.ts'

const PROTO = Buffer.from([0x80, 3])
const STOP = Buffer.from('.')

/** The pickle that Python writes of a plain value (protocol 3), to compute redun's hash of it; `undefined` for others. */
export function encodePlain(value: PythonValue): Uint8Array | undefined {
  const body = bodyOf(value)
  return body === undefined ? undefined : Buffer.concat([PROTO, body, STOP])
}

function bodyOf(value: PythonValue): Buffer | undefined {
  if (value === null) return Buffer.from('N')
  if (typeof value === 'boolean') return Buffer.from([value ? 0x88 : 0x89])
  if (typeof value === 'number') return integer(value)
  if (typeof value === 'string') {
    const text = Buffer.from(value)
    const length = Buffer.alloc(4)
    length.writeUInt32LE(text.length)
    return Buffer.concat([Buffer.from('X'), length, text, Buffer.from('q\0')])
  }
  if (typeof value === 'object' && 'kind' in value && value.kind === 'float') {
    const bytes = Buffer.alloc(8)
    bytes.writeDoubleBE(value.value)
    return Buffer.concat([Buffer.from('G'), bytes])
  }
  return undefined
}

function integer(value: number): Buffer | undefined {
  if (value >= 0 && value < 256) return Buffer.from([0x4b, value])
  if (value >= 0 && value < 65_536) return Buffer.from([0x4d, value & 255, value >> 8])
  if (value < -(2 ** 31) || value >= 2 ** 31) return undefined
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(value)
  return Buffer.concat([Buffer.from('J'), bytes])
}
