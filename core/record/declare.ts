import { placeUri } from './artifact-ref.ts'
import type { ArtifactPlace } from './artifact-ref.ts'
import { paramValue } from './params.ts'
import { currentScope } from './scope.ts'
import type { Touched } from './touched.ts'

/** Says that the running step reads this file. Gives it back, so that it fits in where the path is used. */
export function input<P extends ArtifactPlace>(place: P, role = 'input'): P {
  touched()?.input({ ...known(place), role, evidence: 'recorded' })
  return place
}

/** Says that the running step writes this file; it is looked at when the step ends. */
export function output<P extends ArtifactPlace>(place: P, role = 'output'): P {
  touched()?.output({ ...known(place), role, evidence: 'recorded' })
  return place
}

/** Keeps a value with the running step, as a parameter beside its arguments. */
export function param<T>(name: string, value: T): T {
  touched()?.params.set(name, paramValue(value))
  return value
}

/** Outside of any recorded step there is nothing to attach to; the program goes on. */
function touched(): Touched | undefined {
  return currentScope()?.touched
}

function known(place: ArtifactPlace): Pick<Parameters<Touched['input']>[0], 'uri' | 'digest' | 'sizeBytes'> {
  const uri = placeUri(place)
  if (typeof place === 'string' || place instanceof URL) return { uri }
  const { sha256, sizeBytes } = place
  return {
    uri,
    ...(sha256 === undefined
      ? {}
      : { digest: { algorithm: 'sha256', value: sha256, scope: 'full', evidence: 'recorded' } }),
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
  }
}
