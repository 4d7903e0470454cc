import type { Call, Input } from './calls.ts'
import { callOf } from './calls.ts'
import { argumentsHash, missingFileHash } from './fingerprint.ts'
import type { Step } from './steps.ts'

const MOST_FILES = 6
const MOST_STATES = 8

/**
 * The files that each step was given, in the state in which it was given them. redun writes arguments down when the call
 * ends, and a body that writes to a `File` of its arguments changes that very object: then the later state is recorded.
 * The hash of all arguments is of the beginning, so a state that brings it about is the one that was given.
 */
export class BeforeCall {
  private readonly calls: ReadonlyMap<string, Call>
  /** States of each path that some call returned; made when first needed. */
  private states: ReadonlyMap<string, ReadonlySet<string>> | undefined

  constructor(calls: ReadonlyMap<string, Call>) {
    this.calls = calls
  }

  correct(step: Step, inputs: readonly Input[]): readonly Input[] {
    const call = callOf(step, this.calls)
    const local = inputs.filter(({ ref }) => ref.kind === 'file' && ref.stamped)
    if (local.length === 0 || call === undefined) return inputs
    const changed = this.changedArguments(step, call)
    if (changed.size === 0) return inputs
    return inputs.map((input) => {
      const hash = changed.get(input.ref.hash)
      return hash === undefined ? input : { ...input, ref: { ...input.ref, hash } }
    })
  }

  /** By the hash that was recorded, the one that was given. */
  private changedArguments(step: Step, call: Call): ReadonlyMap<string, string> {
    const none = new Map<string, string>()
    if (step.argsHash === undefined || hashOf(call, none) === step.argsHash) return none
    // Handles and what redun fills in itself are recorded in another state as a rule.
    if (call.args.some((arg) => arg.contents.handle !== undefined)) return none
    const files = call.args.flatMap(({ valueHash, contents }) => contents.files.filter((ref) => ref.hash === valueHash && ref.stamped)) // prettier-ignore
    let tries: ReadonlyMap<string, string>[] = [none]
    for (const ref of files.slice(0, MOST_FILES)) {
      const states = [...this.statesOf(ref.path)].filter((hash) => hash !== ref.hash).slice(-MOST_STATES)
      tries = tries.flatMap((each) => [each, ...states.map((hash) => new Map([...each, [ref.hash, hash]]))])
      const found = tries.find((each) => hashOf(call, each) === step.argsHash)
      if (found !== undefined) return found
      if (tries.length > 100) tries = [none]
    }
    return none
  }

  private statesOf(path: string): ReadonlySet<string> {
    this.states ??= statesIn(this.calls)
    return new Set([...(this.states.get(path) ?? []), missingFileHash(path)])
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

function statesIn(calls: ReadonlyMap<string, Call>): ReadonlyMap<string, ReadonlySet<string>> {
  const states = new Map<string, Set<string>>()
  for (const { result } of calls.values()) {
    for (const ref of result?.files ?? []) {
      const known = states.get(ref.path)
      if (known === undefined) states.set(ref.path, new Set([ref.hash]))
      else known.add(ref.hash)
    }
  }
  return states
}
