import type { ArtifactPlace } from './artifact-ref.ts'

/** Any function, as a constraint: its own types stay. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- `unknown[]` would refuse functions with typed parameters
export type AnyFunction = (...args: any[]) => any

export interface TrackedOptions<F extends AnyFunction = AnyFunction> {
  /** The name of the step; default: the function's, or that of the variable it is assigned to. */
  readonly name?: string
  /** Version of the code; default: a digest of the function's source. */
  readonly version?: string
  /** Files that a call reads, from its arguments. */
  readonly inputs?: (...args: Parameters<F>) => Iterable<ArtifactPlace>
  /** Files that a call wrote, from its result and its arguments. */
  readonly outputs?: (result: Awaited<ReturnType<F>>, ...args: Parameters<F>) => Iterable<ArtifactPlace>
}
