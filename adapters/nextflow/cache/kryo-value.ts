/** A decoded Kryo value. Lists and maps may hold themselves: walk them with a depth limit. */
export type KryoValue = null | boolean | number | string | Uint8Array | KryoValue[] | KryoMap | KryoPath | KryoObject

export interface KryoMap {
  readonly type: 'map'
  readonly entries: (readonly [KryoValue, KryoValue])[]
}

/** A file as the engine had it in hand: an absolute path (scheme `file`) or a place in an object store. */
export interface KryoPath {
  readonly type: 'path'
  readonly scheme: string
  readonly path: string
}

/** An object of some class, with the parts that were read. */
export interface KryoObject {
  readonly type: 'object'
  readonly className: string
  readonly parts: Record<string, KryoValue>
}

/** The map, path or object behind a value, by its `type`. */
export function isKryo<T extends 'map' | 'path' | 'object'>(
  value: KryoValue | undefined,
  type: T,
): value is Extract<KryoValue, { type: T }> {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === type
}
