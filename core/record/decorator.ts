import { StemmaError } from '../errors.ts'
import type { CallSite } from './code-identity.ts'
import type { AnyFunction, TrackedOptions } from './tracked-options.ts'

/** A decorator of methods, under the standard and under `experimentalDecorators`. */
export interface TrackedDecorator {
  <F extends AnyFunction>(method: F, context: ClassMethodDecoratorContext): F
  <F extends AnyFunction>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<F>,
  ): TypedPropertyDescriptor<F>
}

type Wrap = <F extends AnyFunction>(fn: F, options: TrackedOptions<F>, site: CallSite | undefined) => F

/** One function for both kinds of decorators: which one it is, its second argument tells. */
export function decorate(options: TrackedOptions, wrap: Wrap, site: CallSite | undefined): TrackedDecorator {
  const named = (name: string | symbol, owner: string | undefined): TrackedOptions =>
    options.name === undefined ? { ...options, name: owner ? `${owner}.${String(name)}` : String(name) } : options
  function decorator<F extends AnyFunction>(method: F, context: ClassMethodDecoratorContext): F
  function decorator<F extends AnyFunction>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<F>,
  ): TypedPropertyDescriptor<F>
  function decorator(first: unknown, second: unknown, descriptor?: TypedPropertyDescriptor<AnyFunction>): unknown {
    if (isContext(second)) {
      if (second.kind !== 'method' || typeof first !== 'function') throw notAMethod(second.kind, String(second.name))
      return wrap(first as AnyFunction, named(second.name, undefined), site)
    }
    if ((typeof second !== 'string' && typeof second !== 'symbol') || typeof descriptor?.value !== 'function') {
      throw notAMethod('member', String(second))
    }
    return { ...descriptor, value: wrap(descriptor.value, named(second, ownerOf(first)), site) }
  }
  return decorator
}

function isContext(value: unknown): value is { kind: string; name: string | symbol } {
  return typeof value === 'object' && value !== null && 'kind' in value && 'name' in value
}

/** Legacy: the class for static methods, its prototype for others. */
function ownerOf(target: unknown): string | undefined {
  if (typeof target === 'function') return target.name
  return typeof target === 'object' && target !== null ? target.constructor.name : undefined
}

function notAMethod(kind: string, name: string): StemmaError {
  return new StemmaError('usage.not-a-function', `@tracked() is for methods: "${name}" is a ${kind}`)
}
