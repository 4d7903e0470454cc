import type { KryoBytes } from './kryo-bytes.ts'
import type { KryoValue } from './kryo-value.ts'

/** In the order of Kryo's own numbers. */
export const primitives = [
  'int',
  'string',
  'float',
  'boolean',
  'byte',
  'char',
  'short',
  'long',
  'double',
  'void',
] as const
export type Primitive = (typeof primitives)[number]

/** One class tag met in the stream. */
export type KryoClass = { readonly primitive: Primitive } | Structured

/** Everything but the primitives. */
export type Structured = { readonly name: string } | { readonly registered: number }

/** What the fields of an object are read from. */
export interface KryoStream {
  readonly bytes: KryoBytes
  /** A value whose class stands before it. */
  classAndObject(): KryoValue
  /** A value whose class is known from its place. */
  object(type: KryoClass): KryoValue
  string(): KryoValue
}
