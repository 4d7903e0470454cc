import { createHash } from 'node:crypto'
import { StemmaError } from '../errors.ts'
import { transformUid } from '../fact/uid.ts'
import type { TransformFact } from '../fact/fact.ts'
import { placeUri } from './artifact-ref.ts'
import { beginCall, ENGINE } from './call.ts'
import type { Call } from './call.ts'
import { callSite, nameAtCallSite } from './code-identity.ts'
import { decorate } from './decorator.ts'
import type { TrackedDecorator } from './decorator.ts'
import { noteArguments, noteResult } from './detect.ts'
import { parameterNames } from './parameter-names.ts'
import { paramsOf } from './params.ts'
import { heedSecrets, processRecorder } from './process-recorder.ts'
import { withScope } from './scope.ts'
import type { AnyFunction, TrackedOptions } from './tracked-options.ts'
import { watchResult } from './watch-result.ts'

/**
 * The same function, whose calls are recorded: arguments, outcome, times, files read and written, and the calls inside.
 * It keeps type, name, length, `this`, the sync or async nature and what it throws. Without a function: a decorator for
 * methods, standard or legacy.
 *
 * @example
 * const align = tracked(async (reads: string) => `${reads}.bam`)
 */
export function tracked<F extends AnyFunction>(fn: F, options?: TrackedOptions<F>): F
export function tracked(options?: TrackedOptions): TrackedDecorator
export function tracked<F extends AnyFunction>(
  first?: F | TrackedOptions,
  options: TrackedOptions<F> = {},
): F | TrackedDecorator {
  return typeof first === 'function' ? wrap(first, options, callSite()) : decorate(first ?? {}, wrap, callSite())
}

/** What is known of a tracked function before it is called. */
interface Definition {
  readonly transform: TransformFact
  readonly parameters: readonly (string | undefined)[]
}

function wrap<F extends AnyFunction>(fn: F, options: TrackedOptions<F>, site: ReturnType<typeof callSite>): F {
  const source = Function.prototype.toString.call(fn)
  if (/^class\b/.test(source)) {
    throw new StemmaError('usage.not-a-function', `a class cannot be tracked: "${fn.name}"`)
  }
  const definition = define(fn, source, options, site)
  const recorded = function (this: unknown, ...args: Parameters<F>): unknown {
    const call = begin(definition, args)
    if (call === undefined) return Reflect.apply(fn, this, args)
    let result: unknown
    try {
      noteStart(call, options, args)
      result = withScope(call.scope, () => Reflect.apply(fn, this, args) as unknown)
    } catch (error) {
      call.end('failed', error)
      throw error
    }
    return watchResult(result, call, (value) => {
      noteEnd(call, options, value, args)
    })
  }
  return keepIdentity(recorded, fn, definition.transform.name)
}

/** Name, length and own members of the function; a proxy would cost more at every call. */
function keepIdentity<F extends AnyFunction>(recorded: AnyFunction, fn: F, name: string): F {
  const members = Object.getOwnPropertyDescriptors(fn)
  delete members.prototype // a plain function's own; the wrapper has one
  Object.defineProperties(recorded, members)
  if (fn.name === '') Object.defineProperty(recorded, 'name', { value: name, configurable: true })
  return isLike(recorded, fn) ? recorded : fn
}

/** The wrapper takes and gives what the function does. */
function isLike<F extends AnyFunction>(recorded: AnyFunction, fn: F): recorded is F {
  return recorded.length === fn.length
}

function define<F extends AnyFunction>(
  fn: F,
  source: string,
  options: TrackedOptions<F>,
  site: ReturnType<typeof callSite>,
): Definition {
  const name = options.name ?? (fn.name === '' ? (nameAtCallSite(site) ?? anonymous(site)) : fn.name)
  const digest = createHash('sha256').update(source).digest('hex')
  const version = options.version ?? digest.slice(0, 12)
  const transform: TransformFact = {
    kind: 'transform',
    uid: transformUid(ENGINE, `function:${name}`, version),
    name,
    type: 'function',
    engine: ENGINE,
    version,
    sourceDigest: { algorithm: 'sha256', value: digest, scope: 'full', evidence: 'observed' },
    ...(site === undefined ? {} : { sourcePath: site.path }),
  }
  return { transform, parameters: parameterNames(source) }
}

function anonymous(site: ReturnType<typeof callSite>): string {
  return site === undefined ? '(anonymous)' : `(anonymous at ${site.path.split('/').at(-1) ?? ''}:${site.line})`
}

/** `undefined` when the call cannot be recorded: then it runs as if it were not tracked. */
function begin(definition: Definition, args: readonly unknown[]): Call | undefined {
  try {
    const { transform, parameters } = definition
    if (args.some((value) => typeof value === 'object' && value !== null)) heedSecrets(args)
    return beginCall({ transform, name: transform.name, params: paramsOf(parameters, args) })
  } catch (error) {
    surrender(error)
    return undefined
  }
}

/** Declared and detected files; a function of the user's that fails here costs only what it should have said. */
function noteStart(call: Call, options: TrackedOptions, args: readonly unknown[]): void {
  try {
    for (const place of options.inputs?.(...args) ?? []) {
      call.scope.touched.input({ uri: placeUri(place), role: 'inputs', evidence: 'recorded' })
    }
    if (call.detect) noteArguments(call.scope.touched, args)
  } catch (error) {
    surrender(error)
  }
}

function noteEnd(call: Call, options: TrackedOptions, value: unknown, args: readonly unknown[]): void {
  try {
    for (const place of options.outputs?.(value, ...args) ?? []) {
      call.scope.touched.output({ uri: placeUri(place), role: 'outputs', evidence: 'recorded' })
    }
    if (call.detect) noteResult(call.scope.touched, value, args)
  } catch (error) {
    surrender(error)
  }
}

/** Recording never fails the work, unless it was asked to. */
function surrender(error: unknown): void {
  if (processRecorder().options.strict) throw error
  const message = error instanceof Error ? error.message : String(error)
  process.emitWarning(`a call was not recorded whole: ${message}`, 'StemmaWarning')
}
