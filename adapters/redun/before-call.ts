import type { Call, Input } from './calls.ts'
import type { ExecutionFiles } from './execution-files.ts'
import { argumentsHash, missingFileHash } from './fingerprint.ts'
import type { Step } from './step.ts'

const NONE: ReadonlyMap<string, string> = new Map()
const MOST_FILES = 6
const MOST_STATES = 8

/**
 * The files that each step was given, in the state in which it was given them. redun writes arguments down when the call
 * ends, and a body that writes to a `File` of its arguments changes that very object: then the later state is recorded.
 * The hash of all arguments is of the beginning, so a state that brings it about is the one that was given.
 */
export class BeforeCall {
  private readonly files: Pick<ExecutionFiles, 'statesOf'>

  constructor(files: Pick<ExecutionFiles, 'statesOf'>) {
    this.files = files
  }

  /** Whether the arguments are not those of the beginning, and files are among them. */
  isSuspect(step: Step, call: Call | undefined, inputs: readonly Input[]): call is Call {
    if (step.argsHash === undefined || call === undefined) return false
    if (!inputs.some(({ ref }) => ref.kind === 'file' && ref.stamped)) return false
    // Handles and what redun fills in itself are recorded in another state as a rule.
    return hashOf(call, NONE) !== step.argsHash && !call.args.some((arg) => arg.contents.handle !== undefined)
  }

  /** Of a suspect, when the results of all jobs are known. */
  correct(step: Step, call: Call, inputs: readonly Input[]): readonly Input[] {
    const changed = this.changedArguments(step, call)
    if (changed.size === 0) return inputs
    return inputs.map((input) => {
      const hash = changed.get(input.ref.hash)
      return hash === undefined ? input : { ...input, ref: { ...input.ref, hash } }
    })
  }

  /** By the hash that was recorded, the one that was given. */
  private changedArguments(step: Step, call: Call): ReadonlyMap<string, string> {
    const files = call.args.flatMap(({ valueHash, contents }) => contents.files.filter((ref) => ref.hash === valueHash && ref.stamped)) // prettier-ignore
    let tries: ReadonlyMap<string, string>[] = [NONE]
    for (const ref of files.slice(0, MOST_FILES)) {
      const states = this.statesOf(ref.path).filter((hash) => hash !== ref.hash).slice(-MOST_STATES) // prettier-ignore
      tries = tries.flatMap((each) => [each, ...states.map((hash) => new Map([...each, [ref.hash, hash]]))])
      const found = tries.find((each) => hashOf(call, each) === step.argsHash)
      if (found !== undefined) return found
      if (tries.length > 100) tries = [NONE]
    }
    return NONE
  }

  private statesOf(path: string): readonly string[] {
    const missing = missingFileHash(path)
    return [...this.files.statesOf(path, MOST_STATES + 1).filter((hash) => hash !== missing), missing]
  }
}

function hashOf(call: Call, changed: ReadonlyMap<string, string>): string {
  const positional: string[] = []
  const keywords = new Map<string, string>()
  for (const { position, name, valueHash } of call.args) {
    const hash = changed.get(valueHash) ?? valueHash
    if (position === undefined) keywords.set(name, hash)
    else positional.push(hash)
  }
  return argumentsHash(positional, keywords)
}
