import { KryoBytes, KryoDamage } from './kryo-bytes.ts'
import { readBody } from './kryo-classes.ts'
import { primitives, type KryoClass, type KryoStream, type Primitive, type Structured } from './kryo-stream.ts'
import type { KryoValue } from './kryo-value.ts'

/** A value and, when not all of it could be decoded, the reason; `value` then holds what came before. */
export interface KryoResult {
  readonly value: KryoValue
  readonly problem?: string
}

const MOST_DEPTH = 64
const MOST_VALUES = 2_000_000

/**
 * Decodes what Kryo 2.24 wrote with `writeClassAndObject`. Classes of the pipeline's own (or of plugins) are not known
 * and have no length, so decoding stops there and keeps what it has. Nothing is ever instantiated.
 */
export function decodeKryo(bytes: Uint8Array): KryoResult {
  const reader = new KryoReader(bytes)
  try {
    return { value: reader.classAndObject() }
  } catch (cause) {
    if (!(cause instanceof KryoDamage)) throw cause
    return { value: reader.outermost, problem: cause.message }
  }
}

const PRIMITIVE_CLASSES: readonly KryoClass[] = primitives.map((primitive) => ({ primitive }))
const STRING: KryoClass = { primitive: 'string' }

/** Reads classes, references and bodies; containers are filled while they are read, so damage keeps what came before. */
class KryoReader implements KryoStream {
  readonly bytes: KryoBytes
  outermost: KryoValue = null
  readonly #names: string[] = []
  readonly #objects: KryoValue[] = []
  #depth = 0
  #values = 0

  constructor(bytes: Uint8Array) {
    this.bytes = new KryoBytes(bytes)
  }

  classAndObject(): KryoValue {
    const type = this.#class()
    return type === null ? null : this.object(type)
  }

  /** An object whose class is known from its place: reference, then body. */
  object(type: KryoClass): KryoValue {
    if (++this.#values > MOST_VALUES) throw new KryoDamage('too many values')
    if ('primitive' in type && type.primitive !== 'string') return this.#primitive(type.primitive)
    const reference = this.bytes.varint()
    if (reference === 0) return null
    if (reference > 1) return this.#known(reference - 2)
    const index = this.#objects.push(null) - 1
    const value = 'primitive' in type ? this.bytes.string() : this.#body(type, index)
    this.#keep(index, value)
    return value
  }

  #body(type: Structured, index: number): KryoValue {
    if (this.#depth >= MOST_DEPTH) throw new KryoDamage('values are nested too deep')
    this.#depth++
    const value = readBody(this, type, (early) => {
      this.#keep(index, early)
    })
    this.#depth--
    return value
  }

  string(): KryoValue {
    return this.object(STRING)
  }

  #keep(index: number, value: KryoValue): void {
    this.#objects[index] = value
    if (index === 0) this.outermost = value
  }

  #known(index: number): KryoValue {
    const value = this.#objects[index]
    if (value === undefined) throw new KryoDamage('a reference points to nothing')
    return value
  }

  #class(): KryoClass | null {
    const tag = this.bytes.varint()
    if (tag === 0) return null
    if (tag === 1) return { name: this.#className() }
    return PRIMITIVE_CLASSES[tag - 2] ?? { registered: tag - 2 }
  }

  #className(): string {
    const id = this.bytes.varint()
    const known = this.#names[id]
    if (known !== undefined) return known
    const name = this.bytes.string()
    if (id !== this.#names.length || name === null || name.length > 1024) throw new KryoDamage('a class has no name')
    this.#names.push(name)
    return name
  }

  #primitive(type: Exclude<Primitive, 'string'>): KryoValue {
    switch (type) {
      case 'int':
        return this.bytes.signedVarint()
      case 'long':
        return this.bytes.signedVarlong()
      case 'float':
        return this.bytes.float()
      case 'double':
        return this.bytes.double()
      case 'boolean':
        return this.bytes.byte() !== 0
      case 'byte':
        return (this.bytes.byte() << 24) >> 24
      case 'short':
        return this.bytes.int16()
      case 'char':
        return String.fromCharCode(this.bytes.int16() & 0xffff)
      case 'void':
        return null
    }
  }
}
