import type { Argument, Call, Input } from '../jobs/calls.ts'
import type { ContentsReader } from '../values/contents.ts'
import type { ExecutionFiles } from './execution-files.ts'
import type { FileRef } from '../values/file-refs.ts'
import { argumentsHash, missingFileHash, pickleHash } from '../values/fingerprint.ts'
import type { Step } from '../jobs/step.ts'

/** What may have been given: hashes that were recorded, with those of before. */
interface Given {
  /** Of whole arguments. */
  readonly values: ReadonlyMap<string, string>
  /** Of the files in them. */
  readonly files: ReadonlyMap<string, string>
}

const AS_RECORDED: Given = { values: new Map(), files: new Map() }
const MOST_ARGUMENTS = 6
const MOST_STATES = 8
const MOST_TRIES = 100
/** Files of a list or dict that are tried one by one. */
const MOST_ALONE = 20

/**
 * The files that each step was given, in the state in which it was given them. redun writes arguments down when the call
 * ends, and a body that writes to a `File` of its arguments changes that very object, in a list or dict too: then the
 * later state is recorded. The hash of all arguments is of the beginning, so a state that brings it about is the one that
 * was given.
 */
export class BeforeCall {
  private readonly files: Pick<ExecutionFiles, 'statesOf'>
  private readonly contents: Pick<ContentsReader, 'readBytes'>

  constructor(files: Pick<ExecutionFiles, 'statesOf'>, contents: Pick<ContentsReader, 'readBytes'>) {
    this.files = files
    this.contents = contents
  }

  /** Whether the arguments are not those of the beginning, and files are among them. */
  isSuspect(step: Step, call: Call | undefined, inputs: readonly Input[]): call is Call {
    if (step.argsHash === undefined || call === undefined) return false
    if (!inputs.some(({ ref }) => isChangeable(ref))) return false
    // Handles and what redun fills in itself are recorded in another state as a rule.
    return hashOf(call, AS_RECORDED) !== step.argsHash && !call.args.some((arg) => arg.contents.handle !== undefined)
  }

  /** Of a suspect, when the results of all jobs are known. */
  async correct(step: Step, call: Call, inputs: readonly Input[]): Promise<readonly Input[]> {
    const { files } = await this.findGiven(step, call)
    return inputs.map((input) => {
      const hash = files.get(input.ref.hash)
      return hash === undefined ? input : { ...input, ref: { ...input.ref, hash } }
    })
  }

  private async findGiven(step: Step, call: Call): Promise<Given> {
    const changeable = call.args.filter(({ contents }) => contents.files.some(isChangeable)).slice(0, MOST_ARGUMENTS)
    let tries: Given[] = [AS_RECORDED]
    for (const arg of changeable) {
      const others = await this.otherStates(arg)
      tries = tries.flatMap((each) => [each, ...others.map((other) => together(each, other))])
      const found = tries.find((each) => hashOf(call, each) === step.argsHash)
      if (found !== undefined) return found
      if (tries.length > MOST_TRIES) tries = [AS_RECORDED]
    }
    return AS_RECORDED
  }

  private async otherStates({ valueHash, contents }: Argument): Promise<readonly Given[]> {
    const states = contents.files
      .filter(isChangeable)
      .map((ref) => [ref.hash, this.statesOf(ref)] as const)
      .filter(([, others]) => others.length > 0)
    const [own] = states
    if (own?.[0] === valueHash)
      return own[1].map((hash) => ({ values: new Map([[valueHash, hash]]), files: new Map([[valueHash, hash]]) }))
    const bytes = await this.contents.readBytes(valueHash)
    // Only values that are hashed by their pickles can be put back.
    if (bytes === undefined || pickleHash(bytes) !== valueHash) return []
    return plansOf(states).map((files) => ({ values: new Map([[valueHash, hashWith(bytes, files)]]), files }))
  }

  /** Other states of a file, the likeliest first: those that calls returned, the last ones before others. */
  private statesOf({ path, hash }: FileRef): readonly string[] {
    const returned = this.files.statesOf(path, MOST_STATES + 1).filter((state) => state !== hash)
    return [...new Set([...returned.reverse().slice(0, MOST_STATES), missingFileHash(path)])].filter((state) => state !== hash) // prettier-ignore
  }
}

/** Which files of a container may have been in which state: all of them changed, or one. */
function plansOf(
  states: readonly (readonly [hash: string, others: readonly string[]])[],
): readonly Map<string, string>[] {
  const most = Math.max(0, ...states.map(([, others]) => others.length))
  const all = Array.from({ length: most }, (_, at) => new Map(states.map(([hash, others]) => [hash, others[at] ?? others.at(-1) ?? hash]))) // prettier-ignore
  const alone = states.slice(0, MOST_ALONE).flatMap(([hash, others]) => others.map((other) => new Map([[hash, other]])))
  return [...all, ...alone].slice(0, MOST_TRIES)
}

/** The pickle's hash if it held these states: a hash is replaced by one of the same length. */
function hashWith(bytes: Uint8Array, files: ReadonlyMap<string, string>): string {
  let text = Buffer.from(bytes).toString('latin1')
  for (const [recorded, given] of files) text = text.replaceAll(recorded, given)
  return pickleHash(Buffer.from(text, 'latin1'))
}

function isChangeable(ref: FileRef): boolean {
  return ref.kind === 'file' && ref.stamped
}

function together(a: Given, b: Given): Given {
  return { values: new Map([...a.values, ...b.values]), files: new Map([...a.files, ...b.files]) }
}

function hashOf(call: Call, { values }: Given): string {
  const positional: string[] = []
  const keywords = new Map<string, string>()
  for (const { position, name, valueHash } of call.args) {
    const hash = values.get(valueHash) ?? valueHash
    if (position === undefined) keywords.set(name, hash)
    else positional.push(hash)
  }
  return argumentsHash(positional, keywords)
}
