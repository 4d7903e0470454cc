import type { RunFact } from '../../../core/adapter.ts'
import type { Pipeline } from './pipeline.ts'

type Params = NonNullable<RunFact['params']>

/** The parameters of a run as far as they are known. */
export interface RunParams {
  readonly values: Params
}

/** Puts the parameters together, each from the best source that has it. */
export function runParams(pipeline: Pipeline): RunParams {
  const values: Params = {}
  for (const record of [...pipeline.records].reverse()) Object.assign(values, record.params ?? {})
  return { values }
}
