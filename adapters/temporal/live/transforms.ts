import { transformUid } from '../../../core/adapter.ts'
import type { TransformFact } from '../../../core/adapter.ts'
import { ENGINE } from '../keys.ts'

/** The same transforms as histories give. */
export function temporalTransform(type: 'workflow' | 'activity' | 'function', name: string): TransformFact {
  return { kind: 'transform', uid: transformUid(ENGINE, `${type}:${name}`), name, type, engine: ENGINE }
}
