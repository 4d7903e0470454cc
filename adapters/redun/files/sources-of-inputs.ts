import type { Evidence } from '../../../core/adapter.ts'
import type { Input } from '../jobs/calls.ts'
import { groupBy } from '../group-by.ts'
import type { KnownFiles } from './known-files.ts'
import { toSecond } from './known-files.ts'
import type { Output } from './execution-files.ts'
import { outsideVersion } from './outputs.ts'
import type { Step } from '../jobs/step.ts'
import { upwards } from '../jobs/step.ts'

/** Which version of a file a step read, and how that is known. */
export interface InputVersion {
  readonly version: string
  readonly evidence: Evidence
  readonly method?: string
}

/** Resolves inputs of some steps against the outputs of their own execution first, then against what earlier ones made. */
export class InputResolver {
  private readonly known: KnownFiles
  private readonly outputs: ReadonlyMap<string, readonly Output[]>

  constructor(known: KnownFiles, outputs: readonly Output[]) {
    this.known = known
    this.outputs = groupBy(outputs, (output) => output.ref.hash)
  }

  /**
   * redun wrote down which calls an argument was computed from: if one of them, or a job below it, made the file, that
   * is recorded. Otherwise an equal value that was made before the reader began is the same file: inferred. A file
   * that nobody made is itself recorded: the argument names it and its state.
   */
  resolve(step: Step, input: Input): InputVersion {
    const { hash } = input.ref
    const here = (this.outputs.get(hash) ?? []).filter((output) => output.step.place !== step.place)
    const recorded = here.filter((output) => isUpstream(output.step, input.upstream))
    if (recorded.length > 0) return { version: latest(recorded).version, evidence: 'recorded' }
    const startMs = step.startMs ?? Infinity
    const earlier = here.filter((output) => isAbove(output.step, step) || endedBefore(output.step, startMs))
    const version = earlier.length > 0 ? latest(earlier).version : this.known.findMaker(hash, startMs)?.run
    if (version === undefined || version === outsideVersion(hash))
      return { version: outsideVersion(hash), evidence: 'recorded' }
    return { version, evidence: 'inferred', method: 'equal-value' }
  }
}

function isUpstream(step: Step, calls: ReadonlySet<string>): boolean {
  if (calls.size === 0) return false
  for (const at of upwards(step)) if (at.callHash !== undefined && calls.has(at.callHash)) return true
  return false
}

function isAbove(step: Step, below: Step): boolean {
  for (const at of upwards(below)) if (at.place === step.place) return true
  return false
}

function endedBefore(step: Step, ms: number): boolean {
  return step.endMs !== undefined && toSecond(step.endMs) <= toSecond(ms)
}

/** Runs that really ran come before cached ones, later ones before earlier ones. */
function latest(outputs: readonly Output[]): Output {
  return outputs.reduce((best, output) => {
    if (output.run.cached !== best.run.cached) return output.run.cached ? best : output
    return (output.step.endMs ?? 0) > (best.step.endMs ?? 0) ? output : best
  })
}
