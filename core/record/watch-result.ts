import type { Call } from './call.ts'
import { withScope } from './scope.ts'

/**
 * Ends the call when its result has come: at once, with the promise, or when the generator is done. What the caller gets is
 * of the same kind. Objects with a `then` of their own (lazy queries) are results, not promises: to wait for them would start them.
 */
export function watchResult(result: unknown, call: Call, before: (value: unknown) => void): unknown {
  const done = (value: unknown): void => {
    before(value)
    call.end('succeeded', undefined)
  }
  if (result instanceof Promise) return watchPromise(result, call, done)
  if (isGenerator(result)) return watchGenerator(result, call, done)
  done(result)
  return result
}

function watchPromise(promise: Promise<unknown>, call: Call, done: (value: unknown) => void): Promise<unknown> {
  return promise.then(
    (value) => {
      done(value)
      return value
    },
    (error: unknown) => {
      call.end('failed', error)
      throw error
    },
  )
}

type AnyGenerator = Generator<unknown, unknown, unknown> | AsyncGenerator<unknown, unknown, unknown>

function isGenerator(value: unknown): value is AnyGenerator {
  if (typeof value !== 'object' || value === null) return false
  const tag = Object.prototype.toString.call(value)
  return tag === '[object Generator]' || tag === '[object AsyncGenerator]'
}

/** The same generator, whose every step runs inside the call's scope. One that nobody finishes ends with the process. */
function watchGenerator(generator: AnyGenerator, call: Call, done: (value: unknown) => void): AnyGenerator {
  const settle = (step: unknown): unknown => {
    if (isDone(step)) done(step.value)
    return step
  }
  const fail = (error: unknown): never => {
    call.end('failed', error)
    throw error
  }
  return new Proxy(generator, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key, target)
      if (typeof member !== 'function') return member
      if (key !== 'next' && key !== 'return' && key !== 'throw') {
        return key === Symbol.iterator || key === Symbol.asyncIterator
          ? function (this: unknown) {
              return this
            }
          : (...args: unknown[]): unknown => Reflect.apply(member, target, args)
      }
      return (...args: unknown[]): unknown => {
        let step: unknown
        try {
          step = withScope(call.scope, () => Reflect.apply(member, target, args) as unknown)
        } catch (error) {
          return fail(error)
        }
        return step instanceof Promise ? step.then(settle, fail) : settle(step)
      }
    },
  })
}

function isDone(step: unknown): step is { done: true; value: unknown } {
  return typeof step === 'object' && step !== null && 'done' in step && step.done === true
}
