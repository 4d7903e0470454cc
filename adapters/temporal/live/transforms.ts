import { transformUid } from '../../../core/adapter.ts'
import type { TransformFact } from '../../../core/adapter.ts'
import { ENGINE } from '../keys.ts'

const known = new Map<string, TransformFact>()
/** A worker has a few hundred types; names made up at run time must not pile up. */
const MOST_KNOWN = 10_000

/** The same transforms as histories give. */
export function temporalTransform(type: 'workflow' | 'activity' | 'function', name: string): TransformFact {
  const key = `${type}:${name}`
  let transform = known.get(key)
  if (transform === undefined) {
    if (known.size >= MOST_KNOWN) known.clear()
    transform = { kind: 'transform', uid: transformUid(ENGINE, key), name, type, engine: ENGINE }
    known.set(key, transform)
  }
  return transform
}
